// SPDX-License-Identifier: Apache-2.0
/* Shared by the parts of instruction selection. */
#ifndef HSX_CC_SELECT_INTERNAL_H
#define HSX_CC_SELECT_INTERNAL_H

#include "loops.h"
#include "select.h"
#include <setjmp.h>

enum { MOST_WORDS = 64 };

/* The place of an IR value's words. A pointer at a constant offset from another is kept
 * as base and offset, so that loads and stores can use the offset. */
struct place {
    LLVMValueRef value;
    int first;      /* of its registers, one per word */
    int32_t offset; /* still to be added to the first */
    int slot;       /* an alloca's slot, or MIR_NONE */
    bool clean;     /* bits above the type's width are known to be 0 */
};

/* A constant that is in a register. */
struct constant {
    const char *symbol;
    int32_t value;
    int slot; /* the constant is the address of this slot + value, or MIR_NONE */
    int reg;
    size_t epoch; /* valid only in the epoch that created it; 0: in the whole loop */
    int loop;     /* block before the loop it is for, or MIR_NONE */
};

struct selector {
    const struct cc_target *target;
    LLVMValueRef function;
    struct mir_function *mir;
    struct cc_loops loops;
    int *first_block;        /* MIR block where each IR block begins */
    int *last_block;         /* and ends, after selection */
    size_t block;            /* IR block being selected */
    int at;                  /* MIR block being filled */
    struct cc_source source; /* of the instruction being selected */
    uint8_t kind;            /* kind of all instructions emitted at present */
    struct place *places;    /* a hash table, open addressing */
    size_t place_count, place_room;
    struct constant *constants;
    size_t constant_count, constant_room;
    size_t epoch; /* changes with each block and call */
    char **error;
    jmp_buf failed;
};

_Noreturn void cc_unsupported(struct selector *s, LLVMValueRef value, const char *what);

/* The number of words of a value of this type. */
unsigned cc_words(struct selector *s, LLVMTypeRef type);
unsigned cc_bits(LLVMTypeRef type); /* of an integer; others: 32 per word */

struct place *cc_place(struct selector *s, LLVMValueRef value);
/* The same if the value has one already, else NULL. */
const struct place *cc_known_place(struct selector *s, LLVMValueRef value);

/* A register that holds word `part` of value. Bits above its width are undefined. */
int cc_reg(struct selector *s, LLVMValueRef value, unsigned part);
/* The same with these bits 0, or copies of the sign. */
int cc_clean(struct selector *s, LLVMValueRef value, unsigned part);
int cc_signed(struct selector *s, LLVMValueRef value, unsigned part);

int cc_constant(struct selector *s, int32_t value);
int cc_fresh(struct selector *s);

struct mir_insn *cc_emit(struct selector *s, struct mir_insn insn);
void cc_three(struct selector *s, uint8_t op, int d, int a, int b);
int cc_new3(struct selector *s, uint8_t op, int a, int b); /* into a fresh register */
void cc_move(struct selector *s, int d, int a);
void cc_load_constant(struct selector *s, int d, const char *symbol, int32_t value);

int cc_begin_block(struct selector *s); /* a new MIR block of the same IR block */
void cc_end_block(struct selector *s, enum mir_end end, int first, int second);

/* The bits of a word of a constant, if it is one without a symbol. */
bool cc_known(struct selector *s, LLVMValueRef value, unsigned part, uint32_t *bits);
/* Whether it is such a constant, or an address: one instruction each. */
bool cc_is_plain_constant(struct selector *s, LLVMValueRef value);
/* A constant's address as symbol and offset. */
bool cc_address(struct selector *s, LLVMValueRef value, const char **symbol, int64_t *offset);

/* Compare and end with flags: MIR_END_ZERO or MIR_END_NOT_ZERO when the predicate holds. */
enum mir_end cc_compare(struct selector *s, LLVMIntPredicate predicate, LLVMValueRef a,
                        LLVMValueRef b);

/* The first operand if the predicate holds, else the second. */
void cc_select_extreme(struct selector *s, LLVMValueRef insn, LLVMIntPredicate predicate);
void cc_select_memory(struct selector *s, LLVMValueRef insn);
void cc_select_call(struct selector *s, LLVMValueRef insn);
void cc_select_return(struct selector *s, LLVMValueRef insn);
void cc_select_arguments(struct selector *s);
void cc_select_arithmetic(struct selector *s, LLVMValueRef insn);
void cc_select_pointer(struct selector *s, LLVMValueRef insn);

#endif
