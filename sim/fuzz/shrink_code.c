// SPDX-License-Identifier: Apache-2.0
#include "shrink_code.h"
#include <hsx/isa.h>
#include <string.h>

static bool is_jump(uint32_t word)
{
    uint32_t op = HSX_INSN_OPCODE(word);

    return op == HSX_OP_JMP || op == HSX_OP_JZ || op == HSX_OP_JNZ;
}

bool shrink_code_is_relative_call(uint32_t word)
{
    return HSX_INSN_OPCODE(word) == HSX_OP_CALL && (word >> 16 & 0xF) == 0;
}

static int32_t signed_imm(uint32_t word)
{
    return (int32_t)(word << 20) >> 20;
}

static int32_t call_unit(const struct hsx_fuzz_task *task)
{
    return task->version == 2 ? 4 : 1;
}

int32_t shrink_code_call_offset(const struct hsx_fuzz_task *task, uint32_t word)
{
    return signed_imm(word) * call_unit(task);
}

/* The target of the instruction at address, or -1. */
static int64_t target_address(const struct hsx_fuzz_task *task, uint32_t word, uint32_t address)
{
    if (is_jump(word)) {
        return word & 0xFFF;
    }
    if (shrink_code_is_relative_call(word)) {
        return ((int64_t)address + shrink_code_call_offset(task, word)) & 0xFFFF;
    }
    return -1;
}

void shrink_code_take_apart(const struct hsx_fuzz_task *task, struct code *code)
{
    static const int none = -1;
    int index_at[HSX_FUZZ_MAX_CODE + 1];
    uint32_t address[HSX_FUZZ_MAX_CODE] = {0};

    memset(code, 0, sizeof *code);
    for (size_t i = 0; i <= task->words; i++) {
        index_at[i] = none;
    }
    for (size_t i = 0; i < task->words; i++) {
        struct insn *insn = &code->insns[code->count];

        insn->word = task->code[i];
        index_at[i] = code->count;
        address[code->count++] = 4 * (uint32_t)i;
        if (HSX_INSN_OPCODE(insn->word) == HSX_OP_LDI32 && i + 1 < task->words) {
            insn->has_ext = true;
            insn->ext = task->code[++i];
        }
    }
    index_at[task->words] = code->count;
    code->entry = task->entry / 4 < task->words ? index_at[task->entry / 4] : 0;
    for (int k = 0; k < code->count; k++) {
        int64_t to = target_address(task, code->insns[k].word, address[k]);
        bool inside = to >= 0 && to % 4 == 0 && to / 4 <= (int64_t)task->words;

        code->insns[k].target = inside ? index_at[to / 4] : none;
    }
}

bool shrink_code_put_together(const struct code *code, struct hsx_fuzz_task *task)
{
    uint32_t address[HSX_FUZZ_MAX_CODE + 1];
    uint32_t end = 0;

    for (int k = 0; k < code->count; k++) {
        address[k] = end;
        end += code->insns[k].has_ext ? 8 : 4;
    }
    address[code->count] = end;
    if (code->entry < 0 || code->entry >= code->count) {
        return false;
    }
    task->words = 0;
    task->entry = address[code->entry];
    for (int k = 0; k < code->count; k++) {
        const struct insn *insn = &code->insns[k];
        uint32_t word = insn->word;

        if (insn->target >= 0 && is_jump(word)) {
            word = (word & ~0xFFFu) | address[insn->target];
        } else if (insn->target >= 0) {
            int32_t distance = (int32_t)address[insn->target] - (int32_t)address[k];

            if (distance % call_unit(task) != 0 || distance / call_unit(task) < -2048 ||
                distance / call_unit(task) > 2047) {
                return false;
            }
            word = (word & ~0xFFFu) | ((uint32_t)(distance / call_unit(task)) & 0xFFF);
        }
        task->code[task->words++] = word;
        if (insn->has_ext) {
            task->code[task->words++] = insn->ext;
        }
    }
    return true;
}

void shrink_code_remove(struct code *code, int from, int count)
{
    memmove(&code->insns[from], &code->insns[from + count],
            (size_t)(code->count - from - count) * sizeof code->insns[0]);
    code->count -= count;
    for (int k = 0; k < code->count; k++) {
        int target = code->insns[k].target;

        if (target >= from) {
            code->insns[k].target = target >= from + count ? target - count : from;
        }
    }
    if (code->entry >= from) {
        code->entry = code->entry >= from + count ? code->entry - count : from;
    }
    if (code->entry == code->count && code->count > 0) {
        code->entry--;
    }
}
