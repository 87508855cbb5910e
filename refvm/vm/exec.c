// SPDX-License-Identifier: Apache-2.0
/*
 * The execution loops: exec_body.h nine times, for one task, for one task ahead of the
 * others, and for strict rotation over many, each with records, without records, and
 * without records but watching writes.
 */
#ifndef __clang__
/* Both would merge the indirect jumps of the handlers into one, which the branch
 * predictor could no longer distinguish. Before the includes: a function is only inlined
 * into one with the same optimization options. */
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

#include "half.h"
#include "vm_internal.h"

/* ISO C has no labels as values; the dispatch of this one file needs them. */
#pragma GCC diagnostic ignored "-Wpedantic"

#define UNLIKELY(condition) __builtin_expect((condition), 0)

enum { R15_OFFSET = 4 * 15 };

static inline bool signed_add_overflows(uint32_t a, uint32_t b)
{
    int32_t unused;
    return __builtin_add_overflow((int32_t)a, (int32_t)b, &unused);
}

static inline bool signed_sub_overflows(uint32_t a, uint32_t b)
{
    int32_t unused;
    return __builtin_sub_overflow((int32_t)a, (int32_t)b, &unused);
}

/* The parts of a record that only stack instructions change, as laid out in its last two
 * groups of eight bytes. */
static inline uint64_t sp_bits(const struct vm_task *task)
{
    return (uint64_t)task->sp << 48;
}

static inline uint64_t task_bits(const struct vm_task *task, uint8_t slot, uint8_t turn_flags)
{
    return task->call_depth | (uint64_t)slot << 16 | (uint64_t)turn_flags << 56;
}

/* Eight bytes at a time, where a store for each member would take sixteen.
 * rd_offset is 4 * rd. */
static inline void write_record(struct hsx_record *record, uint32_t insn, uint32_t pc,
                                uint32_t next_pc, uint64_t sp_bits, uint64_t task_bits,
                                uint32_t psw, uint64_t flags, uint8_t rd_offset, uint32_t rd_value,
                                uint64_t access, uint32_t mem_addr, uint32_t mem_value)
{
    uint64_t insn_ext = insn;
    uint64_t values = rd_value | (uint64_t)mem_value << 32;
    uint64_t addresses =
        mem_addr | (uint64_t)(pc << 16) | (uint64_t)(next_pc << 16) << 16 | sp_bits;
    uint64_t rest =
        task_bits | (uint64_t)rd_offset << 22 | (uint64_t)psw << 32 | access << 48 | flags << 56;
    uint8_t *at = (uint8_t *)record;
    memcpy(at, &insn_ext, 8);
    memcpy(at + 8, &values, 8);
    memcpy(at + 16, &addresses, 8);
    memcpy(at + 24, &rest, 8);
}

_Static_assert(offsetof(struct hsx_record, ext) == 4 &&
                   offsetof(struct hsx_record, mem_value) == 12 &&
                   offsetof(struct hsx_record, pc) == 18 && offsetof(struct hsx_record, sp) == 22 &&
                   offsetof(struct hsx_record, slot) == 26 &&
                   offsetof(struct hsx_record, psw) == 28 &&
                   offsetof(struct hsx_record, flags) == 31,
               "write_record packs this layout");

/* What a task may access while it runs ahead: its data segment, stack and window. True and the
 * physical address of an access of len > 0 bytes that lies wholly in one of them. */
static inline bool translate_own(const struct hsx_access_map *map, uint32_t address, uint32_t len,
                                 uint32_t *physical)
{
    uint32_t offset = address - HSX_DATA_LINK;
    if (offset < map->data_len) {
        *physical = offset + map->data_base;
        return offset + len <= map->data_len;
    }
    uint32_t end = address + len;
    *physical = address;
    return (address >= map->stack_limit && end <= map->stack_top) ||
           (address >= map->reg_base && end <= (uint32_t)map->reg_base + HSX_WINDOW_SIZE);
}

