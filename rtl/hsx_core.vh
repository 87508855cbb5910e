// SPDX-License-Identifier: Apache-2.0
// Encodings that files of rtl/ share, besides those that are made from tables.
`ifndef HSX_CORE_VH
`define HSX_CORE_VH

// The control word: what the decoder says of an instruction, to be used as a select.
// It travels with the instruction from stage 4 to 8 (hsx_stages).
//
// Decoded in stage 3, hsx_decode_operands.
`define HSX_CTL_READ_A 0          // rs1 is an operand
`define HSX_CTL_READ_B 1          // rs2 is an operand (PUSH: rs1)
`define HSX_CTL_ZERO_A 2          // the adder's first operand is 0, not rs1
`define HSX_CTL_USE_IMM 3         // its second operand is the immediate, not rs2
`define HSX_CTL_INVERT 4          // its second operand is inverted
`define HSX_CTL_ONES 5            // the logic's second operand is all ones, not rs2
`define HSX_CTL_SHIFT 6           // the logic's result is shifted by rs2
`define HSX_CTL_CALL 7
`define HSX_CTL_JUMP 8
`define HSX_CTL_JUMP_Z 9          // conditional on Z = 1
`define HSX_CTL_JUMP_NZ 10        // conditional on Z = 0
`define HSX_CTL_LDI32 11
`define HSX_CTL_MULTICYCLE 12     // MUL, DIV, binary16
`define HSX_CTL_LATE 13           // the next pc or the result is known late
`define HSX_CTL_SIZE 14 +: 2      // of the access: HSX_SIZE_*
`define HSX_CTL_EARLY_BITS 16
// Decoded in stage 4, hsx_decode_effects.
`define HSX_CTL_ILLEGAL 16
`define HSX_CTL_WRITE_RD 17       // the result goes to rd; not set for a multi-cycle instruction
`define HSX_CTL_LOAD 18
`define HSX_CTL_STORE 19
`define HSX_CTL_STACK 20          // sp changes, and R15 with it
`define HSX_CTL_PUSH 21           // with STACK: sp goes down (PUSH, CALL)
`define HSX_CTL_RET 22
`define HSX_CTL_SVC 23
`define HSX_CTL_BRK 24
`define HSX_CTL_CARRY_IN 25 +: 2  // of the adder: HSX_CARRY_*
`define HSX_CTL_RESULT 27 +: 2    // HSX_RESULT_*
`define HSX_CTL_LOGIC 29 +: 2     // HSX_LOGIC_*
`define HSX_CTL_SHIFT_KIND 31 +: 2 // HSX_SHIFT_*
`define HSX_CTL_FLAGS 33 +: 2     // HSX_FLAGS_*
`define HSX_CTL_DECODED_BITS 35
// Found out by the end of stage 4.
`define HSX_CTL_CODE_FAULT 35     // the fetch faults
`define HSX_CTL_NO_WORD 36        // even its first word is out of bounds
`define HSX_CTL_PROTECT 37        // the task's accesses are confined
`define HSX_CTL_PREDICT 38        // a branch is expected to be taken
`define HSX_CTL_CALLED 39         // the target of a CALL has gone to the early pc
`define HSX_CTL_REPLAY 40         // finds the multi-cycle unit busy: is to be issued again
`define HSX_CTL_FIRST 41          // opens its task's turn
`define HSX_CTL_ENDS 42           // closes it
`define HSX_CTL_IS_RESULT 43      // no instruction, but the result of the multi-cycle unit
`define HSX_CTL_LOW_HALF 44       // only the low half of rd is written
`define HSX_CTL_PRODUCT 45        // the result is MUL's
`define HSX_CTL_BITS 46

`define HSX_SIZE_BYTE 2'd0
`define HSX_SIZE_HALF 2'd1
`define HSX_SIZE_WORD 2'd2

`define HSX_CARRY_0 2'd0
`define HSX_CARRY_1 2'd1
`define HSX_CARRY_C 2'd2          // the psw's C

`define HSX_RESULT_SUM 2'd0
`define HSX_RESULT_LOGIC 2'd1     // or a shift to the right
`define HSX_RESULT_REVERSED 2'd2  // a shift to the left

`define HSX_LOGIC_AND 2'd0
`define HSX_LOGIC_OR 2'd1
`define HSX_LOGIC_XOR 2'd2
`define HSX_LOGIC_B 2'd3          // the second operand

// The kinds of shift; one number is free.
`define HSX_SHIFT_LSR 2'd0
`define HSX_SHIFT_ASR 2'd1
`define HSX_SHIFT_LSL 2'd2

`define HSX_FLAGS_NONE 2'd0
`define HSX_FLAGS_SUM 2'd1        // Z C N V of the sum
`define HSX_FLAGS_LOGIC 2'd2      // Z N, and C = V = 0
`define HSX_FLAGS_SHIFT 2'd3      // Z N, V = 0, and C is the last bit out

// Operations of the multi-cycle unit. Binary16's are the low bits of their opcodes.
`define HSX_MULTI_FADD 3'd0
`define HSX_MULTI_FSUB 3'd1
`define HSX_MULTI_FMUL 3'd2
`define HSX_MULTI_FDIV 3'd3
`define HSX_MULTI_I2F 3'd4
`define HSX_MULTI_F2I 3'd5
`define HSX_MULTI_MUL 3'd6
`define HSX_MULTI_DIV 3'd7

// Why a stage is empty, in place of its slot.
`define HSX_EMPTY_NO_TASK 2'd0    // no task was ready
`define HSX_EMPTY_OWN_RESULT 2'd1 // waits for the task's instruction before
`define HSX_EMPTY_MULTICYCLE 2'd2 // waits for the multi-cycle unit, or for an LDI32's second word
`define HSX_EMPTY_SQUASHED 2'd3

`endif
