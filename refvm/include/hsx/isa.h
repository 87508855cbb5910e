// SPDX-License-Identifier: Apache-2.0
/*
 * The instruction set (contract section 2), generated from the table
 * refvm/include/hsx/isa.def: opcodes, names, operands, flags, faults, positions of
 * fields.
 */
#ifndef HSX_ISA_H
#define HSX_ISA_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hsx_opcode {
#define HSX_INSN(opcode, name, operands, flags, faults, effect) HSX_OP_##name = (opcode),
#include "isa.def"
#undef HSX_INSN
};

/* Which fields an instruction uses and how assembly writes them. */
enum hsx_operands {
    HSX_OPND_NONE,
    HSX_OPND_RD,         /* POP rd */
    HSX_OPND_RS1,        /* PUSH rs1 */
    HSX_OPND_RD_RS1,     /* MOV rd, rs1 */
    HSX_OPND_RS1_RS2,    /* CMP rs1, rs2 */
    HSX_OPND_RD_RS1_RS2, /* ADD rd, rs1, rs2 */
    HSX_OPND_RD_SIMM,    /* LDI rd, simm */
    HSX_OPND_RD_WORD,    /* LDI32 rd, word: the next word in code */
    HSX_OPND_RD_MEM,     /* LD rd, [rs1+simm] */
    HSX_OPND_MEM_RS2,    /* ST [rs1+simm], rs2 */
    HSX_OPND_TARGET,     /* JMP imm: unsigned, bytes, absolute in the image */
    HSX_OPND_CALL,       /* CALL simm, or CALL rs1, simm with rs1 not 0 */
    HSX_OPND_SVC,        /* SVC imm: module imm[11:8], function imm[7:0] */
    HSX_OPND_BRK         /* BRK imm[7:0] */
};

/* Which psw bits an instruction writes, and how. */
enum hsx_flag_rule {
    HSX_FLAGS_NONE,
    HSX_FLAGS_ARITH, /* Z C N V; C of a subtraction is "no borrow" */
    HSX_FLAGS_LOGIC, /* Z N; C = V = 0 */
    HSX_FLAGS_MUL,   /* Z N; C = V = high half of the product nonzero */
    HSX_FLAGS_SHIFT  /* Z N; V = 0; C = last bit out, kept when the amount is 0 */
};

/* Faults an instruction may raise in addition to the CODE_FAULT of its fetch. */
enum {
    HSX_RAISES_UNDERFLOW = 1,
    HSX_RAISES_OVERFLOW = 2,
    HSX_RAISES_MEM = 4,
    HSX_RAISES_DIV = 8,
    HSX_RAISES_CODE = 16
};

struct hsx_insn_info {
    const char *name;   /* NULL for an opcode that is not in the table */
    const char *effect; /* one line of prose */
    uint8_t operands;   /* enum hsx_operands */
    uint8_t flags;      /* enum hsx_flag_rule */
    uint8_t faults;     /* HSX_RAISES_* */
};

/* Indexed by opcode. */
extern const struct hsx_insn_info hsx_insn_table[256];

/* Fields of an instruction word: opcode[31:24] rd[23:20] rs1[19:16] rs2[15:12] imm[11:0]. */
#define HSX_INSN_OPCODE(word) ((uint8_t)((uint32_t)(word) >> 24))
#define HSX_INSN_RD(word)     ((uint8_t)(((uint32_t)(word) >> 20) & 0xF))
#define HSX_INSN_RS1(word)    ((uint8_t)(((uint32_t)(word) >> 16) & 0xF))
#define HSX_INSN_RS2(word)    ((uint8_t)(((uint32_t)(word) >> 12) & 0xF))
#define HSX_INSN_IMM(word)    ((uint16_t)((uint32_t)(word)&0xFFF))
/* imm sign-extended to 32 bits */
#define HSX_INSN_SIMM(word) ((int32_t)((((uint32_t)(word)&0xFFF) ^ 0x800) - 0x800))

/* The bits below the opcode that an instruction uses; machines ignore all others, but the
 * disassembler shows a word with any of them set as a number. */
uint32_t hsx_insn_fields(enum hsx_operands operands);

/* Whether an instruction has a register rd; it writes that. */
bool hsx_insn_writes_rd(enum hsx_operands operands);

/* The unit that an instruction needs, HSX_UNIT_*, or 0. */
unsigned hsx_insn_unit(enum hsx_opcode opcode);

/* The name of a fault's code in R0 (section 3), such as "STACK_OVERFLOW";
 * "unknown fault" for any other value. */
const char *hsx_fault_name(uint32_t code);

/* The name of an enum hsx_event as in traces (section 8), such as "retire"; "unknown
 * event" for any other value. */
const char *hsx_event_name(unsigned event);

/* "ZCNV" with a dot for each bit that is clear. */
enum { HSX_PSW_TEXT = 5 };
void hsx_psw_text(uint8_t psw, char text[HSX_PSW_TEXT]);

#ifdef __cplusplus
}
#endif

#endif