/* Saves the bytes that a store of len bytes at address is about to overwrite. */
static inline void note_store(struct undo *undo, const uint8_t *data, uint32_t address,
                              uint32_t len)
{
    undo->value = len == 4   ? load32(data + address)
                  : len == 2 ? load16(data + address)
                             : data[address];
    undo->address = (uint16_t)address;
    undo->len = (uint16_t)len;
}

#define EXEC_NAME       turn_blocks
#define EXEC_RESULT     static enum vm_end
#define EXEC_PARAMETERS struct hsx_vm *vm, struct vm_task *task, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#include "exec_body.h"

#define EXEC_NAME       turn_watching
#define EXEC_RESULT     static enum vm_end
#define EXEC_PARAMETERS struct hsx_vm *vm, struct vm_task *task, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      1
#include "exec_body.h"

#define EXEC_NAME   hsx_vm_turn_records
#define EXEC_RESULT enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct hsx_record *records,           \
        uint8_t slot, uint8_t turn_flags
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   0
#define EXEC_WATCH   0
#include "exec_body.h"

#define EXEC_NAME   ahead_blocks
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end
#define EXEC_ROTATE  0
#define EXEC_RECORDS 0
#define EXEC_AHEAD   1
#define EXEC_WATCH   0
#include "exec_body.h"

#define EXEC_NAME   ahead_watching
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end
#define EXEC_ROTATE  0
#define EXEC_RECORDS 0
#define EXEC_AHEAD   1
#define EXEC_WATCH   1
#include "exec_body.h"

#define EXEC_NAME   hsx_vm_ahead_records
#define EXEC_RESULT enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end,               \
        struct hsx_record *records, size_t stride, uint8_t slot
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   1
#define EXEC_WATCH   0
#include "exec_body.h"

#define EXEC_NAME       rotate
#define EXEC_RESULT     static void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#include "exec_body.h"

#define EXEC_NAME       rotate_watching
#define EXEC_RESULT     static void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      1
#include "exec_body.h"

#define EXEC_NAME       hsx_vm_rotate_records
#define EXEC_RESULT     void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left, struct hsx_record *records
#define EXEC_ROTATE     1
#define EXEC_RECORDS    1
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#include "exec_body.h"

/* Instructions that the loop with records counts singly for a loop over blocks. */
enum { SINGLES = 32 };

/* Runs the rest before the end of the budget or the code, where no whole block fits, into
 * records that are not read. */
enum vm_end hsx_vm_turn(struct hsx_vm *vm, struct vm_task *task, uint64_t *left)
{
    struct hsx_record unread[SINGLES];
    enum vm_end end = VM_END_BUDGET;
    if (vm->look.watching)
        return turn_watching(vm, task, left);
    while (end == VM_END_BUDGET && *left > 0) {
        if (*left > SINGLES / 2) {
            end = turn_blocks(vm, task, left);
            if (end != VM_END_BUDGET || *left == 0)
                break;
        }
        uint64_t part = *left < SINGLES ? *left : SINGLES;
        uint64_t unspent = part;
        end = hsx_vm_turn_records(vm, task, &unspent, unread, 0, 0);
        *left -= part - unspent;
    }
    return end;
}

enum vm_end hsx_vm_ahead(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                         struct undo **undo_end)
{
    struct hsx_record unread[SINGLES];
    enum vm_end end = VM_END_BUDGET;
    if (vm->look.watching)
        return ahead_watching(vm, task, left, undo_end);
    while (end == VM_END_BUDGET && *left > 0) {
        end = ahead_blocks(vm, task, left, undo_end);
        if (end != VM_END_BUDGET || *left == 0)
            break;
        uint64_t part = *left < SINGLES ? *left : SINGLES;
        uint64_t unspent = part;
        end = hsx_vm_ahead_records(vm, task, &unspent, undo_end, unread, 1, 0);
        *left -= part - unspent;
    }
    return end;
}

void hsx_vm_rotate(struct hsx_vm *vm, uint64_t *left)
{
    if (vm->look.watching)
        rotate_watching(vm, left);
    else
        rotate(vm, left);
}
