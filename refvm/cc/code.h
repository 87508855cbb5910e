// SPDX-License-Identifier: Apache-2.0
/*
 * The program's code as a list of instructions and labels with their registers, before it
 * is written as MVASM: here the forms of jumps are chosen by their distance.
 *
 * JMP, JZ and JNZ reach only the first 4 KiB of an image. A jump to a label beyond them
 * is a CALL, whose return address is popped before the label: `CALL pad` and, at the
 * target, `pad: POP R14; label:`. A conditional one goes through a CALL R14 in the first
 * words of the program. call_depth grows with each; it stays at 0xFFFF once there
 * (contract section 1), and a program ends by an SVC, so nothing depends on it.
 */
#ifndef HSX_CC_CODE_H
#define HSX_CC_CODE_H

#include "mir.h"
#include <hsx/symbols.h>
#include <stdio.h>

/* Code of the BRK in unreachable places. */
enum { CODE_NEVER = 0xFF };

enum code_kind {
    CODE_INSN,
    CODE_LABEL,    /* label, local to the program */
    CODE_FUNCTION, /* name */
    CODE_JUMP,     /* to label, always */
    CODE_ZERO,     /* to label if Z */
    CODE_NOT_ZERO
};

/* Information about an item that does not affect its code. */
struct code_note {
    const char *file; /* of the source, NULL: unknown */
    unsigned line;
    uint32_t depth; /* greatest stack use of the function at this item, in bytes */
    bool dynamic;   /* and more, known only at run time */
    uint8_t kind;   /* enum mir_kind */
};

struct code_item {
    enum code_kind kind;
    uint8_t op;
    int d, a, b;
    int32_t imm;      /* CODE_JUMP: a CALL does not reach; label: control falls through into it */
    const char *name; /* symbol of LDI32 or CALL; name of the function; not owned */
    int label;
    bool far;         /* a jump that does not reach, or the label of such a jump */
    uint32_t address; /* bytes; valid after layout */
    struct code_note note;
};

/* A variable's place, from one item up to but excluding another. */
struct code_place {
    const struct mir_variable *variable;
    size_t first, last;
    enum hsx_symbol_store store;
    unsigned reg;
    int32_t offset;
};

struct code {
    struct code_item *items;
    size_t count, room;
    struct code_place *places;
    size_t place_count, place_room;
    int labels;
    uint32_t base;         /* bytes of code before it in the image */
    struct code_note note; /* of the items to come */
};

int code_new_label(struct code *code);
void code_label(struct code *code, int label);
void code_jump(struct code *code, enum code_kind kind, int label);
void code_function(struct code *code, const char *name);
void code_insn(struct code *code, uint8_t op, int d, int a, int b, int32_t imm, const char *name);

/* Append a function after allocation; sp is a multiple of 8 at each call. */
void code_add_function(struct code *code, struct mir_function *function);

/* The start of the program: a call of main, and the code for far conditional jumps. */
void code_begin(struct code *code);

/* Choose the forms of all jumps. False: the code passes 64 KiB. */
bool code_lay_out(struct code *code);
void code_write(const struct code *code, FILE *file);

/* The instructions of an item. */
struct code_part {
    uint32_t address;
    uint8_t kind; /* enum mir_kind */
};
enum { CODE_MOST_PARTS = 2 };
size_t code_parts(const struct code_item *item, struct code_part *parts);

/* A line "0xADDRESS KIND" for each instruction, to be freed. */
char *code_kinds(const struct code *code);

#endif
