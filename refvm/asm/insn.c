// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <hsx/isa.h>

enum { NOT_FOUND = -1 };

static int find_opcode(const char *name, size_t length)
{
    for (int i = 0; i < 256; i++) {
        if (hsx_insn_table[i].name && asm_name_is(name, length, hsx_insn_table[i].name)) {
            return i;
        }
    }
    return NOT_FOUND;
}

static bool parse_rd(struct cursor *c, uint32_t *word)
{
    unsigned number;

    if (!asm_parse_register(c, &number)) {
        return false;
    }
    *word |= number << 20;
    return true;
}

static bool parse_rs1(struct cursor *c, uint32_t *word)
{
    unsigned number;

    if (!asm_parse_register(c, &number)) {
        return false;
    }
    *word |= number << 16;
    return true;
}

static bool parse_rs2(struct cursor *c, uint32_t *word)
{
    unsigned number;

    if (!asm_parse_register(c, &number)) {
        return false;
    }
    *word |= number << 12;
    return true;
}

/* [Rn], [Rn+imm], [Rn-imm] */
static bool parse_memory(struct cursor *c, uint32_t *word, struct expression *imm)
{
    if (!asm_expect(c, '[') || !parse_rs1(c, word)) {
        return false;
    }
    asm_skip_space(c);
    if (c->p < c->end && (*c->p == '+' || *c->p == '-')) {
        if (!asm_parse_expression(c, imm)) {
            return false;
        }
    }
    return asm_expect(c, ']');
}

/* CALL label, CALL imm, CALL Rn, imm. The field rs1 selects the register form: 0 means
 * pc-relative, so R0 cannot be used. */
static bool parse_call(struct cursor *c, uint32_t *word, enum field *field, struct expression *imm)
{
    const char *name;
    unsigned number;
    size_t length = asm_take_name(c, &name);

    if (!asm_register_number(name, length, &number)) {
        c->p = name;
        *field = FIELD_CALL;
        return asm_parse_expression(c, imm);
    }
    if (number == 0) {
        c->p = name;
        return asm_fail(c, "CALL cannot go through R0");
    }
    *word |= number << 16;
    *field = FIELD_CALL_REG;
    if (!asm_comma(c) || !asm_parse_expression(c, imm)) {
        return false;
    }
    if (imm->symbol && imm->function == FUNCTION_NONE) {
        asm_report(c->assembler, &imm->at, "CALL through a register takes a number, not a label");
        return false;
    }
    return true;
}

/* name=number, as in MOD=0x5 */
static bool parse_named(struct cursor *c, const char *wanted, int64_t max, int64_t *value)
{
    const char *name;
    size_t length = asm_take_name(c, &name);

    if (!asm_name_is(name, length, wanted)) {
        c->p = name;
        return asm_fail(c, "expected %s=", wanted);
    }
    return asm_expect(c, '=') && asm_parse_constant(c, 0, max, value);
}

static bool parse_svc(struct cursor *c, uint32_t *word)
{
    const char *name;
    int64_t module = 0;
    int64_t function = 0;
    size_t length = asm_take_name(c, &name);

    c->p = name;
    if (!asm_name_is(name, length, "MOD")) {
        if (!asm_parse_constant(c, 0, 0xFFF, &function)) {
            return false;
        }
        if (!asm_at_end(c)) {
            return asm_fail(c,
                            "SVC takes one number, as in SVC 0x%03X, or both by name, as in SVC "
                            "MOD=0x5, FN=0x2",
                            (unsigned)function);
        }
        *word |= (uint32_t)function;
        return true;
    }
    if (!parse_named(c, "MOD", 0xF, &module) || !asm_comma(c) ||
        !parse_named(c, "FN", 0xFF, &function)) {
        return false;
    }
    *word |= (uint32_t)(module << 8 | function);
    return true;
}

static bool parse_brk(struct cursor *c, uint32_t *word)
{
    int64_t code = 0;

    if (!asm_at_end(c) && !asm_parse_constant(c, 0, 0xFF, &code)) {
        return false;
    }
    *word |= (uint32_t)code;
    return true;
}

/* Fills in register fields; the value for *field is returned in *imm. */
static bool parse_operands(struct cursor *c, enum hsx_operands operands, uint32_t *word,
                           enum field *field, struct expression *imm)
{
    switch (operands) {
    case HSX_OPND_NONE:
        return true;
    case HSX_OPND_RD:
        return parse_rd(c, word);
    case HSX_OPND_RS1:
        return parse_rs1(c, word);
    case HSX_OPND_RD_RS1:
        return parse_rd(c, word) && asm_comma(c) && parse_rs1(c, word);
    case HSX_OPND_RS1_RS2:
        return parse_rs1(c, word) && asm_comma(c) && parse_rs2(c, word);
    case HSX_OPND_RD_RS1_RS2:
        return parse_rd(c, word) && asm_comma(c) && parse_rs1(c, word) && asm_comma(c) &&
               parse_rs2(c, word);
    case HSX_OPND_RD_SIMM:
    case HSX_OPND_RD_WORD:
        return parse_rd(c, word) && asm_comma(c) && asm_parse_expression(c, imm);
    case HSX_OPND_RD_MEM:
        return parse_rd(c, word) && asm_comma(c) && parse_memory(c, word, imm);
    case HSX_OPND_MEM_RS2:
        return parse_memory(c, word, imm) && asm_comma(c) && parse_rs2(c, word);
    case HSX_OPND_TARGET:
        *field = FIELD_TARGET;
        return asm_parse_expression(c, imm);
    case HSX_OPND_CALL:
        return parse_call(c, word, field, imm);
    case HSX_OPND_SVC:
        return parse_svc(c, word);
    case HSX_OPND_BRK:
        return parse_brk(c, word);
    }
    return false;
}

bool asm_parse_instruction(struct cursor *c, const char *name, size_t length)
{
    struct assembler *a = c->assembler;
    int opcode = find_opcode(name, length);
    struct expression imm = {0};
    enum field field = FIELD_SIMM;
    uint32_t offset;
    uint32_t word;
    bool two_words;

    if (opcode == NOT_FOUND) {
        c->p = name;
        return asm_fail(c, "unknown instruction '%.*s'", (int)length, name);
    }
    if (a->current != SECTION_TEXT) {
        c->p = name;
        return asm_fail(c, "an instruction outside .text");
    }
    two_words = hsx_insn_table[opcode].operands == HSX_OPND_RD_WORD;
    word = (uint32_t)opcode << 24;
    /* Space is reserved even for a bad instruction, so that labels keep their addresses. */
    if (!asm_reserve(c, two_words ? 8 : 4, &offset) ||
        !parse_operands(c, hsx_insn_table[opcode].operands, &word, &field, &imm)) {
        return false;
    }
    asm_set_code(a, offset, word);
    if (!asm_note_origin(c, offset)) {
        return false;
    }
    if (two_words) {
        return asm_put_value(c, FIELD_CODE, offset + 4, &imm);
    }
    return asm_put_value(c, field, offset, &imm);
}
