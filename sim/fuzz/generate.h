// SPDX-License-Identifier: Apache-2.0
/* Random code of one task: state shared by the fragments. */
#ifndef HSX_FUZZ_GENERATE_H
#define HSX_FUZZ_GENERATE_H

#include "rng.h"
#include <hsx/fuzz.h>
#include <hsx/isa.h>

/* The place of names in every task's read-only data; messages and noise follow. */
enum { NAME_SIZE = 16, NAMES = 6, NAMES_SIZE = NAMES * NAME_SIZE };

/* Register roles, which only stray instructions ignore. */
enum { R_ONE = 11, R_COUNT = 12, R_POINTER = 13, R_BASE = 14, R_SP = 15 };

/* Relative frequencies of the fragments in the body of a task. */
struct mix {
    uint8_t alu, constant, memory, window, stack, call, jump, svc, slow, onlook, stray;
};

struct aim_pair {
    uint8_t first, second; /* opcodes */
    bool other_task;       /* the second one is another task's */
};

struct hsx_fuzz_aim {
    size_t count;
    struct aim_pair pairs[];
};

struct generator {
    struct rng rng;
    const struct hsx_fuzz_aim *aim; /* with at least one pair, or NULL */
    const struct hsx_fuzz_program *program;
    struct hsx_fuzz_task *task;
    unsigned index;     /* of the task */
    size_t code_words;  /* the most that leaves room for the other tasks */
    unsigned registers; /* R1 .. R(this) are used for data: few means many hazards */
    uint16_t reg_base;  /* arenas as section 4 assigns them */
    uint16_t stack_limit;
    uint16_t stack_top;
    uint32_t data_len;
    bool watches;          /* it is part of a program around the results of one task: */
    unsigned watched;      /* that task's index */
    bool one_large;        /* only the first task may have a large data segment */
    uint16_t functions[8]; /* entry addresses, in bytes */
    unsigned function_count;
};

/* One word; silently dropped when the code is full. */
void emit(struct generator *g, uint32_t word);
void emit_op(struct generator *g, enum hsx_opcode op, unsigned rd, unsigned rs1, unsigned rs2,
             uint32_t imm);
void emit_ldi32(struct generator *g, unsigned rd, uint32_t value);
bool emit_room(const struct generator *g, size_t words);

/* A register that holds data. */
unsigned emit_register(struct generator *g);

/* Numbers at which the behaviour of arithmetic, binary16 and conversions changes. */
uint32_t edge_value(struct rng *rng);

/* An opcode that is not in the table, mostly close to one that is. */
uint32_t edge_opcode(struct rng *rng);

/* An interesting data address: in arenas, at their borders, at the ends of memory; for a
 * protected task mostly one that it may use. */
uint32_t edge_address(struct generator *g);

/* One at a border of what the task may use, on either side. */
uint32_t edge_of_own(struct generator *g);

/* The fragments. No two random numbers are taken in one expression, whose order would be the
 * compiler's: a seed stands for the same program everywhere. */
void emit_alu(struct generator *g);
void emit_constant(struct generator *g);
void emit_edge_value(struct generator *g); /* of edge_value, in a register that holds data */
void emit_slow(struct generator *g);
void emit_onlook(struct generator *g);
void emit_memory(struct generator *g);
void emit_window(struct generator *g);
void emit_stack(struct generator *g);
void emit_call(struct generator *g);
void emit_jump(struct generator *g);
void emit_svc(struct generator *g);
void emit_stray(struct generator *g);

/* Results of the watched task, or other tasks' accesses to them. */
void emit_watch(struct generator *g);

/* Accesses at the borders of what the task may use, until one is refused. */
void emit_border(struct generator *g);

/* A word whose opcode is not in the table. */
void emit_unknown(struct generator *g);

/* One of what is aimed at. */
void emit_aimed(struct generator *g);

/* One fragment, chosen by mix. */
void emit_fragment(struct generator *g, const struct mix *mix);

#endif
