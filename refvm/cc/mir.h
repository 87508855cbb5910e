// SPDX-License-Identifier: Apache-2.0
/*
 * Machine code of one function between selection and emission: HSX instructions over
 * virtual registers, in basic blocks.
 *
 * Registers: 0 to 15 are the machine's, from MIR_FIRST_VIRTUAL on virtual ones. R14 is
 * reserved for sequences of the emitter (far jumps, conditions); R15 mirrors sp and is
 * the base of the frame.
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

/* Operations that are not one instruction; opcodes end at 0x7F. */
enum mir_pseudo {
    MIR_ADDRESS = 0x80, /* d = address of slot + imm, in the function's frame */
    MIR_PUSH_ARG,       /* PUSH a: an argument of the next call */
    MIR_DROP_ARGS,      /* remove imm words of arguments */
    MIR_GROW,           /* the frame grows down to sp = a; needs the frame register */
    MIR_SHRINK,         /* back to sp = a */
    MIR_VA_START,       /* d = address of the first argument after the named ones */
    MIR_NOTE            /* no code: from here on variable number imm is in register noted, or in
                           slot, or equals value */
};

/* The purpose of an instruction, for counting its share of a program (docs/cc.md). */
enum mir_kind {
    MIR_KIND_WORK,     /* the program's own work */
    MIR_KIND_COMPARE,  /* sets the flags of a comparison */
    MIR_KIND_ORDER,    /* turns its carry into Z, or into a value of 0 or 1 */
    MIR_KIND_CONSTANT, /* loads a constant or an address into a register */
    MIR_KIND_MOVE,
    MIR_KIND_SPILL, /* a register to the frame or back */
    MIR_KIND_FRAME, /* makes or removes a frame, saves registers, passes arguments on the stack */
    MIR_KIND_FAR,   /* extra code of a jump or call that does not reach */
    MIR_KINDS
};

enum mir_end { MIR_END_RETURN, MIR_END_JUMP, MIR_END_ZERO, MIR_END_NOT_ZERO, MIR_END_NEVER };

struct mir_insn {
    uint8_t op;         /* enum hsx_opcode or enum mir_pseudo */
    int d, a, b;        /* rd, rs1, rs2, or MIR_NONE */
    int32_t imm;        /* immediate; LDI32: the word, or an offset from symbol */
    const char *symbol; /* LDI32, CALL: a label, or NULL; not owned */
    int slot;           /* memory operand or MIR_ADDRESS: a slot of the frame, or MIR_NONE */
    uint16_t reads;     /* machine registers read in addition to a and b */
    uint16_t writes;    /* machine registers that are overwritten */
    uint8_t kind;       /* enum mir_kind */
    const char *file;   /* of the source, NULL: unknown; not owned */
    unsigned line;      /* 0: unknown */
    int noted;          /* MIR_NOTE */
    bool known;         /* MIR_NOTE: value is valid */
    int32_t value;
};

/* A variable of the source. */
struct mir_variable {
    char *name, *type; /* owned */
    uint8_t form;      /* enum hsx_symbol_form */
    uint32_t size;     /* bytes */
    const void *key;   /* its node in the debug information */
};

struct mir_block {
    struct mir_insn *insns;
    size_t count, room;
    enum mir_end end;
    int next[2];    /* JUMP: [0]; ZERO, NOT_ZERO: [0] if so, else [1] */
    unsigned depth; /* number of loops around it */
    int before;     /* the block before the innermost loop around it, or MIR_NONE */
};

/* A place in the frame: a local variable, a spilled register, or the incoming argument
 * number `argument` on the stack. */
struct mir_slot {
    uint32_t size;  /* bytes */
    uint32_t align; /* bytes: 4, or 8, as sp is a multiple of 8 at each call */
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
    bool calls;    /* it is not a leaf */
    bool grows;    /* it has MIR_GROW: R7 is the frame register */
    bool aligned;  /* its frame is at a multiple of 8, as slots require; valid after layout */
    unsigned named_stack_words;
    uint16_t saved; /* callee-saved registers that it uses, after allocation */
    uint32_t frame; /* bytes between sp and the saved registers, after allocation */
    struct mir_variable *variables;
    size_t variable_count, variable_room;
    const char *file; /* of the source, or NULL; not owned */
    unsigned line;
    int *places; /* after allocation: the machine register of each register */
};

/* All of these end the program when memory runs out (memory.h). */
struct mir_function *mir_new(const char *name);
void mir_free(struct mir_function *function);
int mir_add_block(struct mir_function *function);
int mir_add_register(struct mir_function *function);
int mir_add_slot(struct mir_function *function, uint32_t size, uint32_t align);
struct mir_insn *mir_append(struct mir_function *function, int block, struct mir_insn insn);
struct mir_insn *mir_insert(struct mir_block *block, size_t at, struct mir_insn insn);

/* An instruction with only its opcode and the kind that follows from it. */
struct mir_insn mir_insn(uint8_t op);

/* Stores the successors of a block; returns how many. */
int mir_next(const struct mir_block *block, int next[2]);

/* Whether the instruction's base is the frame (it has a slot). */
static inline bool mir_in_frame(const struct mir_insn *insn)
{
    return insn->slot != MIR_NONE;
}

/* Before allocation: empty the blocks on back edges of loops. */
void mir_empty_edges(struct mir_function *function);

/*
 * Assigns a machine register to every virtual register; if there is none, it moves to a
 * slot of the frame, or is recomputed if it is a constant. Fills saved and places.
 */
void mir_allocate(struct mir_function *function);

/* Lay out the frame and set each slot's offset from sp. */
void mir_lay_out_frame(struct mir_function *function);

#endif
