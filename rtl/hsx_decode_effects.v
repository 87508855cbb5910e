// SPDX-License-Identifier: Apache-2.0
// What an opcode does with its operands, combinational. Everything is 0 for an opcode
// that is not in the table but `illegal`.
`default_nettype none

module hsx_decode_effects #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire [7:0] opcode,
  output reg        illegal,
  output reg        write_rd,   // the result goes to rd; that of a long operation comes later
  output reg [1:0]  carry_in,   // 0, 1, 2: the psw's C
  output reg [1:0]  result,     // 0 sum, 1 logic or right shift, 2 left shift
  output reg [1:0]  logic_op,   // 0 and, 1 or, 2 xor, 3 the second operand
  output reg        left,       // the shift's direction
  output reg        arithmetic, // to the right, filling with the sign
  output reg [1:0]  flags,      // 0 none, 1 Z C N V, 2 Z N with C = V = 0, 3 the shifts'
  output reg        load,
  output reg        store,
  output reg        push,       // sp goes down (PUSH, CALL)
  output reg        pop,        // sp goes up (POP, RET)
  output reg        ret,
  output reg        svc,
  output reg        brk
);
`include "hsx_isa.vh"

  always @* begin
    illegal    = 1'b0;
    write_rd   = 1'b0;
    carry_in   = 2'd0;
    result     = 2'd0;
    logic_op   = 2'd0;
    left       = 1'b0;
    arithmetic = 1'b0;
    flags      = 2'd0;
    load       = 1'b0;
    store      = 1'b0;
    push       = 1'b0;
    pop        = 1'b0;
    ret        = 1'b0;
    svc        = 1'b0;
    brk        = 1'b0;

    case (opcode)
      `HSX_OP_LDI, `HSX_OP_LDI32, `HSX_OP_MOV:
        write_rd = 1'b1;
      `HSX_OP_LD, `HSX_OP_LDB, `HSX_OP_LDH: begin
        write_rd = 1'b1;
        load     = 1'b1;
      end
      `HSX_OP_ST, `HSX_OP_STB, `HSX_OP_STH: begin
        result   = 2'd1;
        logic_op = 2'd3;
        store    = 1'b1;
      end
      `HSX_OP_ADD, `HSX_OP_ADC, `HSX_OP_SUB, `HSX_OP_SBC: begin
        write_rd = 1'b1;
        carry_in = (opcode == `HSX_OP_ADD) ? 2'd0 : (opcode == `HSX_OP_SUB) ? 2'd1 : 2'd2;
        flags    = 2'd1;
      end
      `HSX_OP_CMP: begin
        carry_in = 2'd1;
        flags    = 2'd1;
      end
      `HSX_OP_AND, `HSX_OP_OR, `HSX_OP_XOR, `HSX_OP_NOT: begin
        write_rd = 1'b1;
        result   = 2'd1;
        logic_op = (opcode == `HSX_OP_AND) ? 2'd0 : (opcode == `HSX_OP_OR) ? 2'd1 : 2'd2;
        flags    = 2'd2;
      end
      `HSX_OP_LSL, `HSX_OP_LSR, `HSX_OP_ASR: begin
        write_rd   = 1'b1;
        result     = (opcode == `HSX_OP_LSL) ? 2'd2 : 2'd1;
        left       = (opcode == `HSX_OP_LSL);
        arithmetic = (opcode == `HSX_OP_ASR);
        flags      = 2'd3;
      end
      `HSX_OP_CALL, `HSX_OP_PUSH: begin
        result   = 2'd1;
        logic_op = 2'd3;
        push     = 1'b1;
        store    = 1'b1;
      end
      `HSX_OP_RET: begin
        pop      = 1'b1;
        ret      = 1'b1;
        load     = 1'b1;
      end
      `HSX_OP_POP: begin
        write_rd = 1'b1;
        pop      = 1'b1;
        load     = 1'b1;
      end
      `HSX_OP_JMP, `HSX_OP_JZ, `HSX_OP_JNZ: ;
      `HSX_OP_SVC:
        svc      = 1'b1;
      `HSX_OP_BRK:
        brk      = 1'b1;
      `HSX_OP_MUL, `HSX_OP_DIV: begin
        logic_op = 2'd3;
        illegal  = (HAS_MULDIV == 0);
      end
      `HSX_OP_FADD, `HSX_OP_FSUB, `HSX_OP_FMUL, `HSX_OP_FDIV, `HSX_OP_I2F, `HSX_OP_F2I: begin
        logic_op = 2'd3;
        illegal  = (HAS_FP16 == 0);
      end
      default:
        illegal  = 1'b1;
    endcase
  end
endmodule

`default_nettype wire
