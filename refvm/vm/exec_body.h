// SPDX-License-Identifier: Apache-2.0
/*
 * One execution loop, see vm_internal.h; included by exec.c only, which defines
 * EXEC_NAME, EXEC_RESULT and EXEC_PARAMETERS and says with these which one:
 *   EXEC_ROTATE   the queue in strict rotation, else one task
 *   EXEC_RECORDS  each event makes a record
 *   EXEC_AHEAD    only what concerns nobody but the task, stores noted for taking back
 *   EXEC_WATCH    ends behind a change of what is watched
 *
 * A loop over one task keeps pc and flags in locals. Strict rotation changes the
 * task after every instruction and works on the task's cache line instead.
 * Registers are in neither: each operand is read from the window and each result
 * written to it, in the order of section 1: memory, R15, rd.
 *
 * Without records a loop over one task runs whole blocks (see struct op) and counts
 * them as it enters them; what is left of the budget, or of the code, when no whole
 * block fits any more is for the loop with records, which counts single instructions.
 */
#define EXEC_BLOCKS (!EXEC_ROTATE && !EXEC_RECORDS && !EXEC_WATCH)

#if EXEC_ROTATE
#define FETCH     fetch
#define FETCH_END (task->rotate_end)
#else
#define FETCH     ((uint32_t)(op - code))
#define FETCH_END fetch_end
#endif
/* Not an instruction of the plain kind: hsx_vm_turn does it over again. */
#if EXEC_ROTATE || EXEC_AHEAD
#define UNUSUAL(label) goto leave
#else
#define UNUSUAL(label) goto label
#endif

#define REG(offset)   load32(window + (offset))
#define RS1           REG(op->rs1)
#define RS2           REG(op->rs2)
#define SET_RD(value) (TOUCH_WORD(watched_window + op->rd), store32(window + op->rd, (value)))
#define SET_R15(value)                                                                             \
    (TOUCH_WORD(watched_window + R15_OFFSET), store32(window + R15_OFFSET, (value)))

/*
 * Watching. Each write notes whether it touches a watched byte. An instruction that
 * touched one, and retires at pc, ends the loop if that made a difference, by leaving it no
 * more than itself of what may retire: unspent is the rest.
 */
#if EXEC_WATCH
#define TOUCH_WORD(at) (touched |= load32(at))
#define TOUCH(bytes, at)                                                                           \
    (touched |= (bytes) == 4   ? load32(watched + (at))                                            \
                : (bytes) == 2 ? load16(watched + (at))                                            \
                               : watched[at])
#define LEAVE_IF_CHANGED()                                                                         \
    do {                                                                                           \
        if (UNLIKELY(touched != 0)) {                                                              \
            touched = 0;                                                                           \
            if (hsx_vm_watched_changed(vm, task, PC))                                              \
                KEEP_ONE();                                                                        \
        }                                                                                          \
    } while (0)
#if EXEC_ROTATE
#define LOOK_AT_WINDOW() (watched_window = watched + task->map.reg_base)
#define KEEP_ONE()       (unspent = remaining - 1, remaining = 1)
#else
#define KEEP_ONE()                                                                                 \
    (limit = op + 1, unspent = remaining - (uint64_t)(limit - start), remaining -= unspent)
#endif
#else
#define TOUCH_WORD(at)     ((void)0)
#define LOOK_AT_WINDOW()   ((void)0)
#define TOUCH(bytes, at)   ((void)0)
#define LEAVE_IF_CHANGED() ((void)0)
#endif

/*
 * Flags. Each record shows the psw, so a turn with records keeps it made up.
 * The others keep what it is made from: most flags are overwritten unseen.
 */
#if EXEC_RECORDS && !EXEC_ROTATE
#define SET_FLAGS(value, c, v)                                                                     \
    (psw = (uint32_t)((value) == 0) | (uint32_t)(c) << 1 | (value) >> 31 << 2 | (uint32_t)(v) << 3)
#define PSW   psw
#define ZERO  ((psw & HSX_PSW_Z) != 0)
#define CARRY (psw >> 1 & 1)
#else
#if EXEC_ROTATE
#define FLAG(name) task->name
#else
#define FLAG(name) name
#endif
#define SET_FLAGS(value, c, v)                                                                     \
    (FLAG(nz) = (int32_t)(value), FLAG(carry) = (uint8_t)(c), FLAG(overflow) = (uint8_t)(v))
