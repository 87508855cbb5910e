// SPDX-License-Identifier: Apache-2.0
// The verdict on an instruction in stage 7, where it commits: what it comes to, which
// fault wins, what becomes of call_depth.
//
// Priority of the faults (contract section 3): CODE_FAULT of the fetch, ILLEGAL_OPCODE,
// DIV_ZERO, which no other can meet; the end of the task by RET; the stack guards; the
// word of a careful RET; MEM_FAULT. All but the last two are settled in stage 6. The
// outputs are combinational in stage 7. s7_skips means that the instruction makes no
// access: of a fault, or the end of its task.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_commit (
  input  wire        clk,
  input  wire        advance_back,

  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_BITS-1:0] s6_ctl, s7_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire [15:0] s6_depth,
  input  wire        s6_overflow,
  input  wire        s6_underflow,
  input  wire        s6_divides_by_0,

  input  wire        s7_mem_fault,
  input  wire        s7_slow,
  input  wire [15:0] s7_word_high,  // of what a slow RET has read
  output wire        s7_skips,
  output wire        s7_fault,
  output wire [31:0] s7_fault_code,
  output wire        s7_bad_word,   // a careful RET's
  output reg         s7_ends_task,  // RET at call_depth 0
  output wire        s7_leaves,     // the task does not stay READY
  output wire        s7_changes,    // it retires as what it is, or as SVC or BRK
  output wire [2:0]  s7_event,      // HSX_EV_*
  output wire [3:0]  s7_state,      // of the task afterwards
  output reg  [15:0] s7_depth,      // before the instruction
  output reg  [15:0] s7_new_depth
);
  // ---- stage 6 ----

  wire s6_code_fault = s6_ctl[`HSX_CTL_CODE_FAULT];
  wire s6_illegal    = s6_ctl[`HSX_CTL_ILLEGAL];
  wire s6_ret        = s6_ctl[`HSX_CTL_RET];
  wire s6_refused    = s6_code_fault || s6_illegal || s6_divides_by_0;
  wire s6_depth_full = (s6_depth == 16'hFFFF);
  wire s6_ends_task  = s6_ret && (s6_depth == 16'd0) && !s6_code_fault;

  reg        s7_refused, s7_overflow, s7_underflow, s7_gone;
  reg [31:0] s7_refused_code; // few of its bits are not constant

  always @(posedge clk)
    if (advance_back) begin
      s7_refused      <= s6_refused;
      s7_refused_code <= s6_code_fault ? `HSX_FAULT_CODE
                       : s6_illegal    ? `HSX_FAULT_ILLEGAL_OPCODE
                       :                 `HSX_FAULT_DIV_ZERO;
      s7_ends_task    <= s6_ends_task;
      s7_overflow     <= s6_overflow && !s6_refused;
      s7_underflow    <= s6_underflow && !s6_refused && !s6_ends_task;
      s7_gone         <= s6_refused || s6_ends_task || s6_ctl[`HSX_CTL_SVC] || s6_ctl[`HSX_CTL_BRK];
      s7_depth        <= s6_depth;
      s7_new_depth    <= s6_depth + {16{s6_ret && !s6_depth_full}}
                       + {15'd0, s6_ctl[`HSX_CTL_CALL] && !s6_depth_full};
    end

  // ---- stage 7 ----

  wire s7_ret     = s7_ctl[`HSX_CTL_RET];
  wire s7_svc     = s7_ctl[`HSX_CTL_SVC];
  wire s7_brk     = s7_ctl[`HSX_CTL_BRK];
  wire s7_guarded = s7_overflow || s7_underflow;

  assign s7_skips    = s7_refused || s7_ends_task || s7_guarded || s7_mem_fault;
  assign s7_bad_word = s7_ret && s7_slow && !s7_skips && (s7_word_high != 16'd0);
  assign s7_fault    = s7_refused || s7_guarded || s7_mem_fault || s7_bad_word;
  assign s7_fault_code = s7_refused   ? s7_refused_code
                       : s7_overflow  ? `HSX_FAULT_STACK_OVERFLOW
                       : s7_underflow ? `HSX_FAULT_STACK_UNDERFLOW
                       : s7_ret       ? `HSX_FAULT_CODE
                       :                `HSX_FAULT_MEM;
  assign s7_leaves   = s7_gone || s7_guarded || s7_mem_fault || s7_bad_word;
  assign s7_changes  = !s7_fault && !s7_ends_task;

  assign s7_event = s7_fault     ? `HSX_EV_FAULT
                  : s7_ends_task ? `HSX_EV_RETURN
                  : s7_svc       ? `HSX_EV_SVC
                  : s7_brk       ? `HSX_EV_BRK
                  :                `HSX_EV_RETIRE;
  assign s7_state = s7_fault     ? `HSX_FAULTED
                  : s7_ends_task ? `HSX_RETURNED
                  : s7_svc       ? `HSX_TRAPPED
                  : s7_brk       ? `HSX_PAUSED
                  :                `HSX_READY;
endmodule

`default_nettype wire
