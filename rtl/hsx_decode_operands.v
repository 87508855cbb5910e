// SPDX-License-Identifier: Apache-2.0
// What an opcode's operands are, and the next pc; combinational.
//
// The code memory's word comes late in the cycle. So all but read_a and read_b look at
// as few bits of the opcode as tell the instructions apart to which they matter, two
// levels of logic at most. What they are for other instructions, and for an opcode
// that is not in the table, has no effect: there the fault of hsx_decode_effects wins.
`default_nettype none

module hsx_decode_operands #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire [7:0] opcode,
  output reg        read_a,    // rs1 is an operand
  output reg        read_b,    // rs2 is an operand (PUSH: rs1)
  output wire       b_is_rs1,  // PUSH
  output wire       zero_a,    // the adder's first operand is 0, not rs1
  output wire       use_imm,   // its second operand: immediate, else rs2
  output wire       imm_zero,  // the immediate is 0, whatever the field holds
  output wire       invert,    // second operand inverted
  output wire       ones,      // the logic's second operand is all ones, not rs2
  output wire       shift,     // the logic's result is shifted by rs2
  output wire [1:0] size,      // of the access: 0 byte, 1 half, 2 word
  output wire       call,
  output wire       jump,
  output wire       jump_z,    // conditional on Z = 1
  output wire       jump_nz,   // conditional on Z = 0
  output wire       ldi32,
  output wire       long_op,   // MUL, DIV, binary16: operation opcode[2:0] or 6, 7
  output wire       late       // the next pc or the result is known late: these, CALL, RET
);
`include "hsx_isa.vh"

  wire [2:0] row = opcode[6:4];
  wire [2:0] low = opcode[2:0];

  assign b_is_rs1 = row[2] && !row[0];                       // 40
  assign ldi32    = row[2] && row[1] && !row[0];             // 60
  assign call     = row[1] && !row[0] && low[2] && !low[0];  // 24
  assign shift    = row[1] && row[0];                        // 31 to 33

  wire   jumps    = (row == 3'd2) && !low[2];                // 21 to 23
  assign jump     = jumps && low[1:0] == 2'd1;
  assign jump_z   = jumps && low[1:0] == 2'd2;
  assign jump_nz  = jumps && low[1:0] == 2'd3;

  // Of the accesses 6 to 9 are those of less than a word, the halves odd.
  wire   part     = (row == 3'd0) && (opcode[3] || (low[2] && low[1]));
  assign size     = {!part, part && low[0]};

  // LDI 01, JMP 21 to 23, SVC 30, LDI32 60, BRK 7F; not CMP 20, CALL 24, LSL to SBC 31 to 35
  wire   jumps_svc = !low[2] && ((low[1:0] != 2'd0) ^ row[0]);
  wire   ldi       = !row[0] && !opcode[3] && low[2:1] == 2'd0;
  assign zero_a    = row[1] ? row[2] || jumps_svc : !row[2] && ldi;

  // not ADD 10, SUB 11, CMP 20, ADC 34, SBC 35; MUL and DIV are 12 and 13
  wire   two_sums  = row[1] ? (row[0] ? low[2] : low[2:1] == 2'd0) : row[0] && !low[1];
  wire   jumps_row = row[1] && !row[0];
  assign use_imm   = row[2] || !(two_sums && !(jumps_row && low[0]));
  // SUB, CMP, SBC
  wire   subtracts = row[0] ? low[0] && (!low[1] || row[1]) : row[1] && low[1:0] == 2'd0;
  assign invert    = subtracts && !row[2] && (row[0] || !low[2]);
  // MOV 04, and the operand rs1 of MUL, DIV and binary16 travels as a sum with 0
  assign imm_zero  = !row[1] && (row[0] || (low[2] && !low[1]));
  // NOT 17, and the shifts
  assign ones      = row[0] && (row[1] || low == 3'd7);

  wire   muldiv   = !row[2] && !low[2] && low[1]; // 12, 13
  assign long_op  = row[0] && !row[1]
                 && ((row[2] && HAS_FP16 != 0) || (muldiv && HAS_MULDIV != 0));
  assign late     = long_op || (jumps_row && low[2]);        // CALL 24, RET 25

  always @* begin
    read_a = 1'b1;
    read_b = 1'b1;
    case (opcode)
      `HSX_OP_LDI, `HSX_OP_LDI32, `HSX_OP_JMP, `HSX_OP_JZ, `HSX_OP_JNZ, `HSX_OP_RET, `HSX_OP_POP,
      `HSX_OP_SVC, `HSX_OP_BRK: begin
        read_a = 1'b0;
        read_b = 1'b0;
      end
      `HSX_OP_LD, `HSX_OP_LDB, `HSX_OP_LDH, `HSX_OP_MOV, `HSX_OP_NOT, `HSX_OP_CALL:
        read_b = 1'b0;
      default: ;
    endcase
  end
endmodule

`default_nettype wire