#define PSW   task_psw(FLAG(nz), FLAG(carry), FLAG(overflow))
#define ZERO  ((uint32_t)FLAG(nz) == 0)
#define CARRY FLAG(carry)
#endif

/*
 * Records. An effect is what an instruction did, as the last arguments of
 * write_record: flags, rd, rd_value, access, mem_addr, mem_value. Without
 * EXEC_RECORDS nothing is made of it.
 */
#define NO_EFFECT                  0, 0, 0, 0, 0, 0
#define RD_EFFECT(value)           HSX_REC_RD, RD, (value), 0, 0, 0
#define LOAD_EFFECT(bytes, at, x)  HSX_REC_RD, RD, (x), HSX_ACC_READ | (bytes), (at), (x)
#define STORE_EFFECT(bytes, at, x) 0, 0, 0, HSX_ACC_WRITE | (bytes), (at), (x)
#define PUSH_EFFECT(at, x)         HSX_REC_R15, 0, 0, HSX_ACC_WRITE | 4, (at), (x)
#define POP_EFFECT(at, x)          HSX_REC_RD | HSX_REC_R15, RD, (x), HSX_ACC_READ | 4, (at), (x)
#define RET_EFFECT(at, x)          HSX_REC_R15, 0, 0, HSX_ACC_READ | 4, (at), (x)
#define LDI32_EFFECT               HSX_REC_RD | HSX_REC_EXT, RD, op->imm, 0, 0, 0
#define FAULT_EFFECT(code)         HSX_REC_RD, 0, (code), 0, 0, 0
#if EXEC_RECORDS
#if EXEC_AHEAD
#define STRIDE stride
#else
#define STRIDE 1
#endif
#define RECORD(word, pc, next, ...)                                                                \
    (write_record(records, (word), (pc), (next), SP_BITS, TASK_BITS, PSW, __VA_ARGS__),            \
     records += STRIDE)
#define AMEND_RECORD(member, value) (records[-(ptrdiff_t)STRIDE].member = (value))
#else
#define RECORD(word, pc, next, ...) ((void)(word))
#define AMEND_RECORD(member, value) ((void)0)
#endif
#if EXEC_RECORDS && !EXEC_ROTATE
#define SP_BITS         sp_now
#define TASK_BITS       task_now
#define STACK_CHANGED() (sp_now = sp_bits(task), task_now = task_bits(task, slot, turn_flags))
#else
#define SP_BITS         sp_bits(task)
#define TASK_BITS       task_bits(task, vm->ring[head], HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE)
#define STACK_CHANGED() ((void)0)
#endif

#define RD (op->rd)     /* as the offset in the window */
#define PC (FETCH << 2) /* modulo 0x10000 where it is kept */

#if EXEC_BLOCKS
#define HANDLER block_handler
#else
#define HANDLER handler
#endif
#define RUN_OP() goto *handlers[op->HANDLER] /* NOLINT(bugprone-macro-parentheses) */

/* What a loop over one task may touch, and how it can be taken back. */
#if EXEC_AHEAD
#define TRANSLATE(address, bytes, at) translate_own(&task->map, (address), (bytes), (at))
#define NOTE_STORE(bytes, at)         note_store(undo++, data, (at), (bytes))
#else
#define TRANSLATE(address, bytes, at) hsx_access(&task->map, (address), (bytes), (at))
#define NOTE_STORE(bytes, at)         ((void)0)
#endif

#define LOWER_SP(sp)                                                                               \
    do {                                                                                           \
        task->sp = (uint16_t)(sp);                                                                 \
        if ((sp) < task->lowest_sp)                                                                \
            task->lowest_sp = (uint16_t)(sp);                                                      \
    } while (0)

#if EXEC_ROTATE

/* With tasks out of step the jump to the next task's handler is mispredicted more
 * often than not, so what it waits for is found a turn earlier: the next task
 * here, and its handler when it was put back. */
#define TAKE_HEAD()                                                                                \
    do {                                                                                           \
        task = next_task;                                                                          \
        next_task = &vm->tasks[vm->ring[(uint8_t)(head + 1)]];                                     \
        fetch = task->fetch;                                                                       \
        window = data + task->map.reg_base;                                                        \
        LOOK_AT_WINDOW();                                                                          \
        RUN_HEAD();                                                                                \
    } while (0)

#if EXEC_RECORDS || EXEC_WATCH
#define RUN_HEAD()                                                                                 \
    do {                                                                                           \
        if (UNLIKELY(fetch >= task->rotate_end))                                                   \
            goto leave;                                                                            \
        op = &task->code[fetch];                                                                   \
        RUN_OP();                                                                                  \
    } while (0)
