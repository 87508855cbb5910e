// The opcode as control bits, combinational. Everything is 0 for an opcode that
// is not in the table but `illegal`, so that such an instruction does nothing.
`default_nettype none

module hsx_decode #(
  parameter HAS_MULDIV = 1,
  parameter HAS_FP16   = 1
) (
  input  wire [7:0] opcode,
  output reg        illegal,
  output reg        write_rd,  // the result goes to rd
  output reg        read_a,    // rs1 is an operand
  output reg        read_b,    // rs2 is an operand (PUSH: rs1)
  output wire       b_is_rs1,  // known early: PUSH, and some that read neither
  output reg        zero_a,    // the adder's first operand is 0, not rs1
  output reg        use_imm,   // its second operand: immediate, else rs2
  output reg        imm_zero,  // the immediate is 0, whatever the field holds
  output reg        invert,    // second operand inverted
  output reg        ones,      // the logic's second operand is all ones, not rs2
  output reg [1:0]  carry_in,  // 0, 1, 2: the psw's C
  output reg [1:0]  result,    // 0 sum, 1 logic or right shift, 2 left shift
  output reg [1:0]  logic_op,  // 0 and, 1 or, 2 xor, 3 the second operand
  output reg        shift,     // the logic's result is shifted by rs2
  output reg        left,      // to the left
  output reg        arithmetic, // to the right, filling with the sign
  output reg [1:0]  flags,     // 0 none, 1 Z C N V, 2 Z N with C = V = 0, 3 the shifts'
  output reg        load,
  output reg        store,
  output reg [1:0]  size,      // of the access: 0 byte, 1 half, 2 word
  output reg        push,      // sp goes down (PUSH, CALL)
  output reg        pop,       // sp goes up (POP, RET)
  output reg        call,
  output reg        ret,
  output reg        jump,
  output reg        jump_z,    // conditional on Z = 1
  output reg        jump_nz,   // conditional on Z = 0
  output reg        svc,
  output reg        brk,
  output reg        ldi32,
  output reg        long_op    // MUL, DIV, binary16: operation opcode[2:0] or 6, 7
);
`include "hsx_isa.vh"

  // Of the opcodes with these bits only PUSH reads a second operand.
  assign b_is_rs1 = opcode[6] && !opcode[4];

  always @* begin
    illegal  = 1'b0;
    write_rd = 1'b0;
    read_a   = 1'b1;
    read_b   = 1'b1;
    zero_a   = 1'b0;
    use_imm  = 1'b0;
    imm_zero = 1'b0;
    invert   = 1'b0;
    ones     = 1'b0;
    carry_in = 2'd0;
    result   = 2'd0;
    logic_op = 2'd0;
    shift    = 1'b0;
    left     = 1'b0;
    arithmetic = 1'b0;
    flags    = 2'd0;
    load     = 1'b0;
    store    = 1'b0;
    size     = 2'd2;
    push     = 1'b0;
    pop      = 1'b0;
    call     = 1'b0;
    ret      = 1'b0;
    jump     = 1'b0;
    jump_z   = 1'b0;
    jump_nz  = 1'b0;
    svc      = 1'b0;
    brk      = 1'b0;
    ldi32    = 1'b0;
    long_op  = 1'b0;

    case (opcode)
      `HSX_OP_LDI: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        write_rd = 1'b1;
        zero_a   = 1'b1;
        use_imm  = 1'b1;
      end
      `HSX_OP_LDI32: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        write_rd = 1'b1;
        zero_a   = 1'b1;
        use_imm  = 1'b1;
        ldi32    = 1'b1;
      end
      `HSX_OP_LD, `HSX_OP_LDB, `HSX_OP_LDH: begin
        read_b   = 1'b0;
        write_rd = 1'b1;
        use_imm  = 1'b1;
        load     = 1'b1;
        size     = (opcode == `HSX_OP_LDB) ? 2'd0 : (opcode == `HSX_OP_LDH) ? 2'd1 : 2'd2;
      end
      `HSX_OP_ST, `HSX_OP_STB, `HSX_OP_STH: begin
        use_imm  = 1'b1;
        result   = 2'd1;
        logic_op = 2'd3;
        store    = 1'b1;
        size     = (opcode == `HSX_OP_STB) ? 2'd0 : (opcode == `HSX_OP_STH) ? 2'd1 : 2'd2;
      end
      `HSX_OP_MOV: begin
        read_b   = 1'b0;
        write_rd = 1'b1;
        use_imm  = 1'b1;
        imm_zero = 1'b1;
      end
      `HSX_OP_ADD: begin
        write_rd = 1'b1;
        flags    = 2'd1;
      end
      `HSX_OP_ADC: begin
        write_rd = 1'b1;
        carry_in = 2'd2;
        flags    = 2'd1;
      end
      `HSX_OP_SUB: begin
        write_rd = 1'b1;
        invert   = 1'b1;
        carry_in = 2'd1;
        flags    = 2'd1;
      end
      `HSX_OP_SBC: begin
        write_rd = 1'b1;
        invert   = 1'b1;
        carry_in = 2'd2;
        flags    = 2'd1;
      end
      `HSX_OP_CMP: begin
        invert   = 1'b1;
        carry_in = 2'd1;
        flags    = 2'd1;
      end
      `HSX_OP_AND: begin
        write_rd = 1'b1;
        result   = 2'd1;
        flags    = 2'd2;
      end
      `HSX_OP_OR: begin
        write_rd = 1'b1;
        result   = 2'd1;
        logic_op = 2'd1;
        flags    = 2'd2;
      end
      `HSX_OP_XOR: begin
        write_rd = 1'b1;
        result   = 2'd1;
        logic_op = 2'd2;
        flags    = 2'd2;
      end
      `HSX_OP_NOT: begin
        read_b   = 1'b0;
        write_rd = 1'b1;
        ones     = 1'b1;
        result   = 2'd1;
        logic_op = 2'd2;
        flags    = 2'd2;
      end
      `HSX_OP_LSL, `HSX_OP_LSR, `HSX_OP_ASR: begin
        write_rd   = 1'b1;
        ones       = 1'b1;
        result     = (opcode == `HSX_OP_LSL) ? 2'd2 : 2'd1;
        shift      = 1'b1;
        left       = (opcode == `HSX_OP_LSL);
        arithmetic = (opcode == `HSX_OP_ASR);
        flags      = 2'd3;
      end
      `HSX_OP_JMP: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        zero_a  = 1'b1;
        use_imm = 1'b1;
        jump    = 1'b1;
      end
      `HSX_OP_JZ: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        zero_a  = 1'b1;
        use_imm = 1'b1;
        jump_z  = 1'b1;
      end
      `HSX_OP_JNZ: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        zero_a  = 1'b1;
        use_imm = 1'b1;
        jump_nz = 1'b1;
      end
      `HSX_OP_CALL: begin
        read_b   = 1'b0;
        use_imm  = 1'b1;
        result   = 2'd1;
        logic_op = 2'd3;
        push     = 1'b1;
        call     = 1'b1;
        store    = 1'b1;
      end
      `HSX_OP_RET: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        pop  = 1'b1;
        ret  = 1'b1;
        load = 1'b1;
      end
      `HSX_OP_PUSH: begin
        result   = 2'd1;
        logic_op = 2'd3;
        push     = 1'b1;
        store    = 1'b1;
      end
      `HSX_OP_POP: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        write_rd = 1'b1;
        pop      = 1'b1;
        load     = 1'b1;
      end
      // The immediate travels as the result, for the trap port.
      `HSX_OP_SVC: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        zero_a   = 1'b1;
        use_imm  = 1'b1;
        svc      = 1'b1;
      end
      `HSX_OP_BRK: begin
        read_a   = 1'b0;
        read_b   = 1'b0;
        zero_a   = 1'b1;
        use_imm  = 1'b1;
        brk      = 1'b1;
      end
      // The operands of a long operation travel as the sum of rs1 and 0 and as the
      // logic's result. What is written comes later.
      `HSX_OP_MUL, `HSX_OP_DIV:
        if (HAS_MULDIV != 0) begin
          use_imm  = 1'b1;
          imm_zero = 1'b1;
          logic_op = 2'd3;
          long_op  = 1'b1;
        end else
          illegal = 1'b1;
      `HSX_OP_FADD, `HSX_OP_FSUB, `HSX_OP_FMUL, `HSX_OP_FDIV, `HSX_OP_I2F, `HSX_OP_F2I:
        if (HAS_FP16 != 0) begin
          use_imm  = 1'b1;
          imm_zero = 1'b1;
          logic_op = 2'd3;
          long_op  = 1'b1;
        end else
          illegal = 1'b1;
      default:
        illegal = 1'b1;
    endcase
  end
endmodule

`default_nettype wire
