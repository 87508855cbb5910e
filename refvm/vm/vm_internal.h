// SPDX-License-Identifier: Apache-2.0
/* The internals of struct hsx_vm, for the files of libhsxvm only. */
#ifndef HSX_VM_INTERNAL_H
#define HSX_VM_INTERNAL_H

#include <hsx/isa.h>
#include <hsx/translate.h>
#include <hsx/vm.h>
#include <string.h>

enum { HSX_CODE_WORDS = HSX_CODE_SIZE / 4 };

/* The handler of a predecoded word. ILLEGAL is 0, so that opcodes which are not in the
 * table need no entry. */
enum handler {
    HANDLER_ILLEGAL,
#define HSX_INSN(opcode, name, operands, flags, faults, effect) HANDLER_##name,
#include <hsx/isa.def>
#undef HSX_INSN
    HANDLER_POINT, /* a marked word: there may be a point in front of it */
    HANDLERS
};

/*
 * The handler of a word in a block that runs whole: its own, or another one with
 * the same effect there. _1 and _2 take an operand from the word before in the block, which has
 * written that register. _QUIET skips flags that the block overwrites before they can
 * be read; the others run a word and the jump after it, or a word and the one after
 * it that takes its result, or several such pairs.
 */
enum block_handler {
    BLOCK_FIRST = HANDLERS - 1,
#define HSX_FORMS(name)   BLOCK_##name##_1, BLOCK_##name##_2,
#define HSX_FORM_1(name)  BLOCK_##name##_1,
#define HSX_QUIET(name)   BLOCK_##name##_QUIET, BLOCK_##name##_QUIET_1, BLOCK_##name##_QUIET_2,
#define HSX_QUIET_1(name) BLOCK_##name##_QUIET, BLOCK_##name##_QUIET_1,
#define HSX_JOINED(name)                                                                           \
    BLOCK_##name##_JZ, BLOCK_##name##_JZ_1, BLOCK_##name##_JZ_2, BLOCK_##name##_JNZ,               \
        BLOCK_##name##_JNZ_1, BLOCK_##name##_JNZ_2,
#define HSX_PAIR(name, next)           BLOCK_##name##_##next##_1, BLOCK_##name##_##next##_2,
#define HSX_CHAINED(name, first, rest) BLOCK_##first##_##rest,
#include "block_handlers.def"
    BLOCK_STOP, /* the budget ends in front of the word, see struct stop */
    BLOCK_HANDLERS
};

_Static_assert(BLOCK_HANDLERS <= UINT8_MAX + 1, "an op has a byte for each of its handlers");

/*
 * A predecoded code word. It depends on code memory alone, so tasks that share code share
 * it.
 *
 * A block runs as a whole once it is entered, unless a word in it faults: it ends with
 * the first word that may be followed by another than the next, or that is not one word
 * long. It may be entered at any of its words.
 */
struct op {
    _Alignas(16) uint8_t handler;
    uint8_t block_handler; /* after the word before it in its block */
    uint8_t entry;         /* where the block is entered */
    uint8_t rd, rs1, rs2;  /* offsets in the window */
    uint16_t words;        /* of its block from here on */
    uint32_t imm;          /* simm; a jump's target in fetch form; LDI32's second word */
    uint32_t word;         /* the instruction itself, for records */
};

_Static_assert(sizeof(struct op) == 16, "four of them fill one cache line");

/* What is the same in the record of each run of a code word that retires, in two halves: code_base
 * is 0, and the word goes on to the next. */
struct plan_head {
    _Alignas(16) uint32_t words[4];
};
struct plan_tail {
    _Alignas(16) uint16_t lanes[8];
};

/* A member's place in the tail, or that of its first byte. */
#define HSX_LANE(member) (((int)offsetof(struct hsx_record, member) - 16) / 2)

/*
 * A context in the form that the execution loops use, all of it in one cache
 * line, so that strict rotation works on it without loading and saving.
 *
 * fetch is the pc rotated right by two: the index of the code word, or a huge
 * number when the pc is misaligned, so that one comparison with fetch_end is
 * the whole check of a fetch. Past the word at 0xFFFC it is 0x4000, which
 * stands for pc 0.
 *
 * handler is a label of the loop of strict rotation without records, found when it puts the task
 * back; any other change of fetch or the code sets it to NULL.
 *
 * nz holds the result that N and Z are computed from: N is bit 63, Z is "the low 32 bits
 * are 0".
 */