#define NEXT_HANDLER(next) NULL
#else
#define RUN_HEAD()                                                                                 \
    do {                                                                                           \
        if (UNLIKELY(task->handler == NULL))                                                       \
            goto find_handler;                                                                     \
        op = &task->code[fetch];                                                                   \
        goto * task->handler;                                                                      \
    } while (0)
#define NEXT_HANDLER(next)                                                                         \
    (UNLIKELY((next) >= task->rotate_end) ? NULL : handlers[task->code[next].handler])
#endif

#define PUT_BACK(next)                                                                             \
    do {                                                                                           \
        task->fetch = (next);                                                                      \
        task->handler = NEXT_HANDLER(task->fetch);                                                 \
        vm->ring[tail++] = vm->ring[head++];                                                       \
        if (UNLIKELY(--remaining == 0))                                                            \
            goto leave;                                                                            \
        TAKE_HEAD();                                                                               \
    } while (0)

#define RETIRE_NEXT(...)                                                                           \
    do {                                                                                           \
        RECORD(op->word, PC, PC + 4, __VA_ARGS__);                                                 \
        LEAVE_IF_CHANGED();                                                                        \
        PUT_BACK(fetch + 1);                                                                       \
    } while (0)

#define RETIRE_LDI32()                                                                             \
    do {                                                                                           \
        RECORD(op->word, PC, PC + 8, LDI32_EFFECT);                                                \
        AMEND_RECORD(ext, op->imm);                                                                \
        LEAVE_IF_CHANGED();                                                                        \
        PUT_BACK(fetch + 2);                                                                       \
    } while (0)

#define RETIRE_JUMP(next, ...)                                                                     \
    do {                                                                                           \
        uint32_t next_fetch = (next);                                                              \
        RECORD(op->word, PC, pc_from_fetch(next_fetch), __VA_ARGS__);                              \
        LEAVE_IF_CHANGED();                                                                        \
        PUT_BACK(next_fetch);                                                                      \
    } while (0)

#else /* one task */

#if EXEC_BLOCKS

/* At op, which is in the code or just past its end. */
#define ENTER_BLOCK()                                                                              \
    do {                                                                                           \
        uint32_t words = op->behind + 1u;                                                          \
        if (UNLIKELY(remaining < words || end_op - op < (ptrdiff_t)words))                         \
            goto no_whole_block;                                                                   \
        start = op;                                                                                \
        remaining -= words;                                                                        \
        RUN_OP();                                                                                  \
    } while (0)

#define START_RUN()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(fetch >= fetch_end))                                                          \
            goto bad_fetch;                                                                        \
        op = code + fetch;                                                                         \
        ENTER_BLOCK();                                                                             \
    } while (0)

/* The block is left at op: what it was counted for and did not retire. */
#define TAKE_BACK(retired) (remaining += start->behind + 1u - (uint64_t)(op + (retired)-start))

#define RETIRE_NEXT(...)                                                                           \
    do {                                                                                           \
        op++;                                                                                      \
        RUN_OP();                                                                                  \
    } while (0)

/* The words that end a block. */
#define RETIRE_LAST(...)                                                                           \
    do {                                                                                           \
        op++;                                                                                      \
        ENTER_BLOCK();                                                                             \
    } while (0)

#define RETIRE_LDI32()                                                                             \
    do {                                                                                           \
        op += 2;                                                                                   \
        ENTER_BLOCK();                                                                             \
    } while (0)

#define RETIRE_JUMP(next, ...)                                                                     \
    do {                                                                                           \
        fetch = (next);                                                                            \
        START_RUN();                                                                               \
    } while (0)

#else

/*
 * A straight run of instructions begins at start and must stop at limit, where
 * the code or the budget ends, so that one comparison guards both; remaining is
 * brought up to date only when a run ends.
 */
#define SET_LIMIT()                                                                                \
    do {                                                                                           \
        uint64_t room = (uint64_t)(code + fetch_end - start);                                      \
        limit = start + (remaining < room ? remaining : room);                                     \
    } while (0)

#define START_RUN()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(fetch >= fetch_end))                                                          \
            goto bad_fetch;                                                                        \
        start = op = code + fetch;                                                                 \
        SET_LIMIT();                                                                               \
        RUN_OP();                                                                                  \
    } while (0)

#define TAKE_BACK(retired) (remaining -= (uint64_t)(op + (retired)-start))

