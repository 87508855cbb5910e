// SPDX-License-Identifier: Apache-2.0
/*
 * The execution loops: exec_body.h eleven times, for one task, for one task ahead of the
 * others, and for strict rotation over many, each with records, without records, and
 * without records but watching writes. With records there are two for one task: in whole blocks,
 * and one instruction at a time.
 */
#ifndef __clang__
/* Both would merge the indirect jumps of the handlers into one, which the branch
 * predictor could no longer distinguish. Before the includes: a function is only inlined
 * into one with the same optimization options. */
#pragma GCC optimize("no-gcse", "no-crossjumping")
#endif

#include "exec_words.h"
#include "half.h"
#include "vm_internal.h"

/* ISO C has no labels as values; the dispatch of this one file needs them. */
#pragma GCC diagnostic ignored "-Wpedantic"

#define UNLIKELY(condition) __builtin_expect((condition), 0)

/* Or the address would be computed again by each handler. */
#define KEEP_IN_REGISTER(pointer) __asm__("" : "+r"(pointer))

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

/* The last 16 bytes of a record as lanes of a vector, so that adding the two parts of it, one of
 * the code word and one of the task, takes one instruction of the host. */
enum {
    LANE_PC = HSX_LANE(pc),
    LANE_NEXT_PC = HSX_LANE(next_pc),
    LANE_SP = HSX_LANE(sp),
    LANE_DEPTH = HSX_LANE(call_depth),
    LANE_SLOT = HSX_LANE(slot),
    LANE_ACCESS = HSX_LANE(access)
};
typedef uint16_t record_lanes __attribute__((vector_size(16)));

_Static_assert(sizeof(struct plan_head) == sizeof(struct op) &&
                   sizeof(struct plan_tail) == sizeof(struct op) &&
                   sizeof(struct plan_tail) == sizeof(record_lanes),
               "plans are the halves of a record, and lie like the ops");

/* The task's part of its records: a plan's pc counts from the start of code memory. */
static inline record_lanes lanes_of(const struct hsx_vm *vm, const struct vm_task *task,
                                    uint8_t slot, uint8_t turn_flags)
{
    uint16_t code_base = (uint16_t)((task->code - vm->ops) * 4);
    record_lanes lanes = {0};
    lanes[LANE_PC] = lanes[LANE_NEXT_PC] = (uint16_t)-code_base;
    lanes[LANE_SP] = task->sp;
    lanes[LANE_DEPTH] = task->call_depth;
    lanes[LANE_SLOT] = slot;
    lanes[LANE_ACCESS] = (uint16_t)(turn_flags << 8);
    return lanes;
}

/* A word's halves of a plan lie at the same distance from its op as another's. */
static inline void copy_head(uint8_t *to, const struct op *op)
{
    memcpy(to,
           (const uint8_t *)op + (offsetof(struct hsx_vm, heads) - offsetof(struct hsx_vm, ops)),
           sizeof(struct plan_head));
}

static inline record_lanes tail_of(const struct op *op)
{
    record_lanes tail;
    memcpy(&tail,
           (const uint8_t *)op + (offsetof(struct hsx_vm, tails) - offsetof(struct hsx_vm, ops)),
           sizeof tail);
    return tail;
}

/* The record of a word that retires. Its flags, rd and access are in the plan; access says which of
 * the values apply. */
static inline void write_planned(struct hsx_record *record, const struct op *op, record_lanes task,
                                 uint32_t psw, uint64_t flags, uint8_t rd_offset, uint32_t rd_value,
                                 uint64_t access, uint32_t mem_addr, uint32_t mem_value)
{
    (void)rd_offset;
    record_lanes lanes = tail_of(op) + task;
    copy_head((uint8_t *)record, op);
    if ((flags & HSX_REC_RD) != 0)
        record->rd_value = rd_value;
    if (access != 0)
        record->mem_value = mem_value;
    memcpy((uint8_t *)record + 16, &lanes, 16);
    record->psw = (uint8_t)psw;
    if (access != 0)
        record->mem_addr = (uint16_t)mem_addr;
}

/* At how many places from its start an access to a data segment may begin, by width. */
struct room {
    uint32_t word, half, byte;
};

static inline struct room room_of(const struct hsx_access_map *map)
{
    uint32_t memory = HSX_DATA_SIZE - (uint32_t)map->data_base;
    uint32_t bytes = map->data_len < memory ? map->data_len : memory;
    return (struct room){bytes > 3 ? bytes - 3 : 0, bytes > 1 ? bytes - 1 : 0, bytes};
}

/* The largest number of words of the code, if it can be found quickly, of which no block leaves the
 * code: the last of them ends one. */
static inline uint32_t end_of_blocks(const struct op *code, uint32_t fetch_end)
{
    enum { FEW = 64 };
    uint32_t end = fetch_end;
    while (end > 0 && code[end - 1].words != 1)
        end = fetch_end - end < FEW ? end - 1 : 0;
    return end;
}

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
    uint32_t value = len == 4   ? load32(data + address)
                     : len == 2 ? load16(data + address)
                                : data[address];
    uint64_t packed = value | (uint64_t)address << 32 | (uint64_t)len << 48;
    memcpy(undo, &packed, sizeof packed);
}

_Static_assert(sizeof(struct undo) == 8 && offsetof(struct undo, address) == 4 &&
                   offsetof(struct undo, len) == 6,
               "note_store packs this layout");

/* Makes the block at op end after fewer words than it has; the last own of these run by their own
 * handlers. False: it cannot. */
