// Running and holding, and time (contract section 5).
//
// The memory stage commits instructions one at a time; between two of them,
// while `boundary` is high, this unit may make a tick (tick_fire, one event of
// its own) or hold the core (`squash`: everything in the pipeline must go). An
// instruction may begin only with begin_ok. This unit hears of a commit one cycle
// later, in the write-back stage (`retire`); the core itself has then seen to it
// that nothing begins behind an event that may hold, by `flush`. `held` rises
// when the last event has left the pipeline and every result is written.
//
// Order on `go`: a pending tick, then the step budget, then an empty queue.
// Otherwise a used-up budget holds before a tick, which then stays pending.
//
// NOW lives among the totals (hsx_totals, number NOW_INDEX), whose loop shows it
// to this unit, so that the tick that reaches the alarm is known before it comes.
//
// Registers: word addresses of the host map's control page; reads are
// combinational. STEP_BUDGET has 16 bits and a flag for no limit, TICK_STEPS and
// TICK_LEFT have 20 bits.
`default_nettype none

module hsx_control #(
  parameter CONTEXTS  = 16,
  parameter WINDOWS   = 16,
  parameter SLOT_BITS = 4,
  parameter RING_BITS = 5,
  parameter NOW_INDEX = 7
) (
  input  wire                 clk,
  input  wire                 rst,

  input  wire                 boundary,
  input  wire                 queue_empty,
  input  wire                 flush,
  input  wire                 retire,
  input  wire [2:0]           retire_event,
  input  wire [SLOT_BITS-1:0] retire_slot,
  input  wire [11:0]          retire_imm,

  output reg                  running,
  output wire                 begin_ok,
  output wire                 counted,   // what retires is a step
  output wire                 tick_fire,
  output wire                 squash,

  input  wire                 busy,      // the result of a retired instruction is still to come
  output wire                 held,
  output wire                 idle,
  output reg                  trap_valid,
  output reg  [2:0]           trap_kind,
  output reg  [7:0]           trap_slot,
  output reg  [11:0]          trap_imm,

  input  wire [3:0]           total_index,
  input  wire                 total_ready,
  input  wire [15:0]          total_half,
  input  wire [31:0]          total,

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

  localparam [5:0] CTRL         = 6'h00;
  localparam [5:0] STATUS       = 6'h01;
  localparam [5:0] HOLD_MASK    = 6'h02;
  localparam [5:0] STEP_BUDGET  = 6'h03;
  localparam [5:0] ALARM_BEFORE = 6'h08;
  localparam [5:0] ALARM_ARMED  = 6'h09;
  localparam [5:0] TICK_STEPS   = 6'h0A;
  localparam [5:0] TICK_LEFT    = 6'h0B;
  localparam [5:0] QUEUE_POP    = 6'h0D;
  localparam [5:0] QUEUE_COUNT  = 6'h0E;
  localparam [5:0] TURN_LEFT    = 6'h0F;
  localparam [5:0] IDENTITY     = 6'h1F;

  reg        hold_wanted;
  reg        fresh;          // no boundary since go
  reg [2:0]  drain;          // shifts ones in while held
  reg [3:0]  cause;
  reg [7:2]  hold_mask;      // by the numbers of HSX_STOP_*; 0 has on_steps
  reg        on_steps;
  reg [15:0] budget;
  reg        budget_limited;
  reg        budget_zero;    // nothing is left of it
  reg        budget_last;    // one step is
  reg [31:0] alarm_before;   // the tick after this time is the alarm's
  reg        alarm_armed;
  reg        alarm_next;
  reg        now_seen;       // alarm_next is about NOW, which has not changed since
  reg [19:0] tick_steps;
  reg [19:0] tick_left;
  reg        ticking;        // tick_steps is not 0
  reg        tick_due;
  reg        tick_last;      // it is due after one step

  wire on_svc    = hold_mask[2];
  wire on_brk    = hold_mask[3];
  wire on_fault  = hold_mask[4];
  wire on_return = hold_mask[5];
  wire on_alarm  = hold_mask[6];
  wire on_idle   = hold_mask[7];

  wire go       = host_we && host_addr == CTRL && host_wdata[0] && held;
  wire no_steps = budget_zero && on_steps;

  // The step that retires now may be the one before a tick or the last one.
  assign begin_ok = !hold_wanted && !tick_due && !no_steps
                 && !(retire && (tick_last || (budget_last && on_steps)));

  wire at_boundary = running && boundary && !retire && !flush;
  wire at_stop     = at_boundary && !hold_wanted;
  wire tick_first = tick_due && (fresh || !no_steps);
  assign tick_fire = at_stop && tick_first && now_seen;
  wire stop_host  = at_boundary && hold_wanted;
  wire stop_steps = at_stop && no_steps && !tick_first;
  wire stop_idle  = at_stop && !tick_due && !no_steps && queue_empty && on_idle;
  wire stop_alarm = tick_fire && alarm_next && on_alarm;

  wire is_svc    = (retire_event == `HSX_EV_SVC);
  wire is_brk    = (retire_event == `HSX_EV_BRK);
  wire is_fault  = (retire_event == `HSX_EV_FAULT);
  wire is_return = (retire_event == `HSX_EV_RETURN);
  wire stop_trap = retire && ((is_svc && on_svc) || (is_brk && on_brk)
                              || (is_fault && on_fault) || (is_return && on_return));
  wire stop      = squash || stop_trap;

  assign squash  = stop_host || stop_steps || stop_idle || stop_alarm;
  assign counted = retire && !is_fault && !is_return;
  assign held    = drain[2] && !running && !busy;
  assign idle    = held && queue_empty;

  always @(posedge clk)
    if (rst) begin
      running     <= 1'b0;
      fresh       <= 1'b0;
      hold_wanted <= 1'b0;
      drain       <= 3'd0;
      cause       <= STOP_HOST;
      trap_valid  <= 1'b0;
      trap_kind   <= 3'd0;
      trap_slot   <= 8'd0;
      trap_imm    <= 12'd0;
    end else begin
      drain <= running ? 3'd0 : {drain[1:0], 1'b1};
      if (go) begin
        running    <= 1'b1;
        fresh      <= 1'b1;
        trap_valid <= 1'b0;
      end else begin
        if (at_boundary && (!tick_due || tick_fire))
          fresh <= 1'b0;
        if (stop) begin
          running    <= 1'b0;
          trap_valid <= stop_trap || stop_alarm;
          trap_kind  <= !stop_trap ? 3'd4
                      : is_svc     ? 3'd0
                      : is_brk     ? 3'd1
                      : is_fault   ? 3'd2
                      :              3'd3;
          trap_slot  <= stop_trap ? {{(8-SLOT_BITS){1'b0}}, retire_slot} : 8'd0;
          trap_imm   <= (stop_trap && (is_svc || is_brk)) ? retire_imm : 12'd0;
          cause      <= stop_host  ? STOP_HOST
                      : stop_steps ? `HSX_STOP_STEPS
                      : stop_idle  ? `HSX_STOP_IDLE
                      : stop_alarm ? `HSX_STOP_ALARM
                      : is_svc     ? `HSX_STOP_SVC
                      : is_brk     ? `HSX_STOP_BRK
                      : is_fault   ? `HSX_STOP_FAULT
                      :              `HSX_STOP_RETURN;
        end
      end
      if (!running)
        hold_wanted <= 1'b0;
      else if (host_we && host_addr == CTRL && !host_wdata[0])
        hold_wanted <= 1'b1;
    end

  always @(posedge clk)
    if (rst) begin
      hold_mask      <= 6'h3F;
      on_steps       <= 1'b1;
      budget_limited <= 1'b0;
      budget_zero    <= 1'b0;
      budget_last    <= 1'b0;
      alarm_armed    <= 1'b0;
      tick_steps     <= 20'd0;
      ticking        <= 1'b0;
      tick_due       <= 1'b0;
      tick_last      <= 1'b0;
    end else begin
      if (host_we && host_addr == HOLD_MASK) begin
        hold_mask <= host_wdata[7:2];
        on_steps  <= host_wdata[0];
      end
      if (host_we && host_addr == ALARM_ARMED)
        alarm_armed <= host_wdata[0];

      if (host_we && host_addr == STEP_BUDGET) begin
        budget_limited <= !host_wdata[31];
        budget_zero    <= (host_wdata[15:0] == 16'd0) && !host_wdata[31];
      end else if (counted)
        budget_zero <= budget_last;
      budget_last <= budget_limited && (counted ? budget == 16'd2 : budget == 16'd1);

      if (host_we && host_addr == TICK_STEPS)
        tick_steps <= host_wdata[19:0];
      ticking <= (tick_steps != 20'd0);
      if (tick_fire)
        tick_due <= 1'b0;
      else if (counted)
        tick_due <= tick_last;
      else if (held)
        tick_due <= ticking && (tick_left == 20'd0);
      tick_last <= ticking && (tick_fire ? tick_steps == 20'd1
                               : counted ? tick_left == 20'd2
                               :           tick_left == 20'd1);
    end

  always @(posedge clk) begin
    if (host_we && host_addr == STEP_BUDGET)
      budget <= host_wdata[15:0];
    else if (counted)
      budget <= budget - 16'd1;

    if (host_we && host_addr == TICK_LEFT)
      tick_left <= host_wdata[19:0];
    else if (tick_fire)
      tick_left <= tick_steps;
    else if (counted)
      tick_left <= tick_left - 20'd1;

    if (host_we && host_addr == ALARM_BEFORE)
      alarm_before <= host_wdata;
  end

  // A tick or the host changes NOW; it is stored in the next whole visit of the
  // loop and compared in the one after. A visit that a tick meets half-way has
  // not taken it in.
  reg         visited;    // the low half of this visit, after the change
  reg         now_stored;
  reg         low_equal;
  wire [15:0] alarm_half = total_ready ? alarm_before[31:16] : alarm_before[15:0];
  wire        half_equal = (total_half == alarm_half);

  always @(posedge clk)
    if (tick_fire || held) begin
      visited    <= 1'b0;
      now_stored <= 1'b0;
      now_seen   <= 1'b0;
    end else if (total_index == NOW_INDEX) begin
      low_equal <= half_equal;
      visited   <= 1'b1;
      if (total_ready) begin
        now_stored <= visited;
        now_seen   <= now_stored;
        alarm_next <= alarm_armed && low_equal && half_equal;
      end
    end

  always @*
    case (host_addr)
      CTRL:        host_rdata = {31'd0, running};
      STATUS:      host_rdata = {16'd0, trap_slot, cause, 2'd0, tick_due, held};
      QUEUE_POP:   host_rdata = {23'd0, queue_valid, {(8-SLOT_BITS){1'b0}}, queue_head};
      QUEUE_COUNT: host_rdata = {{(32-RING_BITS){1'b0}}, queue_count};
      TURN_LEFT:   host_rdata = {24'd0, turn_left};
      IDENTITY:    host_rdata = {8'h01, 8'd0, CONTEXTS[7:0], WINDOWS[7:0]};
      default:     host_rdata = total;
    endcase
endmodule

`default_nettype wire