#define RETIRE_NEXT(...)                                                                           \
    do {                                                                                           \
        RECORD(op->word, PC, PC + 4, __VA_ARGS__);                                                 \
        LEAVE_IF_CHANGED();                                                                        \
        if (UNLIKELY(++op == limit))                                                               \
            goto run_done;                                                                         \
        RUN_OP();                                                                                  \
    } while (0)

/* LDI32. Its two words are one instruction: start moves up, so that op - start
 * stays the number of instructions. */
#define RETIRE_LDI32()                                                                             \
    do {                                                                                           \
        RECORD(op->word, PC, PC + 8, LDI32_EFFECT);                                                \
        AMEND_RECORD(ext, op->imm);                                                                \
        LEAVE_IF_CHANGED();                                                                        \
        op += 2;                                                                                   \
        start++;                                                                                   \
        SET_LIMIT();                                                                               \
        if (UNLIKELY(op == limit))                                                                 \
            goto run_done;                                                                         \
        RUN_OP();                                                                                  \
    } while (0)

#define RETIRE_JUMP(next, ...)                                                                     \
    do {                                                                                           \
        uint32_t next_fetch = (next);                                                              \
        RECORD(op->word, PC, pc_from_fetch(next_fetch), __VA_ARGS__);                              \
        LEAVE_IF_CHANGED();                                                                        \
        TAKE_BACK(1);                                                                              \
        fetch = next_fetch;                                                                        \
        if (UNLIKELY(remaining == 0))                                                              \
            goto out;                                                                              \
        START_RUN();                                                                               \
    } while (0)

#endif

#define TRAP(which, new_state, why)                                                                \
    do {                                                                                           \
        RECORD(op->word, PC, PC + 4, NO_EFFECT);                                                   \
        AMEND_RECORD(event, (which));                                                              \
        fetch = FETCH + 1;                                                                         \
        TAKE_BACK(1);                                                                              \
        task->state = (new_state);                                                                 \
        end = (why);                                                                               \
        goto out;                                                                                  \
    } while (0)

#endif
#ifndef RETIRE_LAST
#define RETIRE_LAST RETIRE_NEXT
#endif

#define RETIRE_RD(value) RETIRE_NEXT(RD_EFFECT(value))

#define LOAD(bytes, value)                                                                         \
    do {                                                                                           \
        uint32_t at;                                                                               \
        if (UNLIKELY(!TRANSLATE((RS1 + op->imm) & 0xFFFF, (bytes), &at)))                          \
            UNUSUAL(mem_fault);                                                                    \
        uint32_t x = (value);                                                                      \
        SET_RD(x);                                                                                 \
        RETIRE_NEXT(LOAD_EFFECT(bytes, at, x));                                                    \
    } while (0)

#define STORE(bytes, mask, write)                                                                  \
    do {                                                                                           \
        uint32_t at;                                                                               \
        if (UNLIKELY(!TRANSLATE((RS1 + op->imm) & 0xFFFF, (bytes), &at)))                          \
            UNUSUAL(mem_fault);                                                                    \
        uint32_t x = RS2 & (mask);                                                                 \
        NOTE_STORE((bytes), at);                                                                   \
        TOUCH((bytes), at);                                                                        \
        write;                                                                                     \
        RETIRE_NEXT(STORE_EFFECT(bytes, at, x));                                                   \
    } while (0)

#define HALF_RESULT(half)                                                                          \
    do {                                                                                           \
        uint32_t x = (REG(op->rd) & 0xFFFF0000) | (half);                                          \
        SET_RD(x);                                                                                 \
        RETIRE_RD(x);                                                                              \
    } while (0)

