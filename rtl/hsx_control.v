// Running and holding, time, and the totals (contract section 5).
//
// The memory stage commits instructions one at a time; between two of them,
// while `boundary` is high, this unit may make a tick (tick_fire, one event of
// its own) or hold the core. An instruction may begin only with begin_ok.
// `flush` follows, one cycle later, each commit that asks for it and each
// hold: everything younger is squashed in that cycle. In the cycle of flush
// nothing commits. `held` rises when the last event has left the pipeline.
//
// Order on `go`: a pending tick, then the step budget, then an empty queue.
// Otherwise a used-up budget holds before a tick, which then stays pending.
//
// Registers: word addresses of the host map's control page; reads are
// combinational.
`default_nettype none

module hsx_control #(
  parameter CONTEXTS  = 16,
  parameter WINDOWS   = 16,
  parameter SLOT_BITS = 4,
  parameter RING_BITS = 5
) (
  input  wire                 clk,
  input  wire                 rst,

  input  wire                 boundary,
  input  wire                 queue_empty,
  input  wire                 commit,
  input  wire [2:0]           commit_event,
  input  wire [SLOT_BITS-1:0] commit_slot,
  input  wire [11:0]          commit_imm,
  input  wire                 commit_flush,

  output reg                  running,
  output wire                 begin_ok,
  output wire                 tick_fire,
  output reg                  flush,
  output reg  [31:0]          order,

  output wire                 held,
  output wire                 idle,
  output reg                  trap_valid,
  output reg  [2:0]           trap_kind,
  output reg  [7:0]           trap_slot,
  output reg  [11:0]          trap_imm,

  input  wire                 host_we,
  input  wire [5:0]           host_addr,
  input  wire [31:0]          host_wdata,
  output reg  [31:0]          host_rdata,
  input  wire [7:0]           turn_left,
  input  wire [RING_BITS-1:0] queue_count,
  input  wire                 queue_valid,
  input  wire [SLOT_BITS-1:0] queue_head
);
`include "hsx_isa.vh"

  localparam [3:0] STOP_HOST = 4'd15;

  localparam [5:0] CTRL        = 6'h00;
  localparam [5:0] STATUS      = 6'h01;
  localparam [5:0] HOLD_MASK   = 6'h02;
  localparam [5:0] STEP_BUDGET = 6'h03;
  localparam [5:0] STEPS       = 6'h04;
  localparam [5:0] ORDER       = 6'h05;
  localparam [5:0] CYCLES      = 6'h06;
  localparam [5:0] NOW         = 6'h07;
  localparam [5:0] ALARM       = 6'h08;
  localparam [5:0] ALARM_ARMED = 6'h09;
  localparam [5:0] TICK_STEPS  = 6'h0A;
  localparam [5:0] TICK_PHASE  = 6'h0B;
  localparam [5:0] QUEUE_POP   = 6'h0D;
  localparam [5:0] QUEUE_COUNT = 6'h0E;
  localparam [5:0] TURN_LEFT   = 6'h0F;
  localparam [5:0] COUNT_EVENT = 6'h10;
  localparam [5:0] JUMP        = 6'h11;
  localparam [5:0] IDENTITY    = 6'h1F;

  reg        hold_wanted;
  reg        fresh;        // no boundary since go
  reg [2:0]  drain;        // shifts ones in while held
  reg [3:0]  cause;
  reg [7:0]  hold_mask;    // by the numbers of HSX_STOP_*
  reg [31:0] budget;
  reg        budget_zero;
  reg        budget_limited;
  reg [31:0] steps;
  reg [31:0] cycles;
  reg [31:0] now;
  reg [31:0] next_now;
  reg [31:0] alarm;
  reg        alarm_armed;
  reg        alarm_next;   // the next tick reaches the alarm
  reg [1:0]  now_settled;  // next_now, then alarm_next, follow now
  reg [31:0] tick_steps;
  reg [31:0] last_phase;   // tick_steps - 1
  reg        ticking;      // tick_steps is not 0
  reg [31:0] phase;
  reg        tick_due;

  wire on_steps  = hold_mask[0];
  wire on_svc    = hold_mask[2];
  wire on_brk    = hold_mask[3];
  wire on_fault  = hold_mask[4];
  wire on_return = hold_mask[5];
  wire on_alarm  = hold_mask[6];
  wire on_idle   = hold_mask[7];

  wire go       = host_we && host_addr == CTRL && host_wdata[0] && held;
  wire no_steps = budget_zero && on_steps;

  assign begin_ok = running && !hold_wanted && !tick_due && !no_steps;

  wire at_stop    = running && boundary && !hold_wanted;
  wire tick_first = tick_due && (fresh || !no_steps);
  assign tick_fire = at_stop && tick_first && now_settled[1];
  wire stop_host  = running && boundary && hold_wanted;
  wire stop_steps = at_stop && no_steps && !tick_first;
  wire stop_idle  = at_stop && !tick_due && !no_steps && queue_empty && on_idle;
  wire stop_alarm = tick_fire && alarm_next && on_alarm;

  wire is_svc    = (commit_event == `HSX_EV_SVC);
  wire is_brk    = (commit_event == `HSX_EV_BRK);
  wire is_fault  = (commit_event == `HSX_EV_FAULT);
  wire is_return = (commit_event == `HSX_EV_RETURN);
  wire counted   = commit && !is_fault && !is_return;
  wire stop_trap = commit && ((is_svc && on_svc)
                              || (is_brk && on_brk)
                              || (is_fault && on_fault)
                              || (is_return && on_return));
  wire stop      = stop_host || stop_steps || stop_idle || stop_alarm || stop_trap;

  wire write_budget = host_we && host_addr == STEP_BUDGET;
  wire write_now    = host_we && (host_addr == NOW || host_addr == JUMP);

  assign held = drain[2] && !running;
  assign idle = held && queue_empty;

  always @(posedge clk)
    if (rst) begin
      running     <= 1'b0;
      flush       <= 1'b0;
      fresh       <= 1'b0;
      hold_wanted <= 1'b0;
      drain       <= 3'd0;
      cause       <= STOP_HOST;
      trap_valid  <= 1'b0;
      trap_kind   <= 3'd0;
      trap_slot   <= 8'd0;
      trap_imm    <= 12'd0;
    end else begin
      flush <= stop || (commit && commit_flush);
      drain <= running ? 3'd0 : {drain[1:0], 1'b1};
      if (go) begin
        running    <= 1'b1;
        fresh      <= 1'b1;
        trap_valid <= 1'b0;
      end else begin
        if (boundary && now_settled[1])
          fresh <= 1'b0;
        if (stop) begin
          running    <= 1'b0;
          trap_valid <= stop_trap || stop_alarm;
          trap_kind  <= is_svc ? 3'd0 : is_brk ? 3'd1 : is_fault ? 3'd2 : 3'd3;
          trap_slot  <= {{(8-SLOT_BITS){1'b0}}, commit_slot};
          trap_imm   <= (is_svc || is_brk) ? commit_imm : 12'd0;
          cause      <= stop_host  ? STOP_HOST
                      : stop_steps ? `HSX_STOP_STEPS
                      : stop_idle  ? `HSX_STOP_IDLE
                      : stop_alarm ? `HSX_STOP_ALARM
                      : is_svc     ? `HSX_STOP_SVC
                      : is_brk     ? `HSX_STOP_BRK
                      : is_fault   ? `HSX_STOP_FAULT
                      :              `HSX_STOP_RETURN;
          if (!stop_trap) begin
            trap_kind <= 3'd4;
            trap_slot <= 8'd0;
            trap_imm  <= 12'd0;
          end
        end
      end
      if (!running)
        hold_wanted <= 1'b0;
      else if (host_we && host_addr == CTRL && !host_wdata[0])
        hold_wanted <= 1'b1;
    end

  // Totals and time. What the host writes while held settles before it can
  // let the core go on.
  always @(posedge clk)
    if (rst) begin
      hold_mask      <= 8'hFF;
      budget         <= 32'hFFFFFFFF;
      budget_zero    <= 1'b0;
      budget_limited <= 1'b0;
      steps          <= 32'd0;
      order          <= 32'd0;
      cycles         <= 32'd0;
      now            <= 32'd0;
      next_now       <= 32'd1;
      now_settled    <= 2'b00;
      alarm          <= 32'd0;
      alarm_armed    <= 1'b0;
      alarm_next     <= 1'b0;
      tick_steps     <= 32'd0;
      last_phase     <= 32'd0;
      ticking        <= 1'b0;
      phase          <= 32'd0;
      tick_due       <= 1'b0;
    end else begin
      if (write_budget) begin
        budget         <= host_wdata;
        budget_zero    <= (host_wdata == 32'd0);
        budget_limited <= (host_wdata != 32'hFFFFFFFF);
      end else if (counted && budget_limited) begin
        budget      <= budget - 32'd1;
        budget_zero <= (budget == 32'd1);
      end

      if (host_we && host_addr == STEPS)
        steps <= host_wdata;
      else if (counted)
        steps <= steps + 32'd1;

      if (host_we && host_addr == ORDER)
        order <= host_wdata;
      else if (commit || tick_fire || (host_we && (host_addr == COUNT_EVENT || host_addr == JUMP)))
        order <= order + 32'd1;

      if (host_we && host_addr == CYCLES)
        cycles <= host_wdata;
      else if (running)
        cycles <= cycles + 32'd1;

      next_now    <= now + 32'd1;
      alarm_next  <= alarm_armed && (next_now == alarm);
      now_settled <= {now_settled[0], 1'b1};
      if (write_now) begin
        now         <= host_wdata;
        now_settled <= 2'b00;
      end else if (tick_fire) begin
        now         <= next_now;
        now_settled <= 2'b00;
      end

      if (host_we && host_addr == ALARM)
        alarm <= host_wdata;
      if (host_we && host_addr == ALARM_ARMED)
        alarm_armed <= host_wdata[0];
      if (host_we && host_addr == HOLD_MASK)
        hold_mask <= host_wdata[7:0];

      last_phase <= tick_steps - 32'd1;
      ticking    <= (tick_steps != 32'd0);
      if (host_we && host_addr == TICK_STEPS)
        tick_steps <= host_wdata;
      if (host_we && host_addr == TICK_PHASE)
        phase <= host_wdata;
      else if (tick_fire)
        phase <= 32'd0;
      else if (counted)
        phase <= phase + 32'd1;

      if (tick_fire)
        tick_due <= 1'b0;
      else if (counted)
        tick_due <= ticking && (phase == last_phase);
      else if (held)
        tick_due <= ticking && (phase == tick_steps);
    end

  always @*
    case (host_addr)
      CTRL:        host_rdata = {31'd0, running};
      STATUS:      host_rdata = {16'd0, trap_slot, cause, 3'd0, held};
      HOLD_MASK:   host_rdata = {24'd0, hold_mask};
      STEP_BUDGET: host_rdata = budget;
      STEPS:       host_rdata = steps;
      ORDER:       host_rdata = order;
      CYCLES:      host_rdata = cycles;
      NOW:         host_rdata = now;
      ALARM:       host_rdata = alarm;
      ALARM_ARMED: host_rdata = {31'd0, alarm_armed};
      TICK_STEPS:  host_rdata = tick_steps;
      TICK_PHASE:  host_rdata = phase;
      QUEUE_POP:   host_rdata = {23'd0, queue_valid, {(8-SLOT_BITS){1'b0}}, queue_head};
      QUEUE_COUNT: host_rdata = {{(32-RING_BITS){1'b0}}, queue_count};
      TURN_LEFT:   host_rdata = {24'd0, turn_left};
      IDENTITY:    host_rdata = {8'h01, 8'd0, CONTEXTS[7:0], WINDOWS[7:0]};
      default:     host_rdata = 32'd0;
    endcase
endmodule

`default_nettype wire