struct vm_task {
    _Alignas(64) const struct op *code; /* predecoded word at code_base */
    const void *handler;                /* of the word at fetch; NULL: not known */
    int64_t nz;
    uint32_t fetch;
    uint32_t fetch_end;  /* whole words in code_len */
    uint32_t rotate_end; /* fetch_end when slice is 1, else 0: not for strict rotation */
    uint16_t sp;
    uint16_t lowest_sp; /* reached by PUSH and CALL since the last tally; 0xFFFF: none */
    uint16_t call_depth;
    uint8_t carry;
    uint8_t overflow;
    struct hsx_access_map map;
    uint8_t call_shift; /* 2 when CALL offsets are words, else 0 */
    uint8_t slice;      /* at least 1 */
    uint8_t state;      /* enum hsx_state */
    bool queued;
};

_Static_assert(sizeof(struct vm_task) == 64, "a task fills one cache line");

/* A store that can be undone: the bytes before it. */
struct undo {
    uint32_t value;
    uint16_t address;
    uint16_t len; /* 1, 2 or 4 bytes */
};

enum { AHEAD_STEPS = 8192 }; /* limit on running ahead, over all tasks */

/* Running tasks ahead of each other's turns, in ahead.c. */
struct ahead {
    bool areas_known; /* apart is valid: whether no two tasks share a byte of */
    bool apart;       /* data segments, stacks and windows */
    uint32_t rounds;  /* to try next */
    uint32_t strict;  /* instructions to run in strict rotation before that */
    uint32_t pause;   /* strict when the last attempt failed; 0: it succeeded */
    struct undo undo[AHEAD_STEPS];
};

enum { STOP_WORDS = 64 };

/*
 * While the first part of a block runs alone, of at most STOP_WORDS words, the word after it has
 * BLOCK_STOP. Words of the part that might be run together with that one, or leave out flags that
 * are visible there, have their own handlers. Kept are these ops as they were.
 */
struct stop {
    unsigned count; /* of ops; 0: none */
    struct op *ops;
    struct op kept[STOP_WORDS + 1];
};

/* Where runs end other than at stops of a task, in look.c. */
struct look {
    bool places;   /* the current run ends in front of places */
    bool watching; /* and after a change of what is watched */
    bool changed;  /* an execution loop has ended with such a change, */
    uint8_t slot;  /* made by this task's instruction */
    uint16_t pc;   /* at this pc */
    size_t count;
    struct hsx_point points[HSX_MAX_POINTS];
    bool marked[HSX_CODE_WORDS];           /* their ops have HANDLER_POINT, */
    uint8_t handler[HSX_CODE_WORDS];       /* which replaces these, */
    uint8_t block_handler[HSX_CODE_WORDS]; /* where a block is entered */
    uint8_t watched[HSX_DATA_SIZE + 4]; /* not 0: the byte is watched; no access starts past it */
};

struct hsx_vm {
    struct vm_task tasks[HSX_MAX_CONTEXTS];
    struct op ops[HSX_CODE_WORDS + 1];   /* the last one is never run */
    bool flags_dead[HSX_CODE_WORDS + 2]; /* in a whole block nothing reads the flags before it */
    uint32_t words[HSX_CODE_WORDS];
    uint8_t data[HSX_DATA_SIZE];

    /* Fields of contexts that the execution loops do not need. */
    uint32_t code_len[HSX_MAX_CONTEXTS];
    uint8_t slice[HSX_MAX_CONTEXTS];

    /* The READY queue: ring[head] .. ring[tail - 1], indices modulo 256. The
     * running task stays at the head until its turn ends. */
    uint8_t ring[256];
    uint8_t head;
    uint8_t tail;
    uint8_t turn_left; /* of the head's open turn; 0: its next turn is a new one */

    unsigned contexts;
    unsigned units; /* HSX_UNIT_* */
    uint64_t order;
    uint64_t steps;
    uint32_t now;
    uint32_t alarm;
    bool alarm_armed;
    bool tick_due;       /* a tick comes before the next instruction */
    uint32_t tick_steps; /* 0: no ticks */
    uint64_t to_tick;    /* steps until a tick is due; UINT64_MAX: never */

    struct hsx_tally *tally; /* of the current run, or NULL */
    struct ahead ahead;
    struct look look;
    struct stop stop;

    /* Of the ops that hsx_vm_predecode has made. */
    struct plan_head heads[HSX_CODE_WORDS];
    struct plan_tail tails[HSX_CODE_WORDS];
};

static inline uint32_t rotate_right_2(uint32_t value)
{
    return value >> 2 | value << 30;
}

static inline uint32_t fetch_from_pc(uint16_t pc)
{
    return rotate_right_2(pc);
}

static inline uint16_t pc_from_fetch(uint32_t fetch)
{
    return (uint16_t)(fetch << 2 | fetch >> 30);
}

/* Data memory is little-endian, at any alignment. */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "libhsxvm accesses the little-endian data memory as host words"
#endif