EXEC_RESULT EXEC_NAME(EXEC_PARAMETERS)
{
    static const void *const handlers[] = {
        &&illegal,
#define HSX_INSN(opcode, name, operands, flags, faults, effect) &&do_##name,
#include <hsx/isa.def>
#undef HSX_INSN
        &&point,
#if EXEC_BLOCKS
#define HSX_QUIET(name)  &&do_##name##_QUIET,
#define HSX_JOINED(name) &&do_##name##_JZ, &&do_##name##_JNZ,
#include "block_handlers.def"
#endif
    };
    uint8_t *const data = vm->data;
    uint64_t remaining = *left;
    const struct op *op;
#if EXEC_WATCH
    const uint8_t *const watched = vm->look.watched;
    uint32_t touched = 0;
    uint64_t unspent = 0;
#else
    const uint64_t unspent = 0;
#endif
#if EXEC_ROTATE
    uint8_t head = vm->head;
    uint8_t tail = vm->tail;
    struct vm_task *task;
    struct vm_task *next_task = &vm->tasks[vm->ring[head]];
    uint8_t *window;
#if EXEC_WATCH
    const uint8_t *watched_window;
#endif
    uint32_t fetch;
    TAKE_HEAD();
#else
#if EXEC_RECORDS
#if EXEC_AHEAD
    const uint8_t turn_flags = HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE;
#endif
    uint64_t sp_now = sp_bits(task);
    uint64_t task_now = task_bits(task, slot, turn_flags);
    uint32_t psw = task_psw(task->nz, task->carry, task->overflow);
#else
    int64_t nz = task->nz;
    uint8_t carry = task->carry;
    uint8_t overflow = task->overflow;
#endif
    uint8_t *const window = data + task->map.reg_base;
#if EXEC_WATCH
    const uint8_t *const watched_window = watched + task->map.reg_base;
#endif
    const struct op *const code = task->code;
    const uint32_t fetch_end = task->fetch_end;
    uint32_t fetch = task->fetch;
    const struct op *start;
#if EXEC_BLOCKS
    const struct op *const end_op = code + fetch_end;
#else
    const struct op *limit;
#endif
#if EXEC_AHEAD
    struct undo *undo = *undo_end;
#else
    uint32_t fault;
#endif
    enum vm_end end = VM_END_BUDGET;
    START_RUN();
#endif

do_LDI:
    SET_RD(op->imm);
    RETIRE_RD(op->imm);

do_LDI32:
    if (UNLIKELY(FETCH + 1 >= FETCH_END))
        UNUSUAL(code_fault);
    SET_RD(op->imm);
    RETIRE_LDI32();

do_LD:
    LOAD(4, load32(data + at));
do_LDH:
    LOAD(2, load16(data + at));
do_LDB:
    LOAD(1, data[at]);
do_ST:
    STORE(4, 0xFFFFFFFF, store32(data + at, x));
do_STH:
    STORE(2, 0xFFFF, store16(data + at, (uint16_t)x));
do_STB:
    STORE(1, 0xFF, data[at] = (uint8_t)x);

do_MOV : {
    uint32_t x = RS1;
    SET_RD(x);
    RETIRE_RD(x);
}

do_ADD : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    uint32_t x;
    bool c = __builtin_add_overflow(a, b, &x);
    SET_FLAGS(x, c, signed_add_overflows(a, b));
    SET_RD(x);
    RETIRE_RD(x);
}
do_SUB : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    uint32_t x = a - b;
    SET_FLAGS(x, a >= b, signed_sub_overflows(a, b));
    SET_RD(x);
    RETIRE_RD(x);
}
do_ADC : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    uint64_t wide = (uint64_t)a + b + CARRY;
    uint32_t x = (uint32_t)wide;
    SET_FLAGS(x, wide >> 32, ((a ^ x) & (b ^ x)) >> 31);
    SET_RD(x);
    RETIRE_RD(x);
}
do_SBC : {
    uint32_t a = RS1;
    uint32_t b = ~RS2;
    uint64_t wide = (uint64_t)a + b + CARRY;
    uint32_t x = (uint32_t)wide;
    SET_FLAGS(x, wide >> 32, ((a ^ x) & (b ^ x)) >> 31);
    SET_RD(x);
    RETIRE_RD(x);
}
do_CMP : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    uint32_t x = a - b;
    SET_FLAGS(x, a >= b, signed_sub_overflows(a, b));
    RETIRE_NEXT(NO_EFFECT);
}

do_MUL : {
    uint64_t product = (uint64_t)RS1 * RS2;
    uint32_t x = (uint32_t)product;
    bool high = product >> 32 != 0;
    SET_FLAGS(x, high, high);
    SET_RD(x);
    RETIRE_RD(x);
}
do_DIV : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    if (UNLIKELY(b == 0))
        UNUSUAL(div_fault);
    /* By -1 as a negation: INT_MIN / -1 is not defined in C. */
    uint32_t x = b == 0xFFFFFFFF ? 0 - a : (uint32_t)((int32_t)a / (int32_t)b);
    SET_FLAGS(x, 0, 0);
    SET_RD(x);
    RETIRE_RD(x);
}

