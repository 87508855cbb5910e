// SPDX-License-Identifier: Apache-2.0
// Running and holding, and time (contract section 5).
//
// The memory stage commits instructions one at a time; between two of them,
// while `boundary` is high, this unit may make a tick (tick_fire, one event of
// its own) or hold the core (`squash_to_hold`: everything in the pipeline must go). No
// instruction may begin in the cycle behind one with before_next, or with before_last
// when one commits in it. This unit hears of a commit one cycle later (`committed`);
// hsx_hazards has then seen to it that nothing begins behind an event that may hold, by
// squash_all. A commit may be revoked another cycle later, with squash_all. `held` rises
// when the last event has left the pipeline and every result is written.
//
// Order on `go`: a pending tick, then the step budget, then an empty queue.
// Otherwise a used-up budget holds before a tick, which then stays pending.
//
// NOW and the steps between two ticks are rows of hsx_totals, which need the three
// cycles behind a tick (`tick`). When NOW comes to the time before the alarm,
// `wraps` says so, and the next tick is the alarm's.
//
// Registers: word addresses of the host map's control page. STEP_BUDGET has 16
// bits, TICK_LEFT 20; bit 31 of either (unlimited) means no limit, no ticks. amount
// is what the host writes in a held core and 0 while it runs, command what it writes
// at any time; total is hsx_totals' word, which the host's write goes through.
`default_nettype none

module hsx_control #(
  parameter SLOT_BITS = 4
) (
  input  wire                 clk,
  input  wire                 rst,

  input  wire                 boundary,
  input  wire                 queue_empty,
  input  wire                 squash_all,
  input  wire                 committed,    // something did, a cycle ago
  input  wire                 revoked,      // what did so two cycles ago does not retire
  input  wire [2:0]           committed_event,
  input  wire [SLOT_BITS-1:0] committed_slot,
  input  wire [11:0]          committed_imm,

  output reg                  running,
  output wire                 before_next, // something is to come before an instruction
  output wire                 before_last, // the same after one more step
  output wire                 counted,     // what has committed is a step
  output wire                 tick_fire,
  output reg  [2:0]           tick,
  output wire                 squash_to_hold,

  input  wire                 busy,      // the result of a retired instruction is still to come
  output wire                 held,
  output wire                 idle,
  output reg                  tick_due,
  output wire                 trap_valid,
  output wire [2:0]           trap_kind,
  output wire [7:0]           trap_slot,
  output reg  [11:0]          trap_imm,
  output reg  [3:0]           cause,     // of the last hold, HSX_STOP_* or 15: the host

  input  wire                 few,       // with tick[1]: total is less than four
  input  wire                 wraps,
  input  wire                 host_we,
  input  wire [5:0]           host_addr,
  input  wire [7:0]           command,
  input  wire [15:0]          amount,
  input  wire                 unlimited,
  input  wire [19:0]          total
);
`include "hsx_isa.vh"
`include "hsx_host_map.vh"

  reg        hold_wanted;
  reg        fresh;          // no boundary since go
  reg [2:0]  drain;          // shifts ones in while held
  reg [7:2]  hold_mask;      // by the numbers of HSX_STOP_*; 0 has on_steps
  reg        on_steps;
  reg [15:0] budget;
  reg        budget_load;
  reg        budget_limited;
  reg        budget_zero;    // nothing is left of it
  reg        budget_near;    // fewer than four steps are
  reg        budget_last;    // one step is
  reg        alarm_armed;
  reg        alarm_next;
  reg        wraps_told;     // the cycle behind these three
  reg [19:0] tick_left;
  reg        ticking;        // there are ticks
  reg        tick_near;      // fewer than four steps are left until the next
  reg        tick_last;      // one step is
  reg        blocked;
  reg        step_last;
  reg [SLOT_BITS-1:0] slot;

  wire on_svc    = hold_mask[2];
  wire on_brk    = hold_mask[3];
  wire on_fault  = hold_mask[4];
  wire on_return = hold_mask[5];
  wire on_alarm  = hold_mask[6];
  wire on_idle   = hold_mask[7];

  wire go       = host_we && host_addr == `HSX_HOST_CTRL && command[0] && held;
  wire no_steps = budget_zero && on_steps;

  wire at_boundary = running && boundary && !committed && !squash_all && !tick[0] && !tick[1];
  wire at_stop     = at_boundary && blocked;
  wire tick_first  = tick_due && (fresh || !no_steps);
  assign tick_fire = at_stop && !hold_wanted && tick_first;
  wire stop_host   = at_stop && hold_wanted;
  wire stop_steps  = at_stop && !hold_wanted && !tick_first && no_steps;
  wire stop_idle   = at_boundary && !blocked && queue_empty && on_idle;
  wire stop_alarm  = tick_fire && alarm_next && alarm_armed && on_alarm;

  wire is_svc    = (committed_event == `HSX_EV_SVC);
  wire is_brk    = (committed_event == `HSX_EV_BRK);
  wire is_fault  = (committed_event == `HSX_EV_FAULT);
  wire is_return = (committed_event == `HSX_EV_RETURN);
  wire stop_trap = committed && ((is_svc && on_svc) || (is_brk && on_brk)
                              || (is_fault && on_fault) || (is_return && on_return));

  assign squash_to_hold = stop_host || stop_steps || stop_idle || stop_alarm;
  assign counted        = committed && !is_fault && !is_return;
  assign held           = drain[2] && !running && !busy;
  assign idle           = held && queue_empty;

  // Causes 2 to 6 are events of a task or the alarm.
  assign trap_valid = !running && cause[2:0] >= 3'd2 && cause[2:0] <= 3'd6;
  assign trap_kind  = cause[2:0] - 3'd2;
  assign trap_slot  = {{(8-SLOT_BITS){1'b0}}, slot};

  always @(posedge clk)
    if (rst) begin
      running     <= 1'b0;
      fresh       <= 1'b0;
      hold_wanted <= 1'b0;
      drain       <= 3'd0;
      cause       <= `HSX_HOST_CAUSE_HOST;
    end else begin
      drain <= running ? 3'd0 : {drain[1:0], 1'b1};
      if (go) begin
        running <= 1'b1;
        fresh   <= 1'b1;
      end else begin
        if (at_boundary && (!tick_due || tick_fire))
          fresh <= 1'b0;
        if (squash_to_hold || stop_trap) begin
          running <= 1'b0;
          cause   <= stop_host  ? `HSX_HOST_CAUSE_HOST
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
      else if (host_we && host_addr == `HSX_HOST_CTRL && !command[0])
        hold_wanted <= 1'b1;
    end

  always @(posedge clk)
    if (rst)
      slot <= {SLOT_BITS{1'b0}};
    else if (committed)
      slot <= committed_slot;

  always @(posedge clk)
    if (committed)
      trap_imm <= committed_imm;

  wire budget_write = host_we && host_addr == `HSX_HOST_STEP_BUDGET;
  wire tick_write   = host_we && host_addr == `HSX_HOST_TICK_LEFT;
  wire tick_load    = tick_write || tick[1];
  // One step is left, or will be after what retires now. That the upper bits are
  // zero is a cycle late: it was so already with 3 left.
  wire [1:0] last     = counted ? 2'd2 : 2'd1;
  wire budget_will    = budget_near && budget[1:0] == last;
  wire tick_will      = tick_near && tick_left[1:0] == last;

  assign before_last = tick_will || (budget_will && on_steps);
  assign before_next = hold_wanted || no_steps || tick_due || tick[0]
                     || (counted && step_last);

  always @(posedge clk)
    if (rst) begin
      hold_mask      <= 6'h3F;
      on_steps       <= 1'b1;
      budget_limited <= 1'b0;
      budget_zero    <= 1'b0;
      ticking        <= 1'b0;
      tick           <= 3'd0;
      tick_due       <= 1'b0;
    end else begin
      if (host_we && host_addr == `HSX_HOST_HOLD_MASK) begin
        hold_mask <= command[7:2];
        on_steps  <= command[0];
      end
      if (budget_write)
        budget_limited <= !unlimited;
      if (tick_write)
        ticking <= !unlimited;

      // A step that is taken back may have been the budget's last.
      if (held)
        budget_zero <= budget_limited && budget == 16'd0;
      else if (revoked)
        budget_zero <= budget_zero && budget != 16'd0;
      else if (counted)
        budget_zero <= budget_zero || budget_last;

      tick <= {tick[1:0], tick_fire};
      if (tick_fire || revoked)
        tick_due <= 1'b0;
      else if (held)
        tick_due <= ticking && tick_left == 20'd0;
      else if (counted)
        tick_due <= tick_last;
    end

  always @(posedge clk) begin
    budget_near <= budget_limited && budget[15:2] == 14'd0;
    tick_near   <= ticking && (tick[1] ? few : tick_left[19:2] == 18'd0);
    budget_last <= budget_will;
    tick_last   <= tick_will;
    step_last   <= before_last;
    wraps_told  <= tick[2];
    blocked     <= before_next;

    if (host_we && host_addr == `HSX_HOST_ALARM)
      alarm_armed <= command[0];
    if (host_we && host_addr == `HSX_HOST_ALARM)
      alarm_next <= command[1];
    else if (wraps_told)
      alarm_next <= wraps;
  end

  // Cleared first, so that the value to load can be ORed behind the counter's
  // adder: that takes no cells.
  always @(posedge clk) begin
    budget_load <= budget_write;
    if (budget_write)
      budget <= 16'd0;
    else if (counted || revoked || budget_load)
      budget <= (budget + {{15{!budget_load && !revoked}}, !budget_load}) | amount;
  end

  always @(posedge clk)
    if (tick_load)
      tick_left <= total;
    else if (counted || revoked)
      tick_left <= tick_left + {{19{!revoked}}, 1'b1};
endmodule

`default_nettype wire
