// SPDX-License-Identifier: Apache-2.0
// Stall, squash and replay: the one place that decides which stages advance and which
// are emptied. docs/pipeline.md tells each cause at length.
//
// A stage that stalls holds everything younger, so that the distance between two
// instructions never shrinks: 5 to 9 advance together (advance_back), 3 and 4 do
// (advance_front), 2 (advance_2), 1 (advance_1), and 0 issues. squash_1 to squash_3 are combinational,
// squash_all is a register: what it squashes is in stages 1 to 7 in the cycle behind its
// cause. The queue follows two cycles later (squash_queue), for it hears of what retires
// a cycle late. Everything here is about one cycle but for what its comment says.
`default_nettype none
`include "hsx_core.vh"

module hsx_hazards #(
  parameter SLOT_BITS = 4,
  parameter RING_BITS = 5,
  parameter CODE_BANKS = 2,
  parameter FETCH_STAGES = 1
) (
  input  wire                 clk,
  input  wire                 rst,

  // what is where
  input  wire                 s0_first,
  input  wire [RING_BITS-1:0] queue_count,
  input  wire                 s1_valid, s2_valid, s3_valid, s4_valid, s6_valid, s8_live,
  input  wire                 s2b_valid, s5_valid, s7_valid,
  input  wire [SLOT_BITS-1:0] s1_slot, s2_slot, s3_slot, s4_slot, s5_slot, s6_slot, s7_slot,
  input  wire [SLOT_BITS-1:0] s2b_slot, s8_slot,
  input  wire                 s1_first, s2_first, s2b_first, s3_first,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  input  wire [`HSX_CTL_BITS-1:0] s5_ctl, s6_ctl, s7_ctl, s8_ctl,
  /* verilator lint_on UNUSEDSIGNAL */

  // issue
  input  wire                 s0_rewinds,
  input  wire                 unit_wants_slot,
  output wire                 s0_too_close,
  output wire                 s0_yields,
  output wire                 s0_stalls,

  // stages 1 and 4
  output wire                 s1_needs_pc,
  output wire                 s2_gives_way,   // to the second word of the LDI32 in stage 4
  output wire                 s1_in_flight,   // an older instruction of its task is on its way
  input  wire                 unit_taken,
  input  wire [SLOT_BITS-1:0] unit_slot,
  input  wire                 s4_alone,
  input  wire                 s4_needs_load,
  output wire                 s4_meets_unit,
  output wire                 s4_needs_unit,
  output wire                 advance_1,
  output wire                 advance_2,
  output wire                 advance_front,
  output wire                 advance_back,

  // stages 6 and 7
  input  wire                 s6_mispredict,
  input  wire                 s6_slow,
  input  wire                 s7_slow,
  input  wire                 s7_live,
  input  wire                 s7_steps,
  input  wire                 s7_commits,
  input  wire                 s7_at_begin,
  input  wire                 s7_stalls,
  input  wire                 s7_leaves,
  input  wire                 s7_touched_window,
  input  wire                 unit_committed, // an older result has still to be written
  input  wire                 unit_returning, // the same
  input  wire                 before_next,    // a tick or a hold comes before an instruction
  input  wire                 before_last,    // the same after one more step
  output wire                 s7_too_early,
  output reg                  s7_paused,
  output wire                 s7_kept_next,
  output wire                 s7_kept_back,

  // squashes
  input  wire                 squash_to_hold,
  input  wire                 s8_bad_return,
  output wire                 squash_1,
  output wire                 squash_2,
  output wire                 squash_2b,
  output wire                 squash_3,
  output reg                  squash_all,
  output reg                  squash_queue,
  output reg                  revoked,        // what was in stage 8 a cycle ago did not retire
  output reg                  careful
);
  wire s6_is_result = s6_ctl[`HSX_CTL_IS_RESULT];
  wire s7_ret       = s7_ctl[`HSX_CTL_RET];

  // ---- stalls of stage 1 ----

  // Where the task's older instructions are. Stage 8 still counts: it writes its RAMs at
  // the end of the cycle.
  wire older_4 = s4_valid && s4_slot == s1_slot;
  wire older_5 = s5_valid && s5_slot == s1_slot;
  wire older_6 = s6_valid && s6_slot == s1_slot;
  wire older_7 = s7_valid && s7_slot == s1_slot;
  wire older_8 = s8_live && s8_slot == s1_slot;
  assign s1_in_flight = older_4 || older_5 || older_6 || older_7 || older_8;

  // One of them does not know the next pc early (CALL, RET, a mispredicted branch), or
  // its result comes later.
  wire older_is_late = (older_4 && s4_ctl[`HSX_CTL_LATE]) || (older_5 && s5_ctl[`HSX_CTL_LATE])
                    || (older_6 && s6_ctl[`HSX_CTL_LATE]) || (older_7 && s7_ctl[`HSX_CTL_LATE])
                    || (older_8 && s8_ctl[`HSX_CTL_LATE]);
  // The task's result is still in the multi-cycle unit.
  wire own_result    = unit_taken && unit_slot == s1_slot;

  assign s1_needs_pc = s1_valid && (older_is_late || own_result);

  // ---- stalls of stage 2 ----

  // One bank of code memory gives one word a cycle.
  assign s2_gives_way = (CODE_BANKS == 1) && s4_valid && s4_ctl[`HSX_CTL_LDI32] && s2_valid;

  // ---- stalls of stage 4 ----

  // s4_needs_load (hsx_bypass): an operand is a load's, which is in stage 7.
  //
  // The multi-cycle unit is taken. An instruction with an operand from the bypass would
  // lose that by waiting: it goes on, but only to be replayed.
  assign s4_meets_unit = s4_valid && s4_ctl[`HSX_CTL_MULTICYCLE] && unit_taken;
  assign s4_needs_unit = s4_meets_unit && s4_alone;

  // ---- stalls of stage 7 ----

  // s7_stalls (hsx_memory): an access goes byte by byte, or the instruction may not begin,
  // for one of these causes, which are known a cycle ahead.
  //
  // A tick or a hold comes before an instruction, and may be found out only as the one
  // before it commits. A result alone waits for nothing.
  wire pause_next   = before_next || (s7_steps && before_last);
  // Nothing is written behind a RET before its word is known to be good.
  wire after_return = s7_steps && s7_ret && !s7_slow && (s6_ctl[`HSX_CTL_STORE] || s6_slow);
  reg  s7_behind_return;

  assign s7_kept_next = (pause_next || after_return) && (s7_stalls || !s6_is_result);
  assign s7_kept_back = s7_paused || s7_behind_return;

  always @(posedge clk)
    if (advance_back) begin
      s7_paused        <= pause_next && !s6_is_result;
      s7_behind_return <= after_return && !s6_is_result;
    end else begin
      s7_paused        <= pause_next;
      s7_behind_return <= 1'b0;
    end

  // ---- which stages advance ----

  assign advance_back  = !s7_stalls;
  assign advance_front = !s7_stalls && !s4_needs_load && !s4_needs_unit;
  assign advance_2     = advance_front && !s2_gives_way;
  assign advance_1     = advance_2 && !s1_needs_pc;

  // ---- stalls of issue ----

  // A task's next instruction follows three stages behind, or four with stage 2b: then its pc is
  // known and its operands can be bypassed. The one before it was taken from the queue as many pops
  // ago as there are tasks in it, or, in an open turn, last.
  wire any_close = s1_valid || s2_valid || s2b_valid;
  wire two_close = (s1_valid && s2_valid) || (s2b_valid && (s1_valid || s2_valid));
  assign s0_too_close = (!s0_first || queue_count == 1) ? any_close
                      : (queue_count == 2)              ? two_close
                      : (queue_count == 3) && s1_valid && s2_valid && s2b_valid;

  // The multi-cycle unit has a result and wants an empty slot for it.
  assign s0_yields = unit_wants_slot;
  // The queue is being set back: behind squash_all, and behind squash_1.
  reg  refilling;
  wire queue_is_stale = squash_all || refilling || squash_1 || s0_rewinds;
  // A stage behind stalls; that stage 7 does comes late and is left to hsx_issue.
  wire behind_stalls  = s4_needs_load || s4_needs_unit || s2_gives_way || s1_needs_pc;

  assign s0_stalls = behind_stalls || queue_is_stale || s0_yields;

  // ---- squashes of a mispredicted branch ----

  // Stage 6 knows that it went the other way. The task's next instruction, fetched from
  // the wrong place, is at most in stage 3; it and what is younger go. A still younger
  // one waits in the queue, or in stage 1 for the pc. One that does not open a turn
  // cannot be taken back alone: then all goes when the branch commits.
  wire wrong   = s6_valid && s6_mispredict && !squash_all;
  wire next_3  = (FETCH_STAGES == 1) && s3_valid && s3_slot == s6_slot;
  wire next_2b = s2b_valid && s2b_slot == s6_slot;
  wire next_2  = s2_valid && s2_slot == s6_slot;
  wire next_1  = s1_valid && s1_slot == s6_slot;
  wire wrong_3  = wrong && next_3 && s3_first;
  wire wrong_2b = wrong && next_2b && s2b_first;
  wire wrong_2  = wrong && next_2 && s2_first;
  wire wrong_1  = wrong && next_1 && s1_first;
  assign squash_3  = wrong_3;
  assign squash_2b = wrong_3 || wrong_2b;
  assign squash_2  = wrong_3 || wrong_2b || wrong_2;
  assign squash_1  = wrong_3 || wrong_2b || wrong_2 || wrong_1;

  wire inside_turn = (next_3 && !s3_first) || (next_2b && !s2b_first) || (next_2 && !s2_first)
                  || (next_1 && !s1_first);
  reg  s7_wrong_turn;

  always @(posedge clk)
    if (advance_back)
      s7_wrong_turn <= s6_mispredict && inside_turn;

  // ---- replays ----

  // The instruction in stage 7 goes itself, to be issued again: it needs the multi-cycle
  // unit and found it taken, or may touch the register that the unit's older result has
  // still to be written to.
  assign s7_too_early = s7_ctl[`HSX_CTL_REPLAY] || (s7_slow && (unit_committed || unit_returning));
  wire   s7_replays   = s7_live && s7_at_begin && !s7_kept_back && s7_too_early;

  // ---- squashes of everything younger ----

  wire its_task_leaves  = s7_commits && s7_leaves;         // a fault, RET at depth 0, SVC, BRK
  wire operands_changed = s7_commits && s7_touched_window; // may have been read too early
  wire fetched_wrongly  = s7_commits && s7_wrong_turn;
  reg  squashed; // squash_all a cycle ago

  always @(posedge clk)
    if (rst) begin
      squash_all   <= 1'b0;
      squashed     <= 1'b0;
      refilling    <= 1'b0;
      squash_queue <= 1'b0;
      revoked      <= 1'b0;
    end else begin
      squash_all   <= squash_to_hold || s7_replays || s8_bad_return
                   || its_task_leaves || operands_changed || fetched_wrongly;
      squashed     <= squash_all;
      refilling    <= squash_all || squashed;
      squash_queue <= squashed;
      revoked      <= s8_bad_return;
    end

  // A RET whose word is bad did not retire. When it comes again, it is careful: it reads
  // its word in stage 7, byte by byte, and faults there.
  always @(posedge clk)
    if (rst)
      careful <= 1'b0;
    else if (s8_bad_return)
      careful <= 1'b1;
    else if (s7_commits && s7_ret)
      careful <= 1'b0;
endmodule

`default_nettype wire
