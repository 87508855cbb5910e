// SPDX-License-Identifier: Apache-2.0
// Stage 4: what stage 5 works on. The adder gets a and b, the logic and the shifter a and
// logic_b, which may be the result of the multi-cycle unit. With CODE_BANKS = 1 an LDI32 gets
// its immediate in stage 5.
`default_nettype none
`include "hsx_core.vh"

module hsx_operands #(
  parameter CODE_BANKS = 2
) (
  input  wire        clk,
  input  wire        advance_back,
  /* verilator lint_off UNUSEDSIGNAL */ // some bits
  input  wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire        s4_call_pc,
  input  wire [15:0] s4_pc,
  input  wire [15:0] s4_next_pc,
  input  wire [15:0] s4_return_pc,
  input  wire [31:0] s4_imm,
  input  wire [31:0] s4_a,
  input  wire [31:0] s4_b,
  input  wire [15:0] s4_sp,
  input  wire [3:0]  s4_psw,
  input  wire        s5_ldi32,
  input  wire [31:0] s5_ext,         // its second word, with one code bank
  input  wire        result_enters,
  input  wire [31:0] result_value,
  output reg  [31:0] s5_a,
  output wire [31:0] s5_b,
  output reg  [31:0] s5_logic_b,
  output reg  [4:0]  s5_amount,      // of a shift
  output reg  [12:0] s5_last_offset, // immediate + access size - 1
  output reg  [15:0] s5_next_pc,     // unless it branches
  output reg  [15:0] s5_sp,
  output reg  [3:0]  s5_psw
);
  reg  [31:0] s5_plain_b;
  assign s5_b = (CODE_BANKS == 1 && s5_ldi32) ? s5_ext : s5_plain_b;

  wire [1:0] s4_size        = s4_ctl[`HSX_CTL_SIZE];
  wire [1:0] s4_extra_bytes = {s4_size[1], s4_size != `HSX_SIZE_BYTE}; // 0, 1, 3

  always @(posedge clk)
    if (advance_back) begin
      if (s4_ctl[`HSX_CTL_ZERO_A])
        s5_a <= 32'd0;
      else
        s5_a <= s4_call_pc ? {16'd0, s4_pc} : s4_a;
      if (s4_ctl[`HSX_CTL_ONES] && !result_enters)
        s5_logic_b <= 32'hFFFFFFFF;
      else
        s5_logic_b <= result_enters          ? result_value
                    : s4_ctl[`HSX_CTL_CALL] ? {16'd0, s4_return_pc}
                    :                         s4_b;
      if (!s4_ctl[`HSX_CTL_SHIFT] || result_enters)
        s5_amount <= 5'd0;
      else
        s5_amount <= s4_b[4:0];
    end

  always @(posedge clk)
    if (advance_back) begin
      s5_plain_b     <= (s4_ctl[`HSX_CTL_USE_IMM] ? s4_imm : s4_b)
                      ^ {32{s4_ctl[`HSX_CTL_INVERT]}};
      s5_last_offset <= s4_imm[12:0] + {11'd0, s4_extra_bytes};
      s5_next_pc     <= s4_next_pc;
      s5_sp          <= s4_sp;
      s5_psw         <= s4_psw;
    end
endmodule

`default_nettype wire
