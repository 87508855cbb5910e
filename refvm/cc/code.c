// SPDX-License-Identifier: Apache-2.0
#include "code.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

enum {
    JUMP_REACH = 0xFFC,    /* the last address that JMP, JZ and JNZ reach */
    CALL_REACH = 2047 * 4, /* bytes, forward and (a little more) backward */
    CODE_SIZE = 0x10000
};

static const char far_name[] = "__hsx_far";

int code_new_label(struct code *code)
{
    return code->labels++;
}

static struct code_item *append(struct code *code, enum code_kind kind)
{
    struct code_item *item;

    code->items = cc_grow(code->items, code->count, &code->room, sizeof *code->items);
    item = &code->items[code->count++];
    *item = (struct code_item){
        .kind = kind, .d = MIR_NONE, .a = MIR_NONE, .b = MIR_NONE, .note = code->note};
    return item;
}

void code_label(struct code *code, int label)
{
    append(code, CODE_LABEL)->label = label;
}

void code_jump(struct code *code, enum code_kind kind, int label)
{
    append(code, kind)->label = label;
}

void code_function(struct code *code, const char *name)
{
    append(code, CODE_FUNCTION)->name = name;
}

void code_insn(struct code *code, uint8_t op, int d, int a, int b, int32_t imm, const char *name)
{
    struct code_item *item = append(code, CODE_INSN);

    item->op = op;
    item->d = d;
    item->a = a;
    item->b = b;
    item->imm = imm;
    item->name = name;
}

void code_begin(struct code *code)
{
    int aligned = code_new_label(code);
    int again = code_new_label(code);
    int done = code_new_label(code);

    code->note = (struct code_note){.depth = 8, .kind = MIR_KIND_FRAME};
    code_function(code, "__hsx_start");
    /* sp becomes a multiple of 8; R15 shows it after the first push */
    code_insn(code, HSX_OP_PUSH, MIR_NONE, 0, MIR_NONE, 0, NULL);
    code_insn(code, HSX_OP_LDI, 1, MIR_NONE, MIR_NONE, 4, NULL);
    code_insn(code, HSX_OP_AND, 1, MIR_FRAME, 1, 0, NULL);
    code_jump(code, CODE_ZERO, aligned);
    code_insn(code, HSX_OP_PUSH, MIR_NONE, 0, MIR_NONE, 0, NULL);
    code_label(code, aligned);
    code_insn(code, HSX_OP_LDI, 1, MIR_NONE, MIR_NONE, 0, NULL);
    code_insn(code, HSX_OP_LDI, 2, MIR_NONE, MIR_NONE, 0, NULL);
    code_insn(code, HSX_OP_LDI32, MIR_SCRATCH, MIR_NONE, MIR_NONE, 0, "main");
    code_insn(code, HSX_OP_CALL, MIR_NONE, MIR_SCRATCH, MIR_NONE, 0, NULL);
    code_insn(code, HSX_OP_MOV, 1, 0, MIR_NONE, 0, NULL);
    code_insn(code, HSX_OP_LDI32, MIR_SCRATCH, MIR_NONE, MIR_NONE, 0, "exit");
    code_insn(code, HSX_OP_CALL, MIR_NONE, MIR_SCRATCH, MIR_NONE, 0, NULL);
    code->note.kind = MIR_KIND_FAR;
    code_function(code, far_name);
    code_insn(code, HSX_OP_CALL, MIR_NONE, MIR_SCRATCH, MIR_NONE, 0, NULL);
    code->note.kind = MIR_KIND_FRAME;
    /* For longjmp: pop until sp is R12, then call R13. Here because jumps reach it. */
    code_function(code, "__hsx_unwind");
    code_label(code, again);
    code_insn(code, HSX_OP_CMP, MIR_NONE, MIR_FRAME, 12, 0, NULL);
    code_jump(code, CODE_ZERO, done);
    code_insn(code, HSX_OP_POP, MIR_SCRATCH, MIR_NONE, MIR_NONE, 0, NULL);
    code_jump(code, CODE_JUMP, again);
    code_label(code, done);
    code_insn(code, HSX_OP_CALL, MIR_NONE, 13, MIR_NONE, 0, NULL);
}