static inline bool place_stop(struct hsx_vm *vm, const struct op *op, uint64_t words, uint64_t own)
{
    struct stop *stop = &vm->stop;
    /* Words with points in front of them have other handlers. */
    if (words > STOP_WORDS || vm->look.count > 0)
        return false;
    unsigned before = (unsigned)(words < own ? words : own);
    stop->count = before + 1;
    stop->ops = &vm->ops[(size_t)(op - vm->ops) + words - before];
    for (unsigned i = 0; i < stop->count; i++) {
        struct op *each = &stop->ops[i];
        stop->kept[i] = *each;
        each->entry = each->block_handler = each->handler;
    }
    stop->ops[before].block_handler = BLOCK_STOP;
    return true;
}

static void remove_stop(struct hsx_vm *vm)
{
    struct stop *stop = &vm->stop;
    for (unsigned i = 0; i < stop->count; i++)
        stop->ops[i] = stop->kept[i];
    stop->count = 0;
}

#define EXEC_NAME       turn_blocks
#define EXEC_RESULT     static enum vm_end
#define EXEC_PARAMETERS struct hsx_vm *vm, struct vm_task *task, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#define EXEC_BLOCKS     1
#include "exec_body.h"

#define EXEC_NAME       turn_watching
#define EXEC_RESULT     static enum vm_end
#define EXEC_PARAMETERS struct hsx_vm *vm, struct vm_task *task, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      1
#define EXEC_BLOCKS     0
#include "exec_body.h"

#define EXEC_NAME   turn_single_records
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct hsx_record *record,            \
        uint8_t slot, uint8_t turn_flags
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   0
#define EXEC_WATCH   0
#define EXEC_BLOCKS  0
#include "exec_body.h"

#define EXEC_NAME   turn_block_records
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct hsx_record *record,            \
        uint8_t slot, uint8_t turn_flags
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   0
#define EXEC_WATCH   0
#define EXEC_BLOCKS  1
#include "exec_body.h"

#define EXEC_NAME   ahead_blocks
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end
#define EXEC_ROTATE  0
#define EXEC_RECORDS 0
#define EXEC_AHEAD   1
#define EXEC_WATCH   0
#define EXEC_BLOCKS  1
#include "exec_body.h"

#define EXEC_NAME   ahead_watching
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end
#define EXEC_ROTATE  0
#define EXEC_RECORDS 0
#define EXEC_AHEAD   1
#define EXEC_WATCH   1
#define EXEC_BLOCKS  0
#include "exec_body.h"

#define EXEC_NAME   ahead_single_records
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end,               \
        struct hsx_record *record, size_t stride, uint8_t slot
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   1
#define EXEC_WATCH   0
#define EXEC_BLOCKS  0
#include "exec_body.h"

#define EXEC_NAME   ahead_block_records
#define EXEC_RESULT static enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct undo **undo_end,               \
        struct hsx_record *record, size_t stride, uint8_t slot
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#define EXEC_AHEAD   1
#define EXEC_WATCH   0
#define EXEC_BLOCKS  1
#include "exec_body.h"

#define EXEC_NAME       rotate
#define EXEC_RESULT     static void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#define EXEC_BLOCKS     0
#include "exec_body.h"

#define EXEC_NAME       rotate_watching
#define EXEC_RESULT     static void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#define EXEC_AHEAD      0
#define EXEC_WATCH      1
#define EXEC_BLOCKS     0
#include "exec_body.h"

#define EXEC_NAME       hsx_vm_rotate_records
#define EXEC_RESULT     void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left, struct hsx_record *record
#define EXEC_ROTATE     1
#define EXEC_RECORDS    1
#define EXEC_AHEAD      0
#define EXEC_WATCH      0
#define EXEC_BLOCKS     0
#include "exec_body.h"

/* Instructions that a loop with records counts singly for one over blocks. */
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
        end = turn_single_records(vm, task, &unspent, unread, 0, 0);
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
        end = ahead_single_records(vm, task, &unspent, undo_end, unread, sizeof unread[0], 0);
        *left -= part - unspent;
    }
    return end;
}

enum vm_end hsx_vm_turn_records(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                                struct hsx_record *records, uint8_t slot, uint8_t turn_flags)
{
    enum vm_end end = VM_END_BUDGET;
    while (end == VM_END_BUDGET && *left > 0) {
        if (*left > SINGLES / 2) {
            uint64_t before = *left;
            end = turn_block_records(vm, task, left, records, slot, turn_flags);
            records += before - *left;
            if (end != VM_END_BUDGET || *left == 0)
                break;
        }
        uint64_t part = *left < SINGLES ? *left : SINGLES;
        uint64_t unspent = part;
        end = turn_single_records(vm, task, &unspent, records, slot, turn_flags);
        *left -= part - unspent;
        records += part - unspent;
    }
    return end;
}

enum vm_end hsx_vm_ahead_records(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                                 struct undo **undo_end, struct hsx_record *records, size_t stride,
                                 uint8_t slot)
{
    const size_t bytes = stride * sizeof records[0];
    enum vm_end end = VM_END_BUDGET;
    while (end == VM_END_BUDGET && *left > 0) {
        uint64_t before = *left;
        end = ahead_block_records(vm, task, left, undo_end, records, bytes, slot);
        records += (before - *left) * stride;
        if (end != VM_END_BUDGET || *left == 0)
            break;
        uint64_t part = *left < SINGLES ? *left : SINGLES;
        uint64_t unspent = part;
        end = ahead_single_records(vm, task, &unspent, undo_end, records, bytes, slot);
        *left -= part - unspent;
        records += (part - unspent) * stride;
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
