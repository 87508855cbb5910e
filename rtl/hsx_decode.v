// SPDX-License-Identifier: Apache-2.0
// Decoding, in stages 3 and 4: the control word and the immediate.
//
// What concerns operands and the next pc is decoded in stage 3, as soon as the word is
// there, the rest in stage 4. s4_ctl is complete but for what HSX_CTL_* says is found
// out by the end of stage 4. Nothing here is reset: the bits mean nothing in an empty
// stage.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_decode #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire        clk,
  input  wire        advance_front,
  input  wire [31:0] s3_word,
  input  wire [31:0] s3_ext,        // the word behind it
  input  wire        s3_call_words,
  output wire [`HSX_CTL_EARLY_BITS-1:0] s3_ctl,
  output wire        s3_b_is_rs1,
  output reg  [31:0] s4_insn,
  output reg  [31:0] s4_imm,
  output reg         s4_call_pc,    // a CALL whose rs1 field 0 stands for the pc
  output wire [`HSX_CTL_DECODED_BITS-1:0] s4_ctl
);
  wire        s3_imm_zero;
  wire [11:0] s3_imm     = s3_word[`HSX_FIELD_IMM];
  wire        s3_call    = s3_ctl[`HSX_CTL_CALL];
  wire        s3_call_pc = s3_call && (s3_word[`HSX_FIELD_RS1] == 4'd0);

  hsx_decode_operands #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) operands (
    .opcode(s3_word[`HSX_FIELD_OPCODE]), .ctl(s3_ctl), .b_is_rs1(s3_b_is_rs1),
    .imm_zero(s3_imm_zero)
  );

  always @(posedge clk)
    if (advance_front) begin
      if (s3_imm_zero)
        s4_imm <= 32'd0;
      else
        s4_imm <= s3_ctl[`HSX_CTL_LDI32]    ? s3_ext
                : (s3_call && s3_call_words) ? {{18{s3_imm[11]}}, s3_imm, 2'b00}
                :                              {{20{s3_imm[11]}}, s3_imm};
    end

  reg [`HSX_CTL_EARLY_BITS-1:0] s4_early;

  always @(posedge clk)
    if (advance_front) begin
      s4_insn    <= s3_word;
      s4_call_pc <= s3_call_pc;
      s4_early   <= s3_ctl;
      s4_early[`HSX_CTL_READ_A] <= s3_ctl[`HSX_CTL_READ_A] && !s3_call_pc;
      // Exactly, for the bounds of the fetch: another opcode has one word, and is illegal.
      s4_early[`HSX_CTL_LDI32]  <= s3_word[`HSX_FIELD_OPCODE] == `HSX_OP_LDI32;
    end

  assign s4_ctl[`HSX_CTL_EARLY_BITS-1:0] = s4_early;

  hsx_decode_effects #(.HAS_MULDIV(HAS_MULDIV), .HAS_FP16(HAS_FP16)) effects (
    .opcode(s4_insn[`HSX_FIELD_OPCODE]),
    .ctl(s4_ctl[`HSX_CTL_DECODED_BITS-1:`HSX_CTL_EARLY_BITS])
  );
endmodule

`default_nettype wire
