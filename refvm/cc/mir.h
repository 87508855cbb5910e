// SPDX-License-Identifier: Apache-2.0
/*
 * Machine code of one function between selection and emission: HSX instructions over
 * virtual registers, in basic blocks.
 *
 * Registers: 0 to 15 are the machine's, from MIR_FIRST_VIRTUAL on virtual ones. R14 is
 * kept for sequences that the emitter makes (far jumps, conditions); R15 mirrors sp and
 * is the base of the frame.
 */
#ifndef HSX_CC_MIR_H
#define HSX_CC_MIR_H

#include <hsx/isa.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MIR_NONE = -1, MIR_SCRATCH = 14, MIR_FRAME = 15, MIR_FIRST_VIRTUAL = 16 };

/* Registers by their use in a call (docs/cc.md, calling convention). */
enum {
    MIR_CALLER_SAVED = 0x300F, /* R0 to R3, R12, R13 */
    MIR_CALLEE_SAVED = 0x0FF0, /* R4 to R11 */
    MIR_ALLOCATABLE = MIR_CALLER_SAVED | MIR_CALLEE_SAVED
};

/* What is no single instruction; opcodes end at 0x7F. */
enum mir_pseudo {
    MIR_ADDRESS = 0x80, /* d = address of slot + imm, in the function's frame */
    MIR_PUSH_ARG,       /* PUSH a: an argument of the next call */
    MIR_DROP_ARGS,      /* imm words of arguments go */
    MIR_GROW,           /* the frame grows down to sp = a; needs the frame register */
    MIR_SHRINK,         /* back to sp = a */
    MIR_VA_START,       /* d = address of the first argument behind the named ones */
    MIR_NOTE            /* nothing: variable number imm is from here on in register noted, or in
                           slot, or is value. The code is the same with and without notes. */
};

/* What an instruction is for, where its share of a program is counted (docs/cc.md). */
enum mir_kind {
    MIR_KIND_WORK,     /* what the program asks for */
    MIR_KIND_COMPARE,  /* sets the flags of a comparison */
    MIR_KIND_ORDER,    /* makes Z of its carry, or a value of 0 or 1 */
    MIR_KIND_CONSTANT, /* brings a constant or an address into a register */
    MIR_KIND_MOVE,
    MIR_KIND_SPILL, /* a register to the frame or back */
    MIR_KIND_FRAME, /* makes or removes a frame, saves registers, passes arguments by stack */
    MIR_KIND_FAR,   /* the way of a jump or call that does not reach */
    MIR_KINDS
};

enum mir_end { MIR_END_RETURN, MIR_END_JUMP, MIR_END_ZERO, MIR_END_NOT_ZERO, MIR_END_NEVER };

struct mir_insn {
    uint8_t op;         /* enum hsx_opcode or enum mir_pseudo */
    int d, a, b;        /* rd, rs1, rs2, or MIR_NONE */
    int32_t imm;        /* immediate; LDI32: the word, or what is added to symbol */
    const char *symbol; /* LDI32, CALL: a label, or NULL; not owned */
    int slot;           /* memory operand or MIR_ADDRESS: a slot of the frame, or MIR_NONE */
    uint16_t reads;     /* machine registers read beside a and b */
    uint16_t writes;    /* machine registers that lose their value */
    uint8_t kind;       /* enum mir_kind */
    const char *file;   /* of the source, NULL: unknown; not owned */
    unsigned line;      /* 0: unknown */
    int noted;          /* MIR_NOTE */
    bool known;         /* MIR_NOTE: it is value */
    int32_t value;
};

/* A variable of the source. */
struct mir_variable {
    char *name, *type; /* owned */
    uint8_t form;      /* enum hsx_symbol_form */
    uint32_t size;     /* bytes */
    const void *key;   /* of the debug information */
};

struct mir_block {
    struct mir_insn *insns;
    size_t count, room;
    enum mir_end end;
    int next[2];    /* JUMP: [0]; ZERO, NOT_ZERO: [0] if so, else [1] */
    unsigned depth; /* of loops around it */
    int before;     /* the block before the innermost loop around it, or MIR_NONE */
};

/* A place in the frame: a local variable, a spilled register, or the incoming argument
 * number `argument` on the stack. */
struct mir_slot {
    uint32_t size;  /* bytes */
    uint32_t align; /* bytes: 4, or 8, at a multiple of which sp is in each call */
    int argument;   /* MIR_NONE: in the frame itself */
    uint32_t offset;
};

struct mir_function {
    const char *name;
    struct mir_block *blocks;
    size_t block_count, block_room;
    struct mir_slot *slots;
    size_t slot_count, slot_room;
    int registers; /* number of registers, machine's included */
    bool calls;    /* it is no leaf */
    bool grows;    /* it has MIR_GROW: R7 is the frame register */
    bool aligned;  /* its frame lies at a multiple of 8, as slots want it; after laying out */
    unsigned named_stack_words;
    uint16_t saved; /* callee-saved registers that it uses, after allocation */
    uint32_t frame; /* bytes between sp and the saved registers, after allocation */
    struct mir_variable *variables;
    size_t variable_count, variable_room;
    const char *file; /* of the source, or NULL; not owned */
    unsigned line;
    int *places; /* after allocation: the machine register of each register */
};

/* All of these end the program when memory runs out (cc.h, hsx_cc_fatal). */
struct mir_function *mir_new(const char *name);
void mir_free(struct mir_function *function);
int mir_add_block(struct mir_function *function);
int mir_add_register(struct mir_function *function);
int mir_add_slot(struct mir_function *function, uint32_t size, uint32_t align);
struct mir_insn *mir_append(struct mir_function *function, int block, struct mir_insn insn);
struct mir_insn *mir_insert(struct mir_block *block, size_t at, struct mir_insn insn);

/* An instruction with nothing in it but its opcode and the kind that this tells. */
struct mir_insn mir_insn(uint8_t op);

/* Successors of a block, how many. */
int mir_next(const struct mir_block *block, int next[2]);

/* Whether the frame is the instruction's base (a slot is named). */
static inline bool mir_in_frame(const struct mir_insn *insn)
{
    return insn->slot != MIR_NONE;
}

/* Before allocation: take blocks off the edges of loops. */
void mir_empty_edges(struct mir_function *function);

/*
 * Give every virtual register a machine register; those that find none move to slots of
 * the frame (constants are made anew instead). Fills saved and places.
 */
void mir_allocate(struct mir_function *function);

/* Lay out the frame and set each slot's offset from sp. */
void mir_lay_out_frame(struct mir_function *function);

#endif
