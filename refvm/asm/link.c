// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <hsx/machine.h>
#include <inttypes.h>

enum { LAST_BRANCH = 0xFFC, CALL_MIN = -2048, CALL_MAX = 2047 };

unsigned asm_image_version(const struct assembler *a)
{
    if (a->options->version) {
        return a->options->version;
    }
    if (a->version) {
        return a->version;
    }
    if (a->options->name || a->name[0] || a->mailboxes.count > 0 ||
        a->options->call == HSX_CALL_WORD || a->call == HSX_CALL_WORD) {
        return 2;
    }
    return 1;
}

enum hsx_call_unit asm_call_unit(const struct assembler *a)
{
    if (a->options->call != HSX_CALL_DEFAULT) {
        return a->options->call;
    }
    if (a->call != HSX_CALL_DEFAULT) {
        return a->call;
    }
    return asm_image_version(a) == 2 ? HSX_CALL_WORD : HSX_CALL_BYTE;
}

static bool check_code_label(struct assembler *a, const struct symbol *definition, int64_t target,
                             const struct position *at)
{
    if (definition->section != SECTION_TEXT) {
        asm_report(a, at, "'%.*s' is no label in .text", (int)definition->length, definition->name);
        return false;
    }
    if (target % 4 != 0) {
        asm_report(a, at, "target 0x%" PRIx64 " is no multiple of 4", target);
        return false;
    }
    return true;
}

static void link_target(struct assembler *a, const struct fixup *fixup,
                        const struct symbol *definition, int64_t target)
{
    const struct position *at = &fixup->value.at;

    if (!check_code_label(a, definition, target, at)) {
        return;
    }
    if (target < 0 || target > LAST_BRANCH) {
        asm_report(a, at, "branch to '%.*s' at 0x%" PRIx64 ", expected at most 0x%x",
                   (int)definition->length, definition->name, target, LAST_BRANCH);
        return;
    }
    asm_store(a, FIELD_TARGET, fixup->offset, target, at);
}

static void link_call(struct assembler *a, const struct fixup *fixup, struct symbol *definition,
                      int64_t target)
{
    const struct position *at = &fixup->value.at;
    bool words = asm_call_unit(a) == HSX_CALL_WORD;
    int64_t distance = target - fixup->offset;

    if (!check_code_label(a, definition, target, at)) {
        return;
    }
    if (words) {
        distance /= 4;
    }
    if (distance < CALL_MIN || distance > CALL_MAX) {
        asm_report(a, at,
                   "CALL to '%.*s' is %" PRId64 " %s away, expected %d to %d; after LDI32 of the "
                   "label to Rn, CALL Rn, 0 reaches it",
                   (int)definition->length, definition->name, distance, words ? "words" : "bytes",
                   CALL_MIN, CALL_MAX);
        return;
    }
    definition->called |= fixup->value.addend == 0;
    asm_store(a, FIELD_CALL, fixup->offset, distance, at);
}

static void link_fixup(struct assembler *a, const struct fixup *fixup)
{
    const struct expression *e = &fixup->value;
    struct symbol *definition = asm_find_definition(a, e->symbol, &e->at);
    int64_t value;

    /* After other errors addresses are not final: only unknown labels are reported. */
    if (!definition || !a->linking) {
        return;
    }
    value = asm_symbol_value(a, definition) + e->addend;
    if (definition->section == SECTION_CONSTANT && e->function == FUNCTION_NONE) {
        asm_store(a, fixup->field, fixup->offset, value, &e->at);
        return;
    }
    switch (e->function) {
    case FUNCTION_LO16:
        value &= 0xFFFF;
        break;
    case FUNCTION_HI16:
        value = value >> 16 & 0xFFFF;
        break;
    case FUNCTION_OFF16:
        if (definition->section != SECTION_DATA && definition->section != SECTION_BSS) {
            asm_report(a, &e->at, "off16() needs a label in .data or .bss");
            return;
        }
        value -= HSX_DATA_LINK;
        break;
    case FUNCTION_NONE:
        if (fixup->field == FIELD_TARGET) {
            link_target(a, fixup, definition, value);
            return;
        }
        if (fixup->field == FIELD_CALL) {
            link_call(a, fixup, definition, value);
            return;
        }
        break;
    }
    asm_store(a, fixup->field, fixup->offset, value, &e->at);
}

void asm_link_fixups(struct assembler *a)
{
    a->linking = a->status == HSX_OK;
    for (size_t i = 0; i < a->fixup_count && !a->stop; i++) {
        link_fixup(a, &a->fixups[i]);
    }
}

uint32_t asm_link_entry(struct assembler *a)
{
    const struct expression *e = &a->entry;
    struct symbol *definition;
    int64_t value = e->addend;

    if (!e->at.file) {
        return 0;
    }
    if (e->symbol) {
        definition = asm_find_definition(a, e->symbol, &e->at);
        if (!definition || !a->linking) {
            return 0;
        }
        value += asm_symbol_value(a, definition);
        definition->called = true;
        if (!check_code_label(a, definition, value, &e->at)) {
            return 0;
        }
    }
    if (value % 4 != 0) {
        asm_report(a, &e->at, "the entry 0x%" PRIx64 " is no multiple of 4", value);
        return 0;
    }
    if (value < 0 || (size_t)value >= a->sections[SECTION_TEXT].size) {
        asm_report(a, &e->at, "the entry 0x%" PRIx64 " lies outside the code", value);
        return 0;
    }
    return (uint32_t)value;
}
