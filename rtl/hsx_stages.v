// SPDX-License-Identifier: Apache-2.0
// What is in which stage: whether it holds an instruction, whose, and all that an
// instruction only carries on, above all its control word.
//
// A stage N takes over from stage N-1 at the end of a cycle in which it advances: 1 with
// advance_1, 2 with advance_2, 3 and 4 with advance_front, 5 to 8 with advance_back. squash_N empties stage
// N, squash_all the stages 1 to 7, in the cycle after it is high; the result of the
// multi-cycle unit (IS_RESULT) is never squashed. In an empty stage the slot says why it
// is empty (HSX_EMPTY_*).
//
// With FETCH_STAGES = 2 stage 2b lies between 2 and 3 and advances with advance_front; without it s2b_valid
// is low. s2b_slot is the slot that stage 3 gets next in either case.
//
// s8_valid is high for one cycle, the one in which the instruction in stage 8 is written
// and retires, unless s8_bad_return: a RET's word is bad. s8_is_result is that cycle of a
// result. s8_live says that stage 8 holds an instruction, written or not: while stage 7
// stalls it stays there for the bypass.
`default_nettype none
`include "hsx_core.vh"

module hsx_stages #(
  parameter SLOT_BITS    = 4,
  parameter INDEX_BITS   = 4,
  parameter FETCH_STAGES = 1
) (
  input  wire                  clk,
  input  wire                  rst,
  input  wire                  advance_1,
  input  wire                  advance_2,
  input  wire                  advance_front,
  input  wire                  advance_back,
  input  wire                  squash_all,
  input  wire                  squash_1,
  input  wire                  squash_2,
  input  wire                  squash_2b,
  input  wire                  squash_3,

  input  wire                  s0_pops,
  input  wire [SLOT_BITS-1:0]  s0_slot,       // or why there is none
  input  wire                  s0_first,
  input  wire                  s0_ends,
  output reg                   s1_valid,
  output reg  [SLOT_BITS-1:0]  s1_slot,
  output reg                   s1_first,
  output reg                   s1_ends,

  input  wire                  s1_needs_pc,
  input  wire                  s2_gives_way,
  output reg                   s2_valid,
  output reg  [SLOT_BITS-1:0]  s2_slot,
  output reg                   s2_first,
  output reg                   s2_ends,

  output wire                  s2b_valid,
  output wire [SLOT_BITS-1:0]  s2b_slot,
  output wire                  s2b_first,
  output wire                  s2b_ends,

  output reg                   s3_valid,
  output reg  [SLOT_BITS-1:0]  s3_slot,
  output reg                   s3_first,
  output reg                   s3_ends,
  input  wire [INDEX_BITS-1:0] s3_window,

  output reg                   s4_valid,
  output reg  [SLOT_BITS-1:0]  s4_slot,
  output reg  [INDEX_BITS-1:0] s4_window,
  input  wire [3:0]            s4_rd,
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  input  wire                  s4_needs_load,
  input  wire                  s4_needs_unit,
  input  wire                  s4_code_fault,
  input  wire                  s4_no_word,
  input  wire                  s4_protect,
  input  wire                  s4_predict,
  input  wire                  s4_called,
  input  wire                  s4_meets_unit,

  input  wire                  result_enters, // at the end of stage 4, in place of an instruction
  input  wire [SLOT_BITS-1:0]  result_slot,
  input  wire [INDEX_BITS-1:0] result_window,
  input  wire [3:0]            result_rd,
  input  wire [`HSX_CTL_BITS-1:0] result_ctl,

  output reg                   s5_valid,
  output reg  [SLOT_BITS-1:0]  s5_slot,
  output reg  [`HSX_CTL_BITS-1:0] s5_ctl,
  input  wire                  s5_mispredict,

  output reg                   s6_valid,
  output reg  [SLOT_BITS-1:0]  s6_slot,
  output reg  [INDEX_BITS-1:0] s6_window,
  output reg  [3:0]            s6_rd,
  output reg  [`HSX_CTL_BITS-1:0] s6_ctl,
  output wire                  s6_stays,      // is not squashed

  output reg                   s7_valid,
  output reg  [SLOT_BITS-1:0]  s7_slot,
  output reg  [INDEX_BITS-1:0] s7_window,
  output reg  [3:0]            s7_rd,
  output reg  [`HSX_CTL_BITS-1:0] s7_ctl,
  output wire                  s7_live,       // valid, and not squashed
  input  wire                  s7_commits,
  output wire                  s7_steps,      // it is an instruction that commits
  output wire                  s7_arrives,    // and it will be valid in stage 8

  output reg                   s8_valid,
  output reg                   s8_live,
  output reg                   s8_is_result,
  output reg  [SLOT_BITS-1:0]  s8_slot,
  output reg  [INDEX_BITS-1:0] s8_window,
  output reg  [3:0]            s8_rd,
  output reg  [`HSX_CTL_BITS-1:0] s8_ctl,
  input  wire                  s8_bad_return
);
  function [SLOT_BITS-1:0] empty(input [1:0] why);
    empty = {{(SLOT_BITS-2){1'b0}}, why};
  endfunction

  // ---- stages 1 to 4: the front ----

  always @(posedge clk)
    if (rst || squash_all || squash_1)
      s1_valid <= 1'b0;
    else if (advance_1)
      s1_valid <= s0_pops;

  always @(posedge clk)
    if (advance_1) begin
      s1_slot  <= s0_slot;
      s1_first <= s0_first;
      s1_ends  <= s0_ends;
    end

  always @(posedge clk)
    if (rst || squash_all || squash_2)
      s2_valid <= 1'b0;
    else if (advance_2)
      s2_valid <= s1_valid && !s1_needs_pc && !squash_1;

  // What leaves stage 2.
  wire                 s2_passes  = s2_valid && !squash_2 && !s2_gives_way;
  wire [SLOT_BITS-1:0] s2_becomes = (s2_valid && squash_2) ? empty(`HSX_EMPTY_SQUASHED)
                                  : s2_gives_way           ? empty(`HSX_EMPTY_MULTICYCLE)
                                  :                          s2_slot;
  // What stage 3 gets.
  wire                 enters_3, first_3, ends_3;
  wire [SLOT_BITS-1:0] slot_3;

  generate
    if (FETCH_STAGES == 2) begin : two_fetch_stages
      reg                 valid, first, ends;
      reg [SLOT_BITS-1:0] slot;

      always @(posedge clk)
        if (rst || squash_all || squash_2b)
          valid <= 1'b0;
        else if (advance_front)
          valid <= s2_passes;

      always @(posedge clk)
        if (advance_front) begin
          slot  <= s2_becomes;
          first <= s2_first;
          ends  <= s2_ends;
        end

      assign s2b_valid = valid;
      assign s2b_slot  = slot;
      assign s2b_first = first;
      assign s2b_ends  = ends;
      assign enters_3  = valid && !squash_2b;
      assign slot_3    = (valid && squash_2b) ? empty(`HSX_EMPTY_SQUASHED) : slot;
      assign first_3   = first;
      assign ends_3    = ends;
    end else begin : one_fetch_stage
      assign s2b_valid = 1'b0;
      assign s2b_slot  = s2_slot;
      assign s2b_first = 1'b0;
      assign s2b_ends  = 1'b0;
      assign enters_3  = s2_passes;
      assign slot_3    = s2_becomes;
      assign first_3   = s2_first;
      assign ends_3    = s2_ends;

      wire unused = &{1'b0, squash_2b};
    end
  endgenerate

  always @(posedge clk)
    if (rst || squash_all || squash_3)
      s3_valid <= 1'b0;
    else if (advance_front)
      s3_valid <= enters_3;

  always @(posedge clk)
    if (rst || squash_all)
      s4_valid <= 1'b0;
    else if (advance_front)
      s4_valid <= s3_valid && !squash_3;

  reg s4_first, s4_ends;

  always @(posedge clk)
    if (advance_2) begin
      s2_slot   <= (s1_valid && squash_1)    ? empty(`HSX_EMPTY_SQUASHED)
                 : (s1_valid && s1_needs_pc) ? empty(`HSX_EMPTY_OWN_RESULT)
                 :                             s1_slot;
      s2_first  <= s1_first;
      s2_ends   <= s1_ends;
    end

  always @(posedge clk)
    if (advance_front) begin
      s3_slot   <= slot_3;
      s3_first  <= first_3;
      s3_ends   <= ends_3;
      s4_slot   <= (s3_valid && squash_3) ? empty(`HSX_EMPTY_SQUASHED) : s3_slot;
      s4_first  <= s3_first;
      s4_ends   <= s3_ends;
      s4_window <= s3_window;
    end

  // ---- stages 5 to 8: the back ----

  reg  [INDEX_BITS-1:0] s5_window;
  reg  [3:0]            s5_rd;

  wire s5_is_result = s5_ctl[`HSX_CTL_IS_RESULT];
  wire s6_is_result = s6_ctl[`HSX_CTL_IS_RESULT];
  wire s7_is_result = s7_ctl[`HSX_CTL_IS_RESULT];

  always @(posedge clk)
    if (rst)
      s5_valid <= 1'b0;
    else if (advance_back)
      s5_valid <= result_enters || (s4_valid && !s4_needs_load && !s4_needs_unit && !squash_all);

  always @(posedge clk)
    if (rst)
      s6_valid <= 1'b0;
    else if (advance_back)
      s6_valid <= s5_valid && (!squash_all || s5_is_result);

  assign s6_stays = s6_valid && (!squash_all || s6_is_result);

  always @(posedge clk)
    if (rst)
      s7_valid <= 1'b0;
    else if (advance_back)
      s7_valid <= s6_stays;

  assign s7_live    = s7_valid && (!squash_all || s7_is_result);
  assign s7_steps   = s7_commits && !s7_is_result;
  assign s7_arrives = s7_steps && !s8_bad_return;

  always @(posedge clk)
    if (rst) begin
      s8_valid     <= 1'b0;
      s8_is_result <= 1'b0;
      s8_live      <= 1'b0;
    end else begin
      s8_valid     <= s7_arrives;
      s8_is_result <= s7_commits && s7_is_result;
      if (advance_back)
        s8_live <= s7_commits && !s8_bad_return;
    end

  always @(posedge clk)
    if (advance_back) begin
      s5_slot   <= result_enters ? result_slot
                 : s4_needs_unit ? empty(`HSX_EMPTY_MULTICYCLE)
                 : s4_needs_load ? empty(`HSX_EMPTY_OWN_RESULT)
                 :                 s4_slot;
      s5_window <= result_enters ? result_window : s4_window;
      s5_rd     <= result_enters ? result_rd : s4_rd;
      s6_slot   <= s5_slot;
      s6_window <= s5_window;
      s6_rd     <= s5_rd;
      s7_slot   <= s6_slot;
      s7_window <= s6_window;
      s7_rd     <= s6_rd;
      s8_slot   <= s7_slot;
      s8_window <= s7_window;
      s8_rd     <= s7_rd;
    end

  // ---- the control word ----

  always @(posedge clk)
    if (advance_back) begin
      if (result_enters)
        s5_ctl <= result_ctl;
      else begin
        s5_ctl[`HSX_CTL_DECODED_BITS-1:0] <= s4_ctl;
        s5_ctl[`HSX_CTL_CODE_FAULT]       <= s4_code_fault;
        s5_ctl[`HSX_CTL_NO_WORD]          <= s4_no_word;
        s5_ctl[`HSX_CTL_PROTECT]          <= s4_protect;
        s5_ctl[`HSX_CTL_PREDICT]          <= s4_predict;
        s5_ctl[`HSX_CTL_CALLED]           <= s4_called;
        s5_ctl[`HSX_CTL_REPLAY]           <= s4_meets_unit;
        s5_ctl[`HSX_CTL_FIRST]            <= s4_first;
        s5_ctl[`HSX_CTL_ENDS]             <= s4_ends;
        s5_ctl[`HSX_CTL_IS_RESULT]        <= 1'b0;
        s5_ctl[`HSX_CTL_LOW_HALF]         <= 1'b0;
        s5_ctl[`HSX_CTL_PRODUCT]          <= 1'b0;
      end
      s6_ctl <= s5_ctl;
      s6_ctl[`HSX_CTL_LATE] <= (s5_ctl[`HSX_CTL_LATE] && !s5_ctl[`HSX_CTL_CALLED])
                            || s5_mispredict;
      s7_ctl <= s6_ctl;
      s8_ctl <= s7_ctl;
    end
endmodule

`default_nettype wire
