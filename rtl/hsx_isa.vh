// SPDX-License-Identifier: Apache-2.0
// Made from refvm/include/hsx/isa.def and refvm/include/hsx/machine.h by isa_gen; the build
// target isa-files makes it anew, a test fails when it is stale.
`ifndef HSX_ISA_VH
`define HSX_ISA_VH

// Fields of an instruction word, to be used as a part select.
`define HSX_FIELD_OPCODE 31:24
`define HSX_FIELD_RD 23:20
`define HSX_FIELD_RS1 19:16
`define HSX_FIELD_RS2 15:12
`define HSX_FIELD_IMM 11:0
`define HSX_FIELD_IMM_SIGN 11

// Opcodes.
`define HSX_OP_LDI 8'h01
`define HSX_OP_LD 8'h02
`define HSX_OP_ST 8'h03
`define HSX_OP_MOV 8'h04
`define HSX_OP_LDB 8'h06
`define HSX_OP_LDH 8'h07
`define HSX_OP_STB 8'h08
`define HSX_OP_STH 8'h09
`define HSX_OP_ADD 8'h10
`define HSX_OP_SUB 8'h11
`define HSX_OP_MUL 8'h12
`define HSX_OP_DIV 8'h13
`define HSX_OP_AND 8'h14
`define HSX_OP_OR 8'h15
`define HSX_OP_XOR 8'h16
`define HSX_OP_NOT 8'h17
`define HSX_OP_CMP 8'h20
`define HSX_OP_JMP 8'h21
`define HSX_OP_JZ 8'h22
`define HSX_OP_JNZ 8'h23
`define HSX_OP_CALL 8'h24
`define HSX_OP_RET 8'h25
`define HSX_OP_SVC 8'h30
`define HSX_OP_LSL 8'h31
`define HSX_OP_LSR 8'h32
`define HSX_OP_ASR 8'h33
`define HSX_OP_ADC 8'h34
`define HSX_OP_SBC 8'h35
`define HSX_OP_PUSH 8'h40
`define HSX_OP_POP 8'h41
`define HSX_OP_FADD 8'h50
`define HSX_OP_FSUB 8'h51
`define HSX_OP_FMUL 8'h52
`define HSX_OP_FDIV 8'h53
`define HSX_OP_I2F 8'h54
`define HSX_OP_F2I 8'h55
`define HSX_OP_LDI32 8'h60
`define HSX_OP_BRK 8'h7F

// Bit numbers of the psw.
`define HSX_PSW_Z_BIT 0
`define HSX_PSW_C_BIT 1
`define HSX_PSW_N_BIT 2
`define HSX_PSW_V_BIT 3

// Numbers of refvm/include/hsx/machine.h.
`define HSX_ENOSYS 32'hFFFFFF01
`define HSX_FAULT_STACK_UNDERFLOW 32'hFFFFFF02
`define HSX_FAULT_STACK_OVERFLOW 32'hFFFFFF03
`define HSX_FAULT_MEM 32'hFFFFFF04
`define HSX_FAULT_DIV_ZERO 32'hFFFFFF05
`define HSX_FAULT_ILLEGAL_OPCODE 32'hFFFFFF06
`define HSX_FAULT_CODE 32'hFFFFFF07
`define HSX_FREE 4'h0
`define HSX_READY 4'h1
`define HSX_RUNNING 4'h2
`define HSX_TRAPPED 4'h3
`define HSX_WAIT_MBX 4'h4
`define HSX_SLEEP 4'h5
`define HSX_PAUSED 4'h6
`define HSX_RETURNED 4'h7
`define HSX_EXITED 4'h8
`define HSX_FAULTED 4'h9
`define HSX_EV_RETIRE 3'h0
`define HSX_EV_FAULT 3'h1
`define HSX_EV_RETURN 3'h2
`define HSX_EV_SVC 3'h3
`define HSX_EV_BRK 3'h4
`define HSX_EV_TICK 3'h5
`define HSX_EV_COMPLETE 3'h6
`define HSX_EV_EXTERNAL 3'h7
`define HSX_STOP_STEPS 4'h0
`define HSX_STOP_RECORDS 4'h1
`define HSX_STOP_SVC 4'h2
`define HSX_STOP_BRK 4'h3
`define HSX_STOP_FAULT 4'h4
`define HSX_STOP_RETURN 4'h5
`define HSX_STOP_ALARM 4'h6
`define HSX_STOP_IDLE 4'h7
`define HSX_PSW_Z 4'h1
`define HSX_PSW_C 4'h2
`define HSX_PSW_N 4'h4
`define HSX_PSW_V 4'h8
`define HSX_CTX_PROTECT 2'h1
`define HSX_CTX_CALL_WORDS 2'h2
`define HSX_SHARED_PAGE 16'h1000
`define HSX_WINDOW_START 16'h1000
`define HSX_WINDOW_END 16'h4000
`define HSX_DATA_LINK 16'h4000

`endif
