// SPDX-License-Identifier: Apache-2.0
// The multi-cycle unit, for MUL, DIV and binary16 (CTL MULTICYCLE), and its scoreboard of
// one entry: which task's register its result goes to, and how far the instruction is.
//
// An instruction takes the unit as it leaves stage 4, unless it is taken. The unit starts
// in its first cycle in stage 6. The instruction commits and retires without a result;
// if it is squashed before, the unit is free again. Once both have happened, that it
// retired and that the unit is done, the result takes an empty slot from stage 5 to 8
// (result_enters, at the end of stage 4), and is written there; no squash touches it.
// Issue makes room for it if there is none (wants_slot). Until then `taken` is high and
// another such instruction waits in stage 4; from the commit until the result is written,
// `committed` or `returning` is high.
`default_nettype none
`include "hsx_core.vh"

module hsx_multicycle #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1,
  parameter MUL_DSP    = 0,
  parameter SKIP_IDLE  = 0,
  parameter SLOT_BITS  = 4,
  parameter INDEX_BITS = 4
) (
  input  wire                  clk,
  input  wire                  rst,
  input  wire                  advance_1,
  input  wire                  advance_back,
  input  wire                  squash_all,

  input  wire                  s4_valid,
  input  wire [SLOT_BITS-1:0]  s4_slot,
  input  wire [INDEX_BITS-1:0] s4_window,
  input  wire [3:0]            s4_rd,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [7:0]            s4_opcode,
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  input  wire [`HSX_CTL_BITS-1:0] s5_ctl, s6_ctl, s7_ctl, s8_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire                  s4_meets_unit,
  input  wire                  s4_needs_load,
  input  wire                  s4_needs_unit,
  input  wire                  s5_valid,
  /* verilator lint_off UNUSEDSIGNAL */ // without any of the instructions
  input  wire [31:0]           s6_a,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire [31:0]           s6_b,
  output wire                  s6_divides_by_0,
  input  wire                  s7_commits,
  input  wire                  s8_valid,
  input  wire                  s8_fault,
  input  wire                  s8_is_result,
  output wire                  s8_awaits_result, // it retires without its result

  output reg                   taken,
  output reg  [SLOT_BITS-1:0]  slot,
  output reg                   committed,        // it has left stage 7, but may still be squashed
  output reg                   returning,        // its result is in the pipeline
  output wire                  wants_slot,

  output wire                  result_enters,
  output reg  [INDEX_BITS-1:0] result_window,
  output reg  [3:0]            result_rd,
  output wire [31:0]           result_value,
  output wire                  result_high_nonzero,
  output wire [`HSX_CTL_BITS-1:0] result_ctl
);
  reg        sure;       // it has retired
  reg        ready;      // the unit is done
  reg        slot_given;
  reg        start;      // the first cycle in stage 6: the operands are there
  reg  [2:0] operation;  // HSX_MULTI_*
  wire       done;

  wire takes    = advance_back && s4_valid && s4_ctl[`HSX_CTL_MULTICYCLE] && !s4_meets_unit
               && !s4_needs_load && !squash_all;
  wire waits    = ready && sure;
  wire entered  = s5_valid && s5_ctl[`HSX_CTL_IS_RESULT]; // and not to be sent again
  wire dropped  = squash_all && !sure && !s8_awaits_result;

  assign s8_awaits_result = s8_valid && s8_ctl[`HSX_CTL_MULTICYCLE] && !s8_fault;
  assign result_enters = waits && !entered
                      && (!s4_valid || s4_needs_load || s4_needs_unit || squash_all);
  assign wants_slot    = waits && !slot_given;

  always @(posedge clk)
    if (rst) begin
      taken      <= 1'b0;
      committed  <= 1'b0;
      sure       <= 1'b0;
      ready      <= 1'b0;
      returning  <= 1'b0;
      slot_given <= 1'b0;
      start      <= 1'b0;
    end else begin
      slot_given <= waits && (slot_given || advance_1);

      if (takes)
        taken <= 1'b1;
      else if (entered || dropped)
        taken <= 1'b0;

      if (s7_commits && s7_ctl[`HSX_CTL_MULTICYCLE])
        committed <= 1'b1;
      else if (entered || dropped)
        committed <= 1'b0;

      if (takes || entered)
        sure <= 1'b0;
      else if (s8_awaits_result)
        sure <= 1'b1;

      if (entered)
        returning <= 1'b1;
      else if (s8_is_result)
        returning <= 1'b0;

      start <= advance_back && s5_valid && s5_ctl[`HSX_CTL_MULTICYCLE] && !s5_ctl[`HSX_CTL_REPLAY];
      if (start)
        ready <= 1'b0;
      else if (done)
        ready <= 1'b1;
    end

  always @(posedge clk)
    if (takes) begin
      slot          <= s4_slot;
      result_window <= s4_window;
      result_rd     <= s4_rd;
      // binary16 is opcodes 50 to 55; MUL and DIV are 12 and 13
      operation     <= s4_opcode[6] ? s4_opcode[2:0] : {2'b11, s4_opcode[0]};
    end

  assign s6_divides_by_0 = s6_ctl[`HSX_CTL_MULTICYCLE] && !s6_ctl[`HSX_CTL_REPLAY]
                        && operation == `HSX_MULTI_DIV && s6_b == 32'd0;

  generate
    if (HAS_MULDIV != 0 || HAS_FP16 != 0) begin : with_arith
      hsx_arith #(.FP16(HAS_FP16), .MUL_DSP(MUL_DSP), .SKIP_IDLE(SKIP_IDLE)) arith (
        .clk(clk), .rst(rst), .start(start), .op(operation), .a(s6_a), .b(s6_b),
        .done(done), .result(result_value), .high_nonzero(result_high_nonzero)
      );
    end else begin : without_arith
      assign done                = 1'b0;
      assign result_value        = 32'd0;
      assign result_high_nonzero = 1'b0;
    end
  endgenerate

  // The result goes through the logic as its second operand. MUL and DIV set Z and N,
  // binary16 but F2I writes the low half only.
  function [`HSX_CTL_BITS-1:0] control(input sets_flags, input low_half, input product);
    begin
      control = {`HSX_CTL_BITS{1'b0}};
      control[`HSX_CTL_IS_RESULT] = 1'b1;
      control[`HSX_CTL_LATE]      = 1'b1;
      control[`HSX_CTL_WRITE_RD]  = 1'b1;
      control[`HSX_CTL_RESULT]    = `HSX_RESULT_LOGIC;
      control[`HSX_CTL_LOGIC]     = `HSX_LOGIC_B;
      control[`HSX_CTL_FLAGS]     = sets_flags ? `HSX_FLAGS_LOGIC : `HSX_FLAGS_NONE;
      control[`HSX_CTL_LOW_HALF]  = low_half;
      control[`HSX_CTL_PRODUCT]   = product;
    end
  endfunction

  assign result_ctl = control(operation >= `HSX_MULTI_MUL, operation < `HSX_MULTI_F2I,
                              operation == `HSX_MULTI_MUL);
endmodule

`default_nettype wire
