// SPDX-License-Identifier: Apache-2.0
// Logic, and LSL, LSR and ASR, over two pipeline stages.
//
// Combinational halves; the pipeline registers `half` between them. A shift is
// one of a & ones; logic is shifted by 0. A left shift is a right shift of the
// reversed word, whose result comes reversed. Below the word travels one more bit
// that starts as the old C: after the shift it is the last bit shifted out, or the
// old C when the amount is 0.
`default_nettype none
`include "hsx_core.vh"

module hsx_shifter (
  // first half: logic, order of bits, amounts 16 and 8
  input  wire [31:0] a,
  input  wire [31:0] b,
  input  wire [1:0]  logic_op, // HSX_LOGIC_*
  input  wire [1:0]  kind,     // HSX_SHIFT_*
  input  wire [4:3]  amount,
  input  wire        old_c,
  output wire [32:0] half,
  // second half, from registered values: amounts 4, 2 and 1
  input  wire [32:0] half_q,
  input  wire [2:0]  amount_q,
  input  wire [1:0]  kind_q,
  input  wire        sign_q,   // of a
  output wire [31:0] result,
  output wire [31:0] reversed, // the result of a left shift
  output wire        carry
);
  wire [31:0] word = (logic_op == `HSX_LOGIC_AND) ? (a & b)
                   : (logic_op == `HSX_LOGIC_OR)  ? (a | b)
                   : (logic_op == `HSX_LOGIC_XOR) ? (a ^ b)
                   :                                b;
  wire [31:0] word_reversed;
  wire        fill = (kind == `HSX_SHIFT_ASR) && a[31];

  wire [32:0] s0 = {(kind == `HSX_SHIFT_LSL) ? word_reversed : word, old_c};
  wire [32:0] s1 = amount[4] ? {{16{fill}}, s0[32:16]} : s0;
  assign      half = amount[3] ? {{8{fill}}, s1[32:8]} : s1;

  wire        fill_q = (kind_q == `HSX_SHIFT_ASR) && sign_q;

  wire [32:0] s3 = amount_q[2] ? {{4{fill_q}}, half_q[32:4]} : half_q;
  wire [32:0] s4 = amount_q[1] ? {{2{fill_q}}, s3[32:2]} : s3;
  wire [32:0] s5 = amount_q[0] ? {fill_q, s4[32:1]} : s4;

  assign carry  = s5[0];
  assign result = s5[32:1];

  genvar i;
  generate
    for (i = 0; i < 32; i = i + 1) begin : reversal
      assign word_reversed[i] = word[31-i];
      assign reversed[i]      = s5[32-i];
    end
  endgenerate
endmodule

`default_nettype wire