do_AND : {
    uint32_t x = RS1 & RS2;
    SET_FLAGS(x, 0, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_OR : {
    uint32_t x = RS1 | RS2;
    SET_FLAGS(x, 0, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_XOR : {
    uint32_t x = RS1 ^ RS2;
    SET_FLAGS(x, 0, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_NOT : {
    uint32_t x = ~RS1;
    SET_FLAGS(x, 0, 0);
    SET_RD(x);
    RETIRE_RD(x);
}

do_LSL : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = a << amount;
    uint32_t out = amount != 0 ? a >> (32 - amount) & 1 : CARRY;
    SET_FLAGS(x, out, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_LSR : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = a >> amount;
    uint32_t out = amount != 0 ? a >> (amount - 1) & 1 : CARRY;
    SET_FLAGS(x, out, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_ASR : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = (uint32_t)((int32_t)a >> amount);
    uint32_t out = amount != 0 ? a >> (amount - 1) & 1 : CARRY;
    SET_FLAGS(x, out, 0);
    SET_RD(x);
    RETIRE_RD(x);
}

do_JMP:
    RETIRE_JUMP(op->imm, NO_EFFECT);
do_JZ:
    if (ZERO)
        RETIRE_JUMP(op->imm, NO_EFFECT);
    RETIRE_LAST(NO_EFFECT);
do_JNZ:
    if (!ZERO)
        RETIRE_JUMP(op->imm, NO_EFFECT);
    RETIRE_LAST(NO_EFFECT);

do_CALL : {
    uint32_t base = op->rs1 != 0 ? RS1 : FETCH << 2;
    uint16_t target = (uint16_t)(base + (op->imm << task->call_shift));
    uint32_t sp = task->sp;
    uint32_t x = pc_from_fetch(FETCH + 1);
    if (UNLIKELY(sp < task->map.stack_limit + 4u))
        UNUSUAL(overflow_fault);
    sp -= 4;
    LOWER_SP(sp);
    task->call_depth += task->call_depth != 0xFFFF;
    STACK_CHANGED();
    NOTE_STORE(4, sp);
    TOUCH(4, sp);
    store32(data + sp, x);
    SET_R15(sp);
    RETIRE_JUMP(fetch_from_pc(target), PUSH_EFFECT(sp, x));
}
do_RET : {
    uint32_t sp = task->sp;
    if (UNLIKELY(task->call_depth == 0))
        UNUSUAL(task_end);
    if (UNLIKELY(sp + 4 > task->map.stack_top))
        UNUSUAL(underflow_fault);
    uint32_t x = load32(data + sp);
    if (UNLIKELY(x > 0xFFFF))
        UNUSUAL(code_fault);
    task->sp = (uint16_t)(sp + 4);
    task->call_depth -= task->call_depth != 0xFFFF;
    STACK_CHANGED();
    SET_R15(sp + 4);
    RETIRE_JUMP(fetch_from_pc((uint16_t)x), RET_EFFECT(sp, x));
}
do_PUSH : {
    uint32_t sp = task->sp;
    uint32_t x = RS1;
    if (UNLIKELY(sp < task->map.stack_limit + 4u))
        UNUSUAL(overflow_fault);
    sp -= 4;
    LOWER_SP(sp);
    STACK_CHANGED();
    NOTE_STORE(4, sp);
    TOUCH(4, sp);
    store32(data + sp, x);
    SET_R15(sp);
    RETIRE_NEXT(PUSH_EFFECT(sp, x));
}
do_POP : {
    uint32_t sp = task->sp;
    if (UNLIKELY(sp + 4 > task->map.stack_top))
        UNUSUAL(underflow_fault);
    uint32_t x = load32(data + sp);
    task->sp = (uint16_t)(sp + 4);
    STACK_CHANGED();
    SET_R15(sp + 4);
    SET_RD(x);
    RETIRE_NEXT(POP_EFFECT(sp, x));
}

do_FADD:
    HALF_RESULT(hsx_half_add((uint16_t)RS1, (uint16_t)RS2));
do_FSUB:
    HALF_RESULT(hsx_half_sub((uint16_t)RS1, (uint16_t)RS2));
do_FMUL:
    HALF_RESULT(hsx_half_mul((uint16_t)RS1, (uint16_t)RS2));
do_FDIV:
    HALF_RESULT(hsx_half_div((uint16_t)RS1, (uint16_t)RS2));
do_I2F:
    HALF_RESULT(hsx_half_from_int((int32_t)RS1));
do_F2I : {
    uint32_t x = (uint32_t)hsx_half_to_int((uint16_t)RS1);
    SET_RD(x);
    RETIRE_RD(x);
}

#if EXEC_BLOCKS
do_ADD_QUIET:
    SET_RD(RS1 + RS2);
    RETIRE_NEXT();
do_SUB_QUIET:
    SET_RD(RS1 - RS2);
    RETIRE_NEXT();
do_MUL_QUIET:
    SET_RD(RS1 * RS2);
    RETIRE_NEXT();
do_AND_QUIET:
    SET_RD(RS1 & RS2);
    RETIRE_NEXT();
do_OR_QUIET:
    SET_RD(RS1 | RS2);
    RETIRE_NEXT();
do_XOR_QUIET:
    SET_RD(RS1 ^ RS2);
    RETIRE_NEXT();
do_NOT_QUIET:
    SET_RD(~RS1);
    RETIRE_NEXT();
do_LSL_QUIET:
    SET_RD(RS1 << (RS2 & 31));
    RETIRE_NEXT();
do_LSR_QUIET:
    SET_RD(RS1 >> (RS2 & 31));
    RETIRE_NEXT();
do_ASR_QUIET:
    SET_RD((uint32_t)((int32_t)RS1 >> (RS2 & 31)));
    RETIRE_NEXT();

/* op is the jump from where x is known. */
#define JOIN(condition)                                                                            \
    do {                                                                                           \
        op++;                                                                                      \
        if (condition)                                                                             \
            RETIRE_JUMP(op->imm, NO_EFFECT);                                                       \
        RETIRE_LAST();                                                                             \
    } while (0)
#define JOINED_ADD(condition)                                                                      \
    do {                                                                                           \
        uint32_t a = RS1;                                                                          \
        uint32_t b = RS2;                                                                          \
        uint32_t x;                                                                                \
        bool c = __builtin_add_overflow(a, b, &x);                                                 \
        SET_FLAGS(x, c, signed_add_overflows(a, b));                                               \
        SET_RD(x);                                                                                 \
        JOIN(condition);                                                                           \
    } while (0)
#define JOINED_SUB(write, condition)                                                               \
    do {                                                                                           \
        uint32_t a = RS1;                                                                          \
        uint32_t b = RS2;                                                                          \
        uint32_t x = a - b;                                                                        \
        SET_FLAGS(x, a >= b, signed_sub_overflows(a, b));                                          \
        write;                                                                                     \
        JOIN(condition);                                                                           \
    } while (0)
#define JOINED_AND(condition)                                                                      \
    do {                                                                                           \
        uint32_t x = RS1 & RS2;                                                                    \
        SET_FLAGS(x, 0, 0);                                                                        \
        SET_RD(x);                                                                                 \
        JOIN(condition);                                                                           \
    } while (0)
do_ADD_JZ:
    JOINED_ADD(x == 0);
do_ADD_JNZ:
    JOINED_ADD(x != 0);
do_SUB_JZ:
    JOINED_SUB(SET_RD(x), x == 0);
do_SUB_JNZ:
    JOINED_SUB(SET_RD(x), x != 0);
do_AND_JZ:
    JOINED_AND(x == 0);
do_AND_JNZ:
    JOINED_AND(x != 0);
do_CMP_JZ:
    JOINED_SUB(, x == 0);
do_CMP_JNZ:
    JOINED_SUB(, x != 0);
#endif

point:
    if (UNLIKELY(hsx_vm_at_place(vm, task, PC, EXEC_AHEAD)))
        UNUSUAL(place);
    goto *handlers[vm->look.HANDLER[op - vm->ops]]; /* NOLINT(bugprone-macro-parentheses) */

#if EXEC_ROTATE
#if !EXEC_RECORDS && !EXEC_WATCH
find_handler:
    if (UNLIKELY(fetch >= task->rotate_end))
        goto leave;
    op = &task->code[fetch];
    RUN_OP();
#endif
do_SVC:
do_BRK:
illegal:
leave:
    vm->head = head;
    vm->tail = tail;
    *left = remaining + unspent;
#else
#if EXEC_AHEAD
do_SVC:
do_BRK:
illegal:
leave:
    fetch = FETCH;
    TAKE_BACK(0);
    end = VM_END_LEFT;
    goto out;
#else
do_SVC:
    TRAP(HSX_EV_SVC, HSX_TRAPPED, VM_END_SVC);
do_BRK:
    TRAP(HSX_EV_BRK, HSX_PAUSED, VM_END_BRK);

place:
    fetch = FETCH;
    TAKE_BACK(0);
    end = VM_END_PLACE;
    goto out;

task_end:
    RECORD(op->word, PC, PC, NO_EFFECT);
    AMEND_RECORD(event, HSX_EV_RETURN);
    fetch = FETCH;
    TAKE_BACK(0);
    task->state = HSX_RETURNED;
    end = VM_END_RETURN;
    goto out;

illegal:
    fault = HSX_FAULT_ILLEGAL_OPCODE;
    goto fault_at_op;
code_fault:
    fault = HSX_FAULT_CODE;
    goto fault_at_op;
overflow_fault:
    fault = HSX_FAULT_STACK_OVERFLOW;
    goto fault_at_op;
underflow_fault:
    fault = HSX_FAULT_STACK_UNDERFLOW;
    goto fault_at_op;
mem_fault:
    fault = HSX_FAULT_MEM;
    goto fault_at_op;
div_fault:
    fault = HSX_FAULT_DIV_ZERO;
fault_at_op:
    RECORD(op->word, PC, PC, FAULT_EFFECT(fault));
    AMEND_RECORD(event, HSX_EV_FAULT);
    fetch = FETCH;
    TAKE_BACK(0);
    goto halt;
#endif

#if EXEC_BLOCKS
no_whole_block:
    fetch = FETCH;
    end = VM_END_BUDGET;
    goto out;
#else
run_done:
    fetch = FETCH;
    TAKE_BACK(0);
    if (remaining == 0)
        goto out;
#endif
bad_fetch:
    if (fetch == HSX_CODE_WORDS) {
        fetch = 0;
        START_RUN();
    }
#if EXEC_AHEAD
    end = VM_END_LEFT;
#else
    if (hsx_vm_at_place(vm, task, pc_from_fetch(fetch), false)) {
        end = VM_END_PLACE;
        goto out;
    }
    fault = HSX_FAULT_CODE;
    RECORD(0, pc_from_fetch(fetch), pc_from_fetch(fetch), FAULT_EFFECT(fault));
    AMEND_RECORD(event, HSX_EV_FAULT);
halt:
    store32(window, fault);
    task->state = HSX_FAULTED;
    end = VM_END_FAULT;
#endif

out:
    task->fetch = fetch;
    task->handler = NULL;
#if EXEC_RECORDS
    task->nz = task_nz((uint8_t)psw);
    task->carry = psw >> 1 & 1;
    task->overflow = psw >> 3 & 1;
#else
    task->nz = nz;
    task->carry = carry;
    task->overflow = overflow;
#endif
#if EXEC_AHEAD
    *undo_end = undo;
#endif
    *left = remaining + unspent;
    return end;
#endif
}

#undef EXEC_NAME
#undef EXEC_RESULT
#undef EXEC_PARAMETERS
#undef EXEC_ROTATE
#undef EXEC_RECORDS
#undef FETCH
#undef FETCH_END
#undef UNUSUAL
#undef REG
#undef RS1
#undef RS2
#undef SET_RD
#undef SET_R15
#undef SET_FLAGS
#undef PSW
#undef ZERO
#undef CARRY
#undef FLAG
#undef NO_EFFECT
#undef RD_EFFECT
#undef LOAD_EFFECT
#undef STORE_EFFECT
#undef PUSH_EFFECT
#undef POP_EFFECT
#undef RET_EFFECT
#undef LDI32_EFFECT
#undef FAULT_EFFECT
#undef RECORD
#undef AMEND_RECORD
#undef SP_BITS
#undef TASK_BITS
#undef STACK_CHANGED
#undef RD
#undef PC
#undef RUN_OP
#undef TAKE_HEAD
#undef RUN_HEAD
#undef NEXT_HANDLER
#undef PUT_BACK
#undef RETIRE_NEXT
#undef RETIRE_LDI32
#undef RETIRE_JUMP
#undef SET_LIMIT
#undef START_RUN
#undef TRAP
#undef RETIRE_RD
#undef LOAD
#undef STORE
#undef HALF_RESULT
#undef EXEC_AHEAD
#undef EXEC_WATCH
#undef TOUCH_WORD
#undef LOOK_AT_WINDOW
#undef TOUCH
#undef LEAVE_IF_CHANGED
#undef KEEP_ONE
#undef EXEC_BLOCKS
#undef STRIDE
#undef HANDLER
#undef TRANSLATE
#undef NOTE_STORE
#undef LOWER_SP
#undef ENTER_BLOCK
#undef TAKE_BACK
#undef RETIRE_LAST
#undef JOIN
#undef JOINED_ADD
#undef JOINED_SUB
#undef JOINED_AND