static inline uint32_t load32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t load16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void store32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline void store16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline unsigned queue_count(const struct hsx_vm *vm)
{
    return (uint8_t)(vm->tail - vm->head);
}

static inline uint8_t task_psw(int64_t nz, uint8_t carry, uint8_t overflow)
{
    return (uint8_t)(((uint32_t)nz == 0 ? HSX_PSW_Z : 0) | (carry != 0 ? HSX_PSW_C : 0) |
                     (nz < 0 ? HSX_PSW_N : 0) | (overflow != 0 ? HSX_PSW_V : 0));
}

static inline int64_t task_nz(uint8_t psw)
{
    return ((psw & HSX_PSW_N) != 0 ? INT64_MIN : 0) | ((psw & HSX_PSW_Z) != 0 ? 0 : 1);
}

/* Why the loop over one turn returned. */
enum vm_end {
    VM_END_BUDGET, /* the requested number of instructions has retired */
    VM_END_SVC,
    VM_END_BRK,
    VM_END_FAULT,
    VM_END_RETURN,
    VM_END_PLACE, /* the next instruction has a point in front of it */
    VM_END_LEFT   /* a task that runs ahead may not run the next instruction */
};

/*
 * Execution loops, in exec.c. left is, on entry, how many instructions may
 * retire, at least 1, and on return how many did not. records has room
 * for left of them: an event that is not a retired instruction is the last one and takes
 * the place of one.
 *
 * hsx_vm_turn runs one task and leaves the queue to its caller; slot is its own, and
 * turn_flags are the HSX_REC_TURN_* of each record that it makes.
 *
 * hsx_vm_ahead is the same for a task that runs ahead of others whose turns come in
 * between: it stops (VM_END_LEFT) in front of anything except plain work within the task's own
 * data segment, stack and window. *undo_end, where there must be room for left more, moves
 * past the stores that it saves. Records lie stride apart, each is a turn.
 *
 * hsx_vm_rotate runs the queue in strict rotation (slice 1) as long as plain instructions
 * retire; everything else is left to hsx_vm_turn.
 *
 * While look.watching is set, loops without records also end after an instruction that
 * changes what is watched, with look.changed set; those with records ignore it.
 */
enum vm_end hsx_vm_turn(struct hsx_vm *vm, struct vm_task *task, uint64_t *left);
enum vm_end hsx_vm_turn_records(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                                struct hsx_record *records, uint8_t slot, uint8_t turn_flags);
enum vm_end hsx_vm_ahead(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                         struct undo **undo_end);
enum vm_end hsx_vm_ahead_records(struct hsx_vm *vm, struct vm_task *task, uint64_t *left,
                                 struct undo **undo_end, struct hsx_record *records, size_t stride,
                                 uint8_t slot);
void hsx_vm_rotate(struct hsx_vm *vm, uint64_t *left);
void hsx_vm_rotate_records(struct hsx_vm *vm, uint64_t *left, struct hsx_record *records);

/* ---- code.c */

/* Predecode count words and the words that depend on them. */
void hsx_vm_predecode(struct hsx_vm *vm, size_t first, size_t count);

/* ---- look.c */

/* Sets whether the current run ends at points. */
void hsx_vm_look(struct hsx_vm *vm, bool look);

/* Does the current run end in front of the task's instruction at pc? A task that runs
 * ahead cannot know if a condition reads memory of others: then true. */
bool hsx_vm_at_place(const struct hsx_vm *vm, const struct vm_task *task, uint32_t pc, bool ahead);

/* The task's instruction at pc has written watched memory. True, and look.changed is set,
 * if a value is different now. */
bool hsx_vm_watched_changed(struct hsx_vm *vm, const struct vm_task *task, uint32_t pc);

/* ---- ahead.c */

/*
 * Runs the queue in strict rotation, each task for several turns at a time: as many
 * instructions as is worthwhile and limit allows, else 0. All that a task could notice of
 * another, or an observer of the order, is as if each had run one instruction at a time.
 * records is NULL or has room for limit.
 */
uint64_t hsx_vm_run_ahead(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records);

/* A context or the set of slots in use has changed. */
static inline void forget_areas(struct hsx_vm *vm)
{
    vm->ahead.areas_known = false;
}

/* Adds to the tally that a task retired steps in so many turns. */
static inline void tally_task(struct hsx_vm *vm, uint8_t slot, uint64_t steps, uint64_t turns)
{
    struct hsx_slot_tally *tally = &vm->tally->slots[slot];
    struct vm_task *task = &vm->tasks[slot];
    tally->steps += steps;
    tally->turns += turns;
    if (task->lowest_sp < tally->lowest_sp)
        tally->lowest_sp = task->lowest_sp;
    task->lowest_sp = UINT16_MAX;
}

#endif
