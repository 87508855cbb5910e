// SPDX-License-Identifier: Apache-2.0
/* Code memory and its predecoded form. */
#include "vm_internal.h"

static const uint8_t handler_of[256] = {
#define HSX_INSN(opcode, name, operands, flags, faults, effect) [opcode] = HANDLER_##name,
#include <hsx/isa.def>
#undef HSX_INSN
};

/* Where a word finds its operands in a block. */
enum form {
    FORM_REGISTERS,
    FORM_1, /* rs1 from the word before */
    FORM_2, /* rs2 */
    FORMS
};

/* Handlers inside a block, by handler; 0: none. */
static const struct {
    uint8_t plain[FORMS], quiet[FORMS], joined_jz[FORMS], joined_jnz[FORMS];
} block_handlers[HANDLERS] = {
#define HSX_FORMS(name)                                                                            \
    [HANDLER_##name].plain = {HANDLER_##name, BLOCK_##name##_1, BLOCK_##name##_2},
#define HSX_FORM_1(name) [HANDLER_##name].plain = {HANDLER_##name, BLOCK_##name##_1},
#define HSX_QUIET(name)                                                                            \
    [HANDLER_##name].quiet = {BLOCK_##name##_QUIET, BLOCK_##name##_QUIET_1, BLOCK_##name##_QUIET_2},
#define HSX_QUIET_1(name) [HANDLER_##name].quiet = {BLOCK_##name##_QUIET, BLOCK_##name##_QUIET_1},
#define HSX_JOINED(name)                                                                           \
    [HANDLER_##name].joined_jz = {BLOCK_##name##_JZ, BLOCK_##name##_JZ_1, BLOCK_##name##_JZ_2},    \
    [HANDLER_##name].joined_jnz = {BLOCK_##name##_JNZ, BLOCK_##name##_JNZ_1,                       \
                                   BLOCK_##name##_JNZ_2},
#include "block_handlers.def"
};

/* Handlers of a word and the next, which takes its result as rs1 or rs2; 0: none. */
static const uint8_t pairs[HANDLERS][HANDLERS][FORMS] = {
#define HSX_PAIR(name, next)                                                                       \
    [HANDLER_##name][HANDLER_##next] = {0, BLOCK_##name##_##next##_1, BLOCK_##name##_##next##_2},
#include "block_handlers.def"
};

/* Handlers that go on with the result of the pair before, by those of both. */
static const struct {
    uint8_t first, rest, all;
} chains[] = {
#define HSX_CHAINED(name, first, rest) {BLOCK_##first, BLOCK_##rest, BLOCK_##first##_##rest},
#include "block_handlers.def"
};

static bool ends_block(uint8_t opcode)
{
    switch (opcode) {
    case HSX_OP_JMP:
    case HSX_OP_JZ:
    case HSX_OP_JNZ:
    case HSX_OP_CALL:
    case HSX_OP_RET:
    case HSX_OP_SVC:
    case HSX_OP_BRK:
    case HSX_OP_LDI32:
        return true;
    default:
        return hsx_insn_table[opcode].name == NULL;
    }
}

/* It writes all four flags and reads none, for all operands. */
static bool sets_flags(uint8_t opcode)
{
    uint8_t rule = hsx_insn_table[opcode].flags;
    return (rule == HSX_FLAGS_ARITH || rule == HSX_FLAGS_LOGIC || rule == HSX_FLAGS_MUL) &&
           hsx_insn_table[opcode].faults == 0 && opcode != HSX_OP_ADC && opcode != HSX_OP_SBC;
}

/* Flags are visible after a fault and at the end of a block. A shift by 0 keeps the old C, which
 * is unseen if the shift's own flags are. */
static bool flags_are_dead(uint8_t opcode, bool next_dead)
{
    uint8_t rule = hsx_insn_table[opcode].flags;
    if (sets_flags(opcode))
        return true;
    return !ends_block(opcode) && (rule == HSX_FLAGS_NONE || rule == HSX_FLAGS_SHIFT) &&
           hsx_insn_table[opcode].faults == 0 && next_dead;
}

static bool writes_rd(uint8_t opcode)
{
    return hsx_insn_writes_rd((enum hsx_operands)hsx_insn_table[opcode].operands);
}

/* pair is the handler of op and next. If op is a shift, next an XOR, and such pairs follow, all
 * from register y to t to y, with amounts from others after the first, only the last values need be
 * stored. */
static uint8_t chain(uint8_t pair, const struct op *op, const struct op *next)
{
    const struct op *shift = next + 1;
    const struct op *mix = next + 2;
    uint8_t y = next->rd;
    uint8_t t = op->rd;
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++)
        if (chains[i].first == pair && chains[i].rest == shift->entry && op->rs1 == y &&
            next->rs1 == y && shift->rd == t && shift->rs1 == y && mix->rd == y && mix->rs1 == y &&
            shift->rs2 != y && shift->rs2 != t)
            return chains[i].all;
    return pair;
}

/* The handler of both words if their flags are dead and the second takes the result of the first.
 */
static uint8_t choose_pair(const struct op *op, const struct op *next)
{
    enum form form = next->rs1 == op->rd ? FORM_1 : next->rs2 == op->rd ? FORM_2 : FORM_REGISTERS;
    uint8_t pair = pairs[op->handler][next->handler][form];
    return pair != 0 ? chain(pair, op, next) : 0;
}

static uint8_t in_form(const uint8_t forms[FORMS], enum form form)
{
    return forms[form] != 0 ? forms[form] : forms[FORM_REGISTERS];
}

/* dead[0] and dead[1]: the flags before the next word and before the one after it. */
static uint8_t choose_block_handler(const struct op *op, const struct op *next, const bool *dead,
                                    enum form form)
{
    uint8_t chosen = 0;
    if (form == FORM_REGISTERS && dead[0] && dead[1])
        chosen = choose_pair(op, next);
    if (chosen == 0 && dead[0])
        chosen = in_form(block_handlers[op->handler].quiet, form);
    else if (next->handler == HANDLER_JZ)
        chosen = in_form(block_handlers[op->handler].joined_jz, form);
    else if (next->handler == HANDLER_JNZ)
        chosen = in_form(block_handlers[op->handler].joined_jnz, form);
    if (chosen == 0)
        chosen = in_form(block_handlers[op->handler].plain, form);
    return chosen != 0 ? chosen : op->handler;
}

/* The opcode, or NO_OPCODE if the machine lacks the unit that it needs. */
static uint8_t known_opcode(const struct hsx_vm *vm, uint32_t word)
{
    enum { NO_OPCODE = 0x00 };
    uint8_t opcode = HSX_INSN_OPCODE(word);
    return (hsx_insn_unit((enum hsx_opcode)opcode) & ~vm->units) == 0 ? opcode : NO_OPCODE;
}

/* What the word at index can take from the word before, if that has just run in the same block. */
static enum form form_of(const struct hsx_vm *vm, size_t index)
{
    uint32_t word = vm->words[index];
    uint8_t before = index > 0 ? known_opcode(vm, vm->words[index - 1]) : 0;
    unsigned rd = index > 0 ? HSX_INSN_RD(vm->words[index - 1]) : 0;
    if (!writes_rd(before))
        return FORM_REGISTERS;
    return rd == HSX_INSN_RS1(word) ? FORM_1 : rd == HSX_INSN_RS2(word) ? FORM_2 : FORM_REGISTERS;
}

static uint8_t access_of(uint8_t opcode)
{
    switch (opcode) {
    case HSX_OP_LD:
    case HSX_OP_POP:
    case HSX_OP_RET:
        return HSX_ACC_READ | 4;
    case HSX_OP_LDH:
        return HSX_ACC_READ | 2;
    case HSX_OP_LDB:
        return HSX_ACC_READ | 1;
    case HSX_OP_ST:
    case HSX_OP_PUSH:
    case HSX_OP_CALL:
        return HSX_ACC_WRITE | 4;
    case HSX_OP_STH:
        return HSX_ACC_WRITE | 2;
    case HSX_OP_STB:
        return HSX_ACC_WRITE | 1;
    default:
        return 0;
    }
}

static void plan(struct hsx_vm *vm, size_t index, uint8_t opcode, uint32_t word)
{
    bool stack = opcode == HSX_OP_PUSH || opcode == HSX_OP_POP || opcode == HSX_OP_CALL ||
                 opcode == HSX_OP_RET;
    bool two_words = opcode == HSX_OP_LDI32;
    struct hsx_record record = {
        .insn = word,
        .ext = two_words ? vm->ops[index].imm : 0,
        .pc = (uint16_t)(4 * index),
        .next_pc = (uint16_t)(4 * index + (two_words ? 8 : 4)),
        .rd = writes_rd(opcode) ? (uint8_t)HSX_INSN_RD(word) : 0,
        .access = access_of(opcode),
        .flags = (uint8_t)((writes_rd(opcode) ? HSX_REC_RD : 0) | (stack ? HSX_REC_R15 : 0) |
                           (two_words ? HSX_REC_EXT : 0)),
    };
    memcpy(&vm->heads[index], &record, sizeof vm->heads[0]);
    memcpy(&vm->tails[index], (const uint8_t *)&record + sizeof vm->heads[0], sizeof vm->tails[0]);
}

/* The next word must be predecoded already. */
static void predecode(struct hsx_vm *vm, size_t index)
{
    uint32_t word = vm->words[index];
    uint8_t opcode = known_opcode(vm, word);
    const struct op *next = &vm->ops[index + 1];
    const bool *dead = &vm->flags_dead[index + 1];
    bool ends = ends_block(opcode);
    struct op op = {
        .handler = handler_of[opcode],
        .rd = (uint8_t)(4 * HSX_INSN_RD(word)),
        .rs1 = (uint8_t)(4 * HSX_INSN_RS1(word)),
        .rs2 = (uint8_t)(4 * HSX_INSN_RS2(word)),
        .words = (uint16_t)(ends ? 1 : next->words + 1),
        .imm = (uint32_t)HSX_INSN_SIMM(word),
        .word = word,
    };
    op.entry = op.block_handler = op.handler;
    if (!ends) {
        op.entry = choose_block_handler(&op, next, dead, FORM_REGISTERS);
        op.block_handler = choose_block_handler(&op, next, dead, form_of(vm, index));
    }
    if (hsx_insn_table[opcode].operands == HSX_OPND_TARGET)
        op.imm = fetch_from_pc(HSX_INSN_IMM(word));
    else if (opcode == HSX_OP_LDI32)
        op.imm = index + 1 < HSX_CODE_WORDS ? vm->words[index + 1] : 0;
    vm->flags_dead[index] = !vm->look.marked[index] && flags_are_dead(opcode, dead[0]);
    if (vm->look.marked[index]) {
        vm->look.handler[index] = op.handler;
        vm->look.block_handler[index] = op.entry;
        op.handler = op.block_handler = op.entry = HANDLER_POINT;
    }
    vm->ops[index] = op;
    plan(vm, index, opcode, word);
}

static bool in_code(uint32_t addr, size_t count)
{
    return addr % 4 == 0 && addr <= HSX_CODE_SIZE && count <= (HSX_CODE_SIZE - addr) / 4;
}

static void forget_handlers(struct hsx_vm *vm)
{
    for (unsigned slot = 0; slot < vm->contexts; slot++)
        vm->tasks[slot].handler = NULL;
}

enum hsx_status hsx_vm_set_units(struct hsx_vm *vm, unsigned units)
{
    if ((units & ~(unsigned)HSX_UNITS_ALL) != 0)
        return HSX_ERR_ARGUMENT;
    vm->units = units;
    for (size_t i = HSX_CODE_WORDS; i-- > 0;)
        predecode(vm, i);
    forget_handlers(vm);
    return HSX_OK;
}

void hsx_vm_predecode(struct hsx_vm *vm, size_t first, size_t count)
{
    size_t end = first + count;
    /* One more, which may take its operands from the last of them. */
    for (size_t i = end < HSX_CODE_WORDS ? end + 1 : end; i-- > first;)
        predecode(vm, i);
    /* The words before them in their block, and an LDI32 whose operand has changed. */
    for (size_t i = first; i-- > 0;) {
        predecode(vm, i);
        if (ends_block(HSX_INSN_OPCODE(vm->words[i])))
            break;
    }
    forget_handlers(vm);
}

enum hsx_status hsx_vm_write_code(struct hsx_vm *vm, uint32_t addr, const uint32_t *words,
                                  size_t count)
{
    if (!in_code(addr, count))
        return HSX_ERR_ARGUMENT;
    size_t first = addr / 4;
    for (size_t i = 0; i < count; i++)
        vm->words[first + i] = words[i];
    hsx_vm_predecode(vm, first, count);
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
