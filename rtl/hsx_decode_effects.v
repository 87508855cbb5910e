// SPDX-License-Identifier: Apache-2.0
// What an opcode does with its operands, combinational: the upper part of the control
// word. Everything is 0 for an opcode that is not in the table but ILLEGAL.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_decode_effects #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire [7:0] opcode,
  output reg  [`HSX_CTL_DECODED_BITS-1:`HSX_CTL_EARLY_BITS] ctl
);

  function [`HSX_CTL_DECODED_BITS-1:`HSX_CTL_EARLY_BITS] shift(input [1:0] kind);
    begin
      shift = {`HSX_CTL_DECODED_BITS-`HSX_CTL_EARLY_BITS{1'b0}};
      shift[`HSX_CTL_WRITE_RD]   = 1'b1;
      shift[`HSX_CTL_SHIFT_KIND] = kind;
      shift[`HSX_CTL_RESULT]     = (kind == `HSX_SHIFT_LSL) ? `HSX_RESULT_REVERSED
                                                            : `HSX_RESULT_LOGIC;
      shift[`HSX_CTL_FLAGS]      = `HSX_FLAGS_SHIFT;
    end
  endfunction

  always @* begin
    ctl = {`HSX_CTL_DECODED_BITS-`HSX_CTL_EARLY_BITS{1'b0}};

    case (opcode)
      `HSX_OP_LDI, `HSX_OP_LDI32, `HSX_OP_MOV:
        ctl[`HSX_CTL_WRITE_RD] = 1'b1;
      `HSX_OP_LD, `HSX_OP_LDB, `HSX_OP_LDH: begin
        ctl[`HSX_CTL_WRITE_RD] = 1'b1;
        ctl[`HSX_CTL_LOAD]     = 1'b1;
      end
      `HSX_OP_ST, `HSX_OP_STB, `HSX_OP_STH: begin
        ctl[`HSX_CTL_RESULT] = `HSX_RESULT_LOGIC;
        ctl[`HSX_CTL_LOGIC]  = `HSX_LOGIC_B;
        ctl[`HSX_CTL_STORE]  = 1'b1;
      end
      `HSX_OP_ADD, `HSX_OP_SUB, `HSX_OP_ADC, `HSX_OP_SBC: begin
        ctl[`HSX_CTL_WRITE_RD] = 1'b1;
        ctl[`HSX_CTL_CARRY_IN] = (opcode == `HSX_OP_ADD) ? `HSX_CARRY_0
                               : (opcode == `HSX_OP_SUB) ? `HSX_CARRY_1 : `HSX_CARRY_C;
        ctl[`HSX_CTL_FLAGS]    = `HSX_FLAGS_SUM;
      end
      `HSX_OP_CMP: begin
        ctl[`HSX_CTL_CARRY_IN] = `HSX_CARRY_1;
        ctl[`HSX_CTL_FLAGS]    = `HSX_FLAGS_SUM;
      end
      `HSX_OP_AND, `HSX_OP_OR, `HSX_OP_XOR, `HSX_OP_NOT: begin
        ctl[`HSX_CTL_WRITE_RD] = 1'b1;
        ctl[`HSX_CTL_RESULT]   = `HSX_RESULT_LOGIC;
        ctl[`HSX_CTL_LOGIC]    = (opcode == `HSX_OP_AND) ? `HSX_LOGIC_AND
                               : (opcode == `HSX_OP_OR) ? `HSX_LOGIC_OR : `HSX_LOGIC_XOR;
        ctl[`HSX_CTL_FLAGS]    = `HSX_FLAGS_LOGIC;
      end
      `HSX_OP_LSL: ctl = shift(`HSX_SHIFT_LSL);
      `HSX_OP_LSR: ctl = shift(`HSX_SHIFT_LSR);
      `HSX_OP_ASR: ctl = shift(`HSX_SHIFT_ASR);
      `HSX_OP_CALL, `HSX_OP_PUSH: begin
        ctl[`HSX_CTL_RESULT] = `HSX_RESULT_LOGIC;
        ctl[`HSX_CTL_LOGIC]  = `HSX_LOGIC_B;
        ctl[`HSX_CTL_STORE]  = 1'b1;
        ctl[`HSX_CTL_STACK]  = 1'b1;
        ctl[`HSX_CTL_PUSH]   = 1'b1;
      end
      `HSX_OP_RET: begin
        ctl[`HSX_CTL_RET]   = 1'b1;
        ctl[`HSX_CTL_LOAD]  = 1'b1;
        ctl[`HSX_CTL_STACK] = 1'b1;
      end
      `HSX_OP_POP: begin
        ctl[`HSX_CTL_WRITE_RD] = 1'b1;
        ctl[`HSX_CTL_LOAD]     = 1'b1;
        ctl[`HSX_CTL_STACK]    = 1'b1;
      end
      `HSX_OP_JMP, `HSX_OP_JZ, `HSX_OP_JNZ: ;
      `HSX_OP_SVC:
        ctl[`HSX_CTL_SVC] = 1'b1;
      `HSX_OP_BRK:
        ctl[`HSX_CTL_BRK] = 1'b1;
      `HSX_OP_MUL, `HSX_OP_DIV: begin
        ctl[`HSX_CTL_LOGIC]   = `HSX_LOGIC_B;
        ctl[`HSX_CTL_ILLEGAL] = (HAS_MULDIV == 0);
      end
      `HSX_OP_FADD, `HSX_OP_FSUB, `HSX_OP_FMUL, `HSX_OP_FDIV, `HSX_OP_I2F, `HSX_OP_F2I: begin
        ctl[`HSX_CTL_LOGIC]   = `HSX_LOGIC_B;
        ctl[`HSX_CTL_ILLEGAL] = (HAS_FP16 == 0);
      end
      default:
        ctl[`HSX_CTL_ILLEGAL] = 1'b1;
    endcase
  end
endmodule

`default_nettype wire
