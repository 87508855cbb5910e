// SPDX-License-Identifier: Apache-2.0
// One instruction, as the contract says it, when nothing is refused: what it writes, given what it
// reads. It shares the opcodes with the core, and nothing else. MUL, DIV and binary16 are not in it.
`default_nettype none
`include "hsx_isa.vh"

module hsx_instruction (
  input  wire [31:0] insn,
  input  wire [31:0] ext,        // the word behind it
  input  wire        call_words, // CALL counts in words
  input  wire [15:0] pc, sp, depth,
  input  wire [3:0]  psw,        // Z, C, N, V from bit 0 on
  input  wire [31:0] a, b,       // rs1, and rs2 or what PUSH stores
  input  wire [31:0] loaded,     // from memory, above its bytes 0

  output reg         writes,     // rd
  output reg  [31:0] value,
  output wire        stack,      // sp changes, and R15 with it
  output wire        loads, stores,
  output reg  [2:0]  width,
  output reg  [31:0] stored,     // above its bytes 0
  output wire [15:0] new_sp, new_depth,
  output reg  [15:0] next_pc,
  output reg  [3:0]  new_psw
);
  wire [7:0]  op   = insn[31:24];
  wire [31:0] simm = {{20{insn[11]}}, insn[11:0]};
  wire        z = psw[0], c = psw[1];

  wire push = op == `HSX_OP_PUSH, pop = op == `HSX_OP_POP;
  wire call = op == `HSX_OP_CALL, ret = op == `HSX_OP_RET;

  assign stack  = push || pop || call || ret;
  assign loads  = op == `HSX_OP_LD || op == `HSX_OP_LDH || op == `HSX_OP_LDB || pop || ret;
  assign stores = op == `HSX_OP_ST || op == `HSX_OP_STH || op == `HSX_OP_STB || push || call;
  assign new_sp = (push || call) ? sp - 16'd4 : (pop || ret) ? sp + 16'd4 : sp;
  assign new_depth = (depth == 16'hFFFF) ? depth : call ? depth + 16'd1 : ret ? depth - 16'd1 : depth;

  // Sums as integers without a sign and with one, which do not overflow.
  wire [33:0] plain = (op == `HSX_OP_ADD) ? {2'd0, a} + {2'd0, b}
                    : (op == `HSX_OP_ADC) ? {2'd0, a} + {2'd0, b} + {33'd0, c}
                    : (op == `HSX_OP_SBC) ? {2'd0, a} - {2'd0, b} - {33'd0, !c}
                    :                       {2'd0, a} - {2'd0, b};
  wire [33:0] sa = {{2{a[31]}}, a}, sb = {{2{b[31]}}, b};
  wire [33:0] signs = (op == `HSX_OP_ADD) ? sa + sb
                    : (op == `HSX_OP_ADC) ? sa + sb + {33'd0, c}
                    : (op == `HSX_OP_SBC) ? sa - sb - {33'd0, !c}
                    :                       sa - sb;
  wire        adds     = op == `HSX_OP_ADD || op == `HSX_OP_ADC;
  wire        carry    = adds ? plain[32] : !plain[33];
  wire        overflow = !(signs[33:31] == 3'd0 || signs[33:31] == 3'd7);

  // Shifts with the bit that falls out last.
  wire [4:0]         n     = b[4:0];
  wire [32:0]        left  = {1'b0, a} << n;
  wire [32:0]        right = {a, 1'b0} >> n;
  wire signed [32:0] arith = $signed({a, 1'b0}) >>> n;

  wire [31:0] base = (insn[19:16] == 4'd0) ? {16'd0, pc} : a;
  wire [31:0] target = base + (call_words ? {simm[29:0], 2'd0} : simm);

  always @* begin
    writes  = 1'b1;
    value   = 32'd0;
    width   = 3'd4;
    stored  = b;
    next_pc = pc + 16'd4;
    new_psw = psw;
    case (op)
      `HSX_OP_LDI:   value = simm;
      `HSX_OP_LDI32: begin value = ext; next_pc = pc + 16'd8; end
      `HSX_OP_MOV:   value = a;
      `HSX_OP_LD, `HSX_OP_POP: value = loaded;
      `HSX_OP_LDH: begin value = {16'd0, loaded[15:0]}; width = 3'd2; end
      `HSX_OP_LDB: begin value = {24'd0, loaded[7:0]}; width = 3'd1; end
      `HSX_OP_STH: begin writes = 1'b0; stored = {16'd0, b[15:0]}; width = 3'd2; end
      `HSX_OP_STB: begin writes = 1'b0; stored = {24'd0, b[7:0]}; width = 3'd1; end
      `HSX_OP_ADD, `HSX_OP_SUB, `HSX_OP_ADC, `HSX_OP_SBC: value = plain[31:0];
      `HSX_OP_AND:   value = a & b;
      `HSX_OP_OR:    value = a | b;
      `HSX_OP_XOR:   value = a ^ b;
      `HSX_OP_NOT:   value = ~a;
      `HSX_OP_LSL:   value = left[31:0];
      `HSX_OP_LSR:   value = right[32:1];
      `HSX_OP_ASR:   value = arith[32:1];
      `HSX_OP_CALL: begin
        writes  = 1'b0;
        stored  = {16'd0, pc + 16'd4};
        next_pc = target[15:0];
      end
      `HSX_OP_RET: begin writes = 1'b0; next_pc = loaded[15:0]; end
      `HSX_OP_JMP: begin writes = 1'b0; next_pc = {4'd0, insn[11:0]}; end
      `HSX_OP_JZ:  begin writes = 1'b0; if (z) next_pc = {4'd0, insn[11:0]}; end
      `HSX_OP_JNZ: begin writes = 1'b0; if (!z) next_pc = {4'd0, insn[11:0]}; end
      default:       writes = 1'b0;
    endcase
    case (op)
      `HSX_OP_ADD, `HSX_OP_SUB, `HSX_OP_ADC, `HSX_OP_SBC, `HSX_OP_CMP:
        new_psw = {overflow, plain[31], carry, plain[31:0] == 32'd0};
      `HSX_OP_AND, `HSX_OP_OR, `HSX_OP_XOR, `HSX_OP_NOT:
        new_psw = {1'b0, value[31], 1'b0, value == 32'd0};
      `HSX_OP_LSL: new_psw = {1'b0, value[31], (n == 5'd0) ? c : left[32], value == 32'd0};
      `HSX_OP_LSR: new_psw = {1'b0, value[31], (n == 5'd0) ? c : right[0], value == 32'd0};
      `HSX_OP_ASR: new_psw = {1'b0, value[31], (n == 5'd0) ? c : arith[0], value == 32'd0};
      default: ;
    endcase
  end
endmodule

`default_nettype wire