/* Whether control falls through into item i. */
static bool falls_into(const struct code *code, size_t i)
{
    const struct code_item *before;

    while (i > 0 && (code->items[i - 1].kind == CODE_LABEL && !code->items[i - 1].far)) {
        i--;
    }
    if (i == 0) {
        return false;
    }
    before = &code->items[i - 1];
    if (before->kind == CODE_JUMP || before->kind == CODE_FUNCTION) {
        return before->kind == CODE_FUNCTION;
    }
    return !(before->kind == CODE_INSN &&
             (before->op == HSX_OP_RET || (before->op == HSX_OP_BRK && before->imm == CODE_NEVER)));
}

static uint32_t distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

struct layout {
    struct code *code;
    size_t *label_items; /* by label */
    const char **names;  /* of functions, sorted */
    size_t *name_items;
    size_t name_count;
};

static uint32_t target_of(const struct layout *layout, const struct code_item *item)
{
    const struct code_item *label = &layout->code->items[layout->label_items[item->label]];

    return label->address;
}

static bool function_address(const struct layout *layout, const char *name, uint32_t *address)
{
    size_t low = 0;
    size_t high = layout->name_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, layout->names[middle]);

        if (order == 0) {
            *address = layout->code->items[layout->name_items[middle]].address;
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

/* Whether the name is near enough for the offset of a CALL; other calls use R14. */
static bool call_reaches(const struct layout *layout, const struct code_item *item)
{
    uint32_t address;

    return function_address(layout, item->name, &address) &&
           distance(address, item->address) <= CALL_REACH;
}

static bool is_jump(const struct code_item *item)
{
    return item->kind == CODE_JUMP || item->kind == CODE_ZERO || item->kind == CODE_NOT_ZERO;
}

static bool is_named_call(const struct code_item *item)
{
    return item->kind == CODE_INSN && item->op == HSX_OP_CALL && item->name;
}

static uint32_t size_of(const struct code *code, size_t i)
{
    const struct code_item *item = &code->items[i];

    switch (item->kind) {
    case CODE_LABEL:
        /* PUSH R14 for control that falls through, POP R14 */
        return item->far ? (falls_into(code, i) ? 8 : 4) : 0;
    case CODE_FUNCTION:
        return 0;
    case CODE_JUMP:
        return item->far && item->imm ? 12 : 4;
    case CODE_ZERO:
    case CODE_NOT_ZERO:
        return item->far ? 12 : 4;
    default:
        if (item->op == HSX_OP_LDI32) {
            return 8;
        }
        return is_named_call(item) && item->far ? 12 : 4;
    }
}

static uint32_t place(const struct code *code)
{
    uint32_t address = code->base;

    for (size_t i = 0; i < code->count; i++) {
        code->items[i].address = address;
        address += size_of(code, i);
    }
    return address;
}

/* Jumps that do not reach become longer, and stay so. */
static bool lengthen(struct layout *layout)
{
    bool changed = false;

    for (size_t i = 0; i < layout->code->count; i++) {
        struct code_item *item = &layout->code->items[i];
        struct code_item *label;

        if (is_named_call(item) && !item->far && !call_reaches(layout, item)) {
            item->far = changed = true;
        }
        if (!is_jump(item)) {
            continue;
        }
        label = &layout->code->items[layout->label_items[item->label]];
        /* 8: what the label's own pad may add */
        if (!item->far && label->address + 8 > JUMP_REACH) {
            item->far = label->far = changed = true;
        }
        if (item->kind == CODE_JUMP && item->far && !item->imm &&
            distance(target_of(layout, item), item->address) > CALL_REACH - 8) {
            item->imm = 1;
            changed = true;
        }
    }
    return changed;
}

struct named {
    const char *name;
    size_t item;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static void index_names(struct layout *layout)
{
    struct named *all = cc_allocate(layout->code->count, sizeof *all);
    size_t count = 0;

    for (size_t i = 0; i < layout->code->count; i++) {
        const struct code_item *item = &layout->code->items[i];

        if (item->kind == CODE_LABEL) {
            layout->label_items[item->label] = i;
        } else if (item->kind == CODE_FUNCTION) {
            all[count++] = (struct named){item->name, i};
        }
    }
    qsort(all, count, sizeof *all, by_name);
    layout->names = cc_allocate(count, sizeof *layout->names);
    layout->name_items = cc_allocate(count, sizeof *layout->name_items);
    layout->name_count = count;
    for (size_t i = 0; i < count; i++) {
        layout->names[i] = all[i].name;
        layout->name_items[i] = all[i].item;
    }
    free(all);
}

bool code_lay_out(struct code *code)
{
    struct layout layout = {.code = code};
    uint32_t size;

    layout.label_items = cc_allocate((size_t)code->labels, sizeof *layout.label_items);
    index_names(&layout);
    do {
        size = place(code);
    } while (lengthen(&layout));
    for (size_t i = 0; i < code->count; i++) {
        if (code->items[i].kind == CODE_LABEL && code->items[i].far) {
            code->items[i].imm = falls_into(code, i);
        }
    }
    free(layout.label_items);
    free(layout.names);
    free(layout.name_items);
    return size <= CODE_SIZE;
}

static void write_name(FILE *file, const struct code_item *item)
{
    if (item->imm != 0) {
        fprintf(file, "%s %c %ld", item->name, item->imm < 0 ? '-' : '+', labs((long)item->imm));
    } else {
        fputs(item->name, file);
    }
}

static void write_insn(FILE *file, const struct code_item *item)
{
    const struct hsx_insn_info *info = &hsx_insn_table[item->op];

    fprintf(file, "    %s", info->name);
    switch (info->operands) {
    case HSX_OPND_RD:
        fprintf(file, " R%d", item->d);
        break;
    case HSX_OPND_RS1:
        fprintf(file, " R%d", item->a);
        break;
    case HSX_OPND_RD_RS1:
        fprintf(file, " R%d, R%d", item->d, item->a);
        break;
    case HSX_OPND_RS1_RS2:
        fprintf(file, " R%d, R%d", item->a, item->b);
        break;
    case HSX_OPND_RD_RS1_RS2:
        fprintf(file, " R%d, R%d, R%d", item->d, item->a, item->b);
        break;
    case HSX_OPND_RD_SIMM:
        fprintf(file, " R%d, %ld", item->d, (long)item->imm);
        break;
    case HSX_OPND_RD_WORD:
        fprintf(file, " R%d, ", item->d);
        if (item->name) {
            write_name(file, item);
        } else {
            fprintf(file, "0x%lX", (unsigned long)(uint32_t)item->imm);
        }
        break;
    case HSX_OPND_RD_MEM:
        fprintf(file, " R%d, [R%d%+ld]", item->d, item->a, (long)item->imm);
        break;
    case HSX_OPND_MEM_RS2:
        fprintf(file, " [R%d%+ld], R%d", item->a, (long)item->imm, item->b);
        break;
    case HSX_OPND_CALL:
        if (item->name) {
            fprintf(file, " %s", item->name);
        } else {
            fprintf(file, " R%d, 0", item->a);
        }
        break;
    case HSX_OPND_SVC:
    case HSX_OPND_BRK:
        fprintf(file, " %ld", (long)item->imm);
        break;
    default:
        break;
    }
    fputc('\n', file);
}

static void write_jump(FILE *file, const struct code_item *item)
{
    static const char *const near[] = {
        [CODE_JUMP] = "JMP", [CODE_ZERO] = "JZ", [CODE_NOT_ZERO] = "JNZ"};

    if (!item->far) {
        fprintf(file, "    %s .L%d\n", near[item->kind], item->label);
    } else if (item->kind != CODE_JUMP) {
        fprintf(file, "    LDI32 R%d, .F%d\n    %s %s\n", MIR_SCRATCH, item->label,
                near[item->kind], far_name);
    } else if (item->imm) {
        fprintf(file, "    LDI32 R%d, .F%d\n    CALL R%d, 0\n", MIR_SCRATCH, item->label,
                MIR_SCRATCH);
    } else {
        fprintf(file, "    CALL .F%d\n", item->label);
    }
}

void code_write(const struct code *code, FILE *file)
{
    fputs(".hxe 2\n.entry __hsx_start\n.text\n", file);
    for (size_t i = 0; i < code->count; i++) {
        const struct code_item *item = &code->items[i];

        switch (item->kind) {
        case CODE_FUNCTION:
            fprintf(file, "%s:\n", item->name);
            break;
        case CODE_LABEL:
            if (item->far && item->imm) {
                fprintf(file, "    PUSH R%d\n", MIR_SCRATCH);
            }
            if (item->far) {
                fprintf(file, ".F%d:\n    POP R%d\n", item->label, MIR_SCRATCH);
            }
            fprintf(file, ".L%d:\n", item->label);
            break;
        case CODE_INSN:
            if (item->op == HSX_OP_CALL && item->name && item->far) {
                fprintf(file, "    LDI32 R%d, %s\n    CALL R%d, 0\n", MIR_SCRATCH, item->name,
                        MIR_SCRATCH);
            } else {
                write_insn(file, item);
            }
            break;
        default:
            write_jump(file, item);
            break;
        }
    }
}

size_t code_parts(const struct code_item *item, struct code_part *parts)
{
    struct code_part first = {item->address, item->note.kind};
    struct code_part second = {item->address, MIR_KIND_FAR};
    bool two = false;

    switch (item->kind) {
    case CODE_FUNCTION:
        return 0;
    case CODE_LABEL:
        first.kind = MIR_KIND_FAR;
        second.address += 4;
        two = item->imm != 0;
        break;
    case CODE_INSN:
        two = is_named_call(item) && item->far;
        break;
    case CODE_JUMP:
        two = item->far && item->imm;
        break;
    default:
        two = item->far;
        break;
    }
    if (item->kind == CODE_LABEL && !item->far) {
        return 0;
    }
    if (two && item->kind != CODE_LABEL) {
        /* LDI32, then the instruction that would do if it reached */
        second = (struct code_part){item->address + 8, item->note.kind};
        first.kind = MIR_KIND_FAR;
    }
    parts[0] = first;
    parts[1] = second;
    return two ? 2 : 1;
}

char *code_kinds(const struct code *code)
{
    static const char *const names[MIR_KINDS] = {
        [MIR_KIND_WORK] = "work",   [MIR_KIND_COMPARE] = "compare",
        [MIR_KIND_ORDER] = "order", [MIR_KIND_CONSTANT] = "constant",
        [MIR_KIND_MOVE] = "move",   [MIR_KIND_SPILL] = "spill",
        [MIR_KIND_FRAME] = "frame", [MIR_KIND_FAR] = "far",
    };
    char *text = NULL;
    size_t size = 0;
    FILE *file = cc_text_open(&text, &size);

    for (size_t i = 0; i < code->count; i++) {
        struct code_part parts[CODE_MOST_PARTS];
        size_t count = code_parts(&code->items[i], parts);

        for (size_t k = 0; k < count; k++) {
            fprintf(file, "0x%04lX %s\n", (unsigned long)parts[k].address, names[parts[k].kind]);
        }
    }
    cc_text_close(file);
    return text;
}
