// SPDX-License-Identifier: Apache-2.0
/*
 * The execution loops: exec_body.h four times, for a turn of one task and for
 * strict rotation over many, each with and without records.
 */
#ifndef __clang__
/* Both would merge the indirect jumps of the handlers into one, which the branch
 * predictor could no longer tell apart. Before the includes: a function is only
 * inlined into one that is optimized alike. */
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

/* The parts of a record that only stack instructions change, in their places in
 * its last two groups of eight bytes. */
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

#define EXEC_NAME       hsx_vm_turn
#define EXEC_RESULT     enum vm_end
#define EXEC_PARAMETERS struct hsx_vm *vm, struct vm_task *task, uint64_t *left
#define EXEC_ROTATE     0
#define EXEC_RECORDS    0
#include "exec_body.h"

#define EXEC_NAME   hsx_vm_turn_records
#define EXEC_RESULT enum vm_end
#define EXEC_PARAMETERS                                                                            \
    struct hsx_vm *vm, struct vm_task *task, uint64_t *left, struct hsx_record *records,           \
        uint8_t slot, uint8_t turn_flags
#define EXEC_ROTATE  0
#define EXEC_RECORDS 1
#include "exec_body.h"

#define EXEC_NAME       hsx_vm_rotate
#define EXEC_RESULT     void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left
#define EXEC_ROTATE     1
#define EXEC_RECORDS    0
#include "exec_body.h"

#define EXEC_NAME       hsx_vm_rotate_records
#define EXEC_RESULT     void
#define EXEC_PARAMETERS struct hsx_vm *vm, uint64_t *left, struct hsx_record *records
#define EXEC_ROTATE     1
#define EXEC_RECORDS    1
#include "exec_body.h"
