// SPDX-License-Identifier: Apache-2.0
// Stages 5 and 6: execute. The sum, logic and shifts, the branch, the flags, the next pc.
//
// Stage 5 adds, does logic and half of a shift, and resolves a branch. Stage 6 does the
// other half and chooses the value: a result, or what is to be stored. s7_new_psw is
// stage 7's, combinational. s7_value also takes byte by byte what the memory stage reads
// (take_byte), and while the core is held what the host writes.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_execute (
  input  wire        clk,
  input  wire        advance_back,

  /* verilator lint_off UNUSEDSIGNAL */ // some bits of each
  input  wire [`HSX_CTL_BITS-1:0] s5_ctl, s6_ctl, s7_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire [31:0] s5_a,
  input  wire [31:0] s5_b,
  input  wire [31:0] s5_logic_b,
  input  wire [4:0]  s5_amount,
  input  wire [15:0] s5_next_pc,
  input  wire [3:0]  s5_psw,
  output wire        s5_mispredict,

  output reg  [31:0] s6_sum,
  output wire [31:0] s6_logic,         // half shifted
  output reg         s6_mispredict,
  input  wire        result_high_nonzero,

  input  wire        take_byte,
  input  wire [7:0]  byte_in,
  input  wire        held,
  input  wire [31:0] host_wdata,
  output reg  [31:0] s7_value,
  output reg  [15:0] s7_next_pc,
  output wire [3:0]  s7_new_psw
);
  // ---- stage 5 ----

  wire        s5_z     = s5_psw[`HSX_PSW_Z_BIT];
  wire        s5_c     = s5_psw[`HSX_PSW_C_BIT];
  wire        s5_taken = s5_ctl[`HSX_CTL_JUMP] || (s5_ctl[`HSX_CTL_JUMP_Z] && s5_z)
                      || (s5_ctl[`HSX_CTL_JUMP_NZ] && !s5_z);
  wire [1:0]  s5_carry_in = s5_ctl[`HSX_CTL_CARRY_IN];
  wire        s5_carry = s5_carry_in[1] ? s5_c : s5_carry_in[0];
  wire [32:0] s5_sum   = {1'b0, s5_a} + {1'b0, s5_b} + {32'd0, s5_carry};

  assign s5_mispredict = (s5_ctl[`HSX_CTL_JUMP_Z] || s5_ctl[`HSX_CTL_JUMP_NZ])
                      && (s5_taken != s5_ctl[`HSX_CTL_PREDICT]);

  wire [32:0] s5_half;
  reg  [32:0] s6_half;
  reg  [2:0]  s6_amount;
  reg         s6_a_sign;
  wire [31:0] s6_shifted, s6_reversed;
  wire        s6_shift_carry;

  hsx_shifter shifter (
    .a(s5_a), .b(s5_logic_b), .logic_op(s5_ctl[`HSX_CTL_LOGIC]),
    .kind(s5_ctl[`HSX_CTL_SHIFT_KIND]), .amount(s5_amount[4:3]), .old_c(s5_c), .half(s5_half),
    .half_q(s6_half), .amount_q(s6_amount), .kind_q(s6_ctl[`HSX_CTL_SHIFT_KIND]),
    .sign_q(s6_a_sign),
    .result(s6_shifted), .reversed(s6_reversed), .carry(s6_shift_carry)
  );

  reg        s6_carry, s6_b_sign, s6_taken;
  reg [15:0] s6_next_pc;
  reg [3:0]  s6_psw;

  always @(posedge clk)
    if (advance_back) begin
      {s6_carry, s6_sum} <= s5_sum;
      s6_half       <= s5_half;
      s6_amount     <= s5_amount[2:0];
      s6_a_sign     <= s5_a[31];
      s6_b_sign     <= s5_b[31];
      s6_mispredict <= s5_mispredict;
      s6_taken      <= s5_taken || s5_ctl[`HSX_CTL_CALL];
      s6_next_pc    <= s5_next_pc;
      s6_psw        <= s5_psw;
    end

  assign s6_logic = s6_half[32:1];

  // ---- stage 6 ----

  wire [1:0]  s6_flags    = s6_ctl[`HSX_CTL_FLAGS];
  wire        s6_call     = s6_ctl[`HSX_CTL_CALL];
  wire [1:0]  s6_from     = (take_byte || held) ? 2'd3 : s6_ctl[`HSX_CTL_RESULT];
  wire [31:0] s6_aside    = take_byte ? {byte_in, s7_value[31:8]} : host_wdata;
  wire [31:0] s6_value;

  hsx_mux4 #(.WIDTH(32)) mux_value (
    .select(s6_from), .d0(s6_sum), .d1(s6_shifted), .d2(s6_reversed), .d3(s6_aside),
    .q(s6_value)
  );

  // C and V of MUL: the product's high half is not zero.
  wire s6_product_high = s6_ctl[`HSX_CTL_PRODUCT] && result_high_nonzero;
  reg  s7_carry, s7_overflow;
  reg  [3:0] s7_psw; // before the instruction

  always @(posedge clk)
    if (advance_back || take_byte)
      s7_value <= s6_value;

  always @(posedge clk)
    if (advance_back) begin
      // a branch goes to its immediate without the sign
      s7_next_pc  <= s6_taken ? {s6_sum[15:12] & {4{s6_call}}, s6_sum[11:0]} : s6_next_pc;
      s7_psw      <= s6_psw;
      s7_carry    <= (s6_flags[1] ? (s6_flags[0] && s6_shift_carry) : s6_carry)
                  || s6_product_high;
      s7_overflow <= (!s6_flags[1] && (s6_a_sign == s6_b_sign) && (s6_sum[31] != s6_a_sign))
                  || s6_product_high;
    end

  // ---- stage 7: the flags ----

  wire s7_keeps_psw = (s7_ctl[`HSX_CTL_FLAGS] == `HSX_FLAGS_NONE) || s7_ctl[`HSX_CTL_CODE_FAULT];

  assign s7_new_psw = s7_keeps_psw ? s7_psw
                    : {s7_overflow, s7_value[31], s7_carry, s7_value == 32'd0};
endmodule

`default_nettype wire
