// SPDX-License-Identifier: Apache-2.0
// What an opcode's operands are, and the next pc; combinational: the lower part of the
// control word.
//
// The code memory's word comes late in the cycle. So all but READ_A and READ_B look at
// as few bits of the opcode as tell the instructions apart to which they matter, two
// levels of logic at most. What they are for other instructions, and for an opcode
// that is not in the table, has no effect: there the fault of hsx_decode_effects wins.
`default_nettype none
`include "hsx_core.vh"
`include "hsx_isa.vh"

module hsx_decode_operands #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire [7:0] opcode,
  output wire [`HSX_CTL_EARLY_BITS-1:0] ctl,
  output wire       b_is_rs1,  // PUSH: its operand rs1 comes at port b
  output wire       imm_zero   // the immediate is 0, whatever the field holds
);
  reg read_a;
  reg read_b;

  wire [2:0] row = opcode[6:4];
  wire [2:0] low = opcode[2:0];

  assign b_is_rs1 = row[2] && !row[0];                                      // 40
  assign ctl[`HSX_CTL_LDI32] = row[2] && row[1] && !row[0];                 // 60
  assign ctl[`HSX_CTL_CALL]  = row[1] && !row[0] && low[2] && !low[0];      // 24
  assign ctl[`HSX_CTL_SHIFT] = row[1] && row[0];                            // 31 to 33

  wire jumps = (row == 3'd2) && !low[2];                                    // 21 to 23
  assign ctl[`HSX_CTL_JUMP]    = jumps && low[1:0] == 2'd1;
  assign ctl[`HSX_CTL_JUMP_Z]  = jumps && low[1:0] == 2'd2;
  assign ctl[`HSX_CTL_JUMP_NZ] = jumps && low[1:0] == 2'd3;

  // Of the accesses 6 to 9 are those of less than a word, the halves odd.
  wire part = (row == 3'd0) && (opcode[3] || (low[2] && low[1]));
  assign ctl[`HSX_CTL_SIZE] = {!part, part && low[0]};

  // LDI 01, JMP 21 to 23, SVC 30, LDI32 60, BRK 7F; not CMP 20, CALL 24, LSL to SBC 31 to 35
  wire jumps_svc = !low[2] && ((low[1:0] != 2'd0) ^ row[0]);
  wire ldi       = !row[0] && !opcode[3] && low[2:1] == 2'd0;
  assign ctl[`HSX_CTL_ZERO_A] = row[1] ? row[2] || jumps_svc : !row[2] && ldi;

  // not ADD 10, SUB 11, CMP 20, ADC 34, SBC 35; MUL and DIV are 12 and 13
  wire two_sums  = row[1] ? (row[0] ? low[2] : low[2:1] == 2'd0) : row[0] && !low[1];
  wire jumps_row = row[1] && !row[0];
  assign ctl[`HSX_CTL_USE_IMM] = row[2] || !(two_sums && !(jumps_row && low[0]));
  // SUB, CMP, SBC
  wire subtracts = row[0] ? low[0] && (!low[1] || row[1]) : row[1] && low[1:0] == 2'd0;
  assign ctl[`HSX_CTL_INVERT] = subtracts && !row[2] && (row[0] || !low[2]);
  // MOV 04, and the operand rs1 of MUL, DIV and binary16 travels as a sum with 0
  assign imm_zero = !row[1] && (row[0] || (low[2] && !low[1]));
  // NOT 17, and the shifts
  assign ctl[`HSX_CTL_ONES] = row[0] && (row[1] || low == 3'd7);

  // MUL 12, DIV 13; binary16 50 to 55
  wire muldiv     = !row[2] && !low[2] && low[1];
  wire multicycle = row[0] && !row[1]
                 && ((row[2] && HAS_FP16 != 0) || (muldiv && HAS_MULDIV != 0));
  assign ctl[`HSX_CTL_MULTICYCLE] = multicycle;
  assign ctl[`HSX_CTL_LATE]       = multicycle || (jumps_row && low[2]);    // CALL 24, RET 25

  assign ctl[`HSX_CTL_READ_A] = read_a;
  assign ctl[`HSX_CTL_READ_B] = read_b;

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
