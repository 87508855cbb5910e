// SPDX-License-Identifier: Apache-2.0
/* Code memory and its predecoded form. */
#include "vm_internal.h"

static const uint8_t handler_of[256] = {
#define HSX_INSN(opcode, name, operands, flags, faults, effect) [opcode] = HANDLER_##name,
#include "../isa.def"
#undef HSX_INSN
};

static void predecode(struct hsx_vm *vm, size_t index)
{
    uint32_t word = vm->words[index];
    uint8_t opcode = HSX_INSN_OPCODE(word);
    struct op op = {handler_of[opcode],
                    (uint8_t)(4 * HSX_INSN_RD(word)),
                    (uint8_t)(4 * HSX_INSN_RS1(word)),
                    (uint8_t)(4 * HSX_INSN_RS2(word)),
                    (uint32_t)HSX_INSN_SIMM(word),
                    word};
    if (hsx_insn_table[opcode].operands == HSX_OPND_TARGET)
        op.imm = fetch_from_pc(HSX_INSN_IMM(word));
    else if (opcode == HSX_OP_LDI32)
        op.imm = index + 1 < HSX_CODE_WORDS ? vm->words[index + 1] : 0;
    vm->ops[index] = op;
}

static bool in_code(uint32_t addr, size_t count)
{
    return addr % 4 == 0 && addr <= HSX_CODE_SIZE && count <= (HSX_CODE_SIZE - addr) / 4;
}

enum hsx_status hsx_vm_write_code(struct hsx_vm *vm, uint32_t addr, const uint32_t *words,
                                  size_t count)
{
    if (!in_code(addr, count))
        return HSX_ERR_ARGUMENT;
    size_t first = addr / 4;
    for (size_t i = 0; i < count; i++)
        vm->words[first + i] = words[i];
    /* The word before may be an LDI32 whose operand has changed. */
    for (size_t i = first > 0 ? first - 1 : 0; i < first + count; i++)
        predecode(vm, i);
    for (unsigned slot = 0; slot < vm->contexts; slot++)
        vm->tasks[slot].handler = NULL;
    return HSX_OK;
}

enum hsx_status hsx_vm_read_code(const struct hsx_vm *vm, uint32_t addr, uint32_t *words,
                                 size_t count)
{
    if (!in_code(addr, count))
        return HSX_ERR_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        words[i] = vm->words[addr / 4 + i];
    return HSX_OK;
}
