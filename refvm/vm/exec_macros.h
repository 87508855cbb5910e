// SPDX-License-Identifier: Apache-2.0
/* How the loop of exec_body.h that EXEC_* select reads and writes registers and memory, watches,
 * makes records, and goes from one instruction to the next. */
#if EXEC_ROTATE
#define FETCH     fetch
#define FETCH_END (task->rotate_end)
#else
#define FETCH     ((uint32_t)(op - code))
#define FETCH_END fetch_end
#endif
/* Not a plain instruction: hsx_vm_turn repeats it. */
#if EXEC_ROTATE || EXEC_AHEAD
#define UNUSUAL(label) goto leave
#else
#define UNUSUAL(label) goto label
#endif

#define REG(offset) load32(window + (offset))
#define RS1         REG(op->rs1)
#define RS2         REG(op->rs2)
#if EXEC_BLOCKS
/* result is what a handler that takes it from the word before finds in place of a register. */
#define SET_RD(value) store32(window + op->rd, result = (value))
#else
#define SET_RD(value) (TOUCH_WORD(watched_window + op->rd), store32(window + op->rd, (value)))
#endif
#define SET_R15(value)                                                                             \
    (TOUCH_WORD(watched_window + R15_OFFSET), store32(window + R15_OFFSET, (value)))

/*
 * Watching. Each write notes whether it touches a watched byte. If an instruction that
 * touched one changed its value, it ends the loop when it retires at pc: the budget is cut
 * to that instruction, and unspent is the rest.
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
 * Flags. Each record contains the psw, so a turn with records keeps it up to date. The
 * others keep what it is computed from: most flags are overwritten unread.
 */
#if EXEC_RECORDS && !EXEC_ROTATE
#define SET_FLAGS(value, c, v)                                                                     \
    (psw = (uint32_t)((value) == 0) + 2 * (uint32_t)(c) + 4 * (((value) >> 31) + 2 * (uint32_t)(v)))
#define PSW     psw
#define ZERO    ((psw & HSX_PSW_Z) != 0)
#define CARRY_2 (psw & HSX_PSW_C)
#else
#if EXEC_ROTATE
#define FLAG(name) task->name
#else
#define FLAG(name) name
#endif
#define SET_FLAGS(value, c, v)                                                                     \
    (FLAG(nz) = (int32_t)(value), FLAG(carry) = (uint8_t)(c), FLAG(overflow) = (uint8_t)(v))
#define PSW     task_psw(FLAG(nz), FLAG(carry), FLAG(overflow))
#define ZERO    ((uint32_t)FLAG(nz) == 0)
#define CARRY_2 (2u * FLAG(carry)) /* twice the flag, as in psw */
#endif

/*
 * Records. An effect is what an instruction did, as the last arguments of
 * write_record: flags, rd, rd_value, access, mem_addr, mem_value. Without EXEC_RECORDS
 * it is unused. RECORD_WORD is for a word that retires and is followed by the next one; in a
 * block most of its record is in the plan.
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
#define STRIDE sizeof(struct hsx_record)
#endif
#define NEXT_RECORD() (record = (void *)((uint8_t *)record + STRIDE))
#define RECORD(word, pc, next, ...)                                                                \
    (write_record(record, (word), (pc), (next), SP_BITS, TASK_BITS, PSW, __VA_ARGS__),             \
     NEXT_RECORD())
#define AMEND_RECORD(member, value)                                                                \
    (((struct hsx_record *)(void *)((uint8_t *)record - STRIDE))->member = (value))
#if EXEC_BLOCKS
#define RECORD_WORD(...) (write_planned(record, op, base_lanes, psw, __VA_ARGS__), NEXT_RECORD())
#define RECORD_JUMP(next_pc_, ...)                                                                 \
    do {                                                                                           \
        write_planned(record, op, base_lanes, psw, __VA_ARGS__);                                   \
        record->next_pc = (uint16_t)(next_pc_);                                                    \
        NEXT_RECORD();                                                                             \
    } while (0)
#endif
#else
#define RECORD(word, pc, next, ...) ((void)(word))
#define AMEND_RECORD(member, value) ((void)0)
#endif
#ifndef RECORD_WORD
#define RECORD_WORD(...)           RECORD(op->word, PC, PC + 4, __VA_ARGS__)
#define RECORD_JUMP(next_pc_, ...) RECORD(op->word, PC, (next_pc_), __VA_ARGS__)
#endif
#if EXEC_RECORDS && EXEC_BLOCKS
#define SP_BITS         sp_bits(task)
#define TASK_BITS       task_bits(task, slot, turn_flags)
#define STACK_CHANGED() (base_lanes[LANE_SP] = task->sp, base_lanes[LANE_DEPTH] = task->call_depth)
#elif EXEC_RECORDS && !EXEC_ROTATE
#define SP_BITS         sp_now
#define TASK_BITS       task_now
#define STACK_CHANGED() (sp_now = sp_bits(task), task_now = task_bits(task, slot, turn_flags))
#else
#define SP_BITS         sp_bits(task)
#define TASK_BITS       task_bits(task, vm->ring[head], HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE)
#define STACK_CHANGED() ((void)0)
#endif

#define RD        (op->rd)     /* as the offset in the window */
#define PC        (FETCH << 2) /* modulo 0x10000 where it is stored */
#define TARGET_PC HSX_INSN_IMM(op->word)

#if EXEC_BLOCKS
#define HANDLER block_handler
#else
#define HANDLER handler
#endif
#define RUN_OP() goto *table[op->HANDLER] /* NOLINT(bugprone-macro-parentheses) */

/* What a loop over one task may access, and how it can be undone. */
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

/* With tasks out of step the jump to the next task's handler is mispredicted more often
 * than not, so its inputs are found a turn earlier: the next task here, and its handler
 * when the task was put back. */
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
        RECORD_WORD(__VA_ARGS__);                                                                  \
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

#define RETIRE_JUMP(next, next_pc_, ...)                                                           \
    do {                                                                                           \
        uint32_t next_fetch = (next);                                                              \
        RECORD_JUMP((next_pc_), __VA_ARGS__);                                                      \
        LEAVE_IF_CHANGED();                                                                        \
        PUT_BACK(next_fetch);                                                                      \
    } while (0)

#else /* one task */

#if EXEC_BLOCKS

/* Enters the block at op, which ends within the code. */
#define ENTER_BLOCK(otherwise)                                                                     \
    do {                                                                                           \
        uint64_t words = op->words;                                                                \
        if (UNLIKELY(remaining < words))                                                           \
            goto otherwise;                                                                        \
        remaining -= words;                                                                        \
        goto *table[op->entry]; /* NOLINT(bugprone-macro-parentheses) */                           \
    } while (0)

#define START_RUN()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(fetch >= blocks_end))                                                         \
            goto bad_fetch;                                                                        \
        op = code + fetch;                                                                         \
        ENTER_BLOCK(out_of_budget_at_fetch);                                                       \
    } while (0)

/* The block is left at op: uncounts what did not retire. */
#define TAKE_BACK(retired) (remaining += op->words - (uint64_t)(retired))

#define RETIRE_PART(...)                                                                           \
    do {                                                                                           \
        RECORD_WORD(__VA_ARGS__);                                                                  \
        op++;                                                                                      \
    } while (0)

#define RETIRE_NEXT(...)                                                                           \
    do {                                                                                           \
        RETIRE_PART(__VA_ARGS__);                                                                  \
        RUN_OP();                                                                                  \
    } while (0)

/* Whether the block after op may run: a block that may be the last one ends the code. */
#define FALL_INTO_BLOCK()                                                                          \
    do {                                                                                           \
        if (UNLIKELY(op >= end_op))                                                                \
            goto out_of_code;                                                                      \
        ENTER_BLOCK(out_of_budget);                                                                \
    } while (0)

/* The words that end a block. */
#define RETIRE_LAST(...)                                                                           \
    do {                                                                                           \
        RETIRE_PART(__VA_ARGS__);                                                                  \
        FALL_INTO_BLOCK();                                                                         \
    } while (0)

#define RETIRE_LDI32()                                                                             \
    do {                                                                                           \
        RECORD_WORD(LDI32_EFFECT);                                                                 \
        op += 2;                                                                                   \
        FALL_INTO_BLOCK();                                                                         \
    } while (0)

#define RETIRE_JUMP(next, next_pc_, ...)                                                           \
    do {                                                                                           \
        fetch = (next);                                                                            \
        RECORD_JUMP((next_pc_), __VA_ARGS__);                                                      \
        START_RUN();                                                                               \
    } while (0)

#else

/*
 * A straight run of instructions begins at start and must stop at limit, where the code
 * or the budget ends, so that one comparison checks both; remaining is updated only when
 * a run ends.
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
        RECORD_WORD(__VA_ARGS__);                                                                  \
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

#define RETIRE_JUMP(next, next_pc_, ...)                                                           \
    do {                                                                                           \
        uint32_t next_fetch = (next);                                                              \
        RECORD_JUMP((next_pc_), __VA_ARGS__);                                                      \
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

/*
 * The physical address of an access, at. A loop over one task first looks whether it lies in the
 * task's data segment: room is how many places there an access of that width may begin at.
 */
#if EXEC_ROTATE
#define IN_SEGMENT(bytes, ea, at) false
#else
#define IN_SEGMENT(bytes, ea, at)                                                                  \
    ((at) = (ea) + segment_shift, (ea)-HSX_DATA_LINK < ((bytes) == 4   ? room.word                 \
                                                        : (bytes) == 2 ? room.half                 \
                                                                       : room.byte))
#endif
#define ADDRESS(bytes, base, at)                                                                   \
    do {                                                                                           \
        uint32_t ea = ((base) + op->imm) & 0xFFFF;                                                 \
        if (!IN_SEGMENT((bytes), ea, (at)) && UNLIKELY(!TRANSLATE(ea, (bytes), &(at))))            \
            UNUSUAL(mem_fault);                                                                    \
    } while (0)

#define LOAD(base, bytes, value)                                                                   \
    do {                                                                                           \
        uint32_t at;                                                                               \
        ADDRESS((bytes), (base), at);                                                              \
        uint32_t x = (value);                                                                      \
        SET_RD(x);                                                                                 \
        RETIRE_NEXT(LOAD_EFFECT(bytes, at, x));                                                    \
    } while (0)

#define STORE(base, stored, bytes, mask, write)                                                    \
    do {                                                                                           \
        uint32_t at;                                                                               \
        ADDRESS((bytes), (base), at);                                                              \
        uint32_t x = (stored) & (mask);                                                            \
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

/* The rest of a word and the jump after it; x is the word's result. */
#define JOIN(condition, ...)                                                                       \
    do {                                                                                           \
        RETIRE_PART(__VA_ARGS__);                                                                  \
        if (condition)                                                                             \
            RETIRE_JUMP(op->imm, TARGET_PC, NO_EFFECT);                                            \
        RETIRE_LAST(NO_EFFECT);                                                                    \
    } while (0)
#define JOIN_JZ(...)  JOIN(x == 0, __VA_ARGS__)
#define JOIN_JNZ(...) JOIN(x != 0, __VA_ARGS__)

/* The word after one that leaves the flags alone, from the result x of that one. */
#define THEN(value)                                                                                \
    do {                                                                                           \
        op++;                                                                                      \
        SET_RD(value);                                                                             \
        RETIRE_NEXT(NO_EFFECT);                                                                    \
    } while (0)
#define THEN_ADD_1(...) THEN(x + RS2)
#define THEN_ADD_2(...) THEN(RS1 + x)
#define THEN_SUB_1(...) THEN(x - RS2)
#define THEN_SUB_2(...) THEN(RS1 - x)
#define THEN_AND_1(...) THEN(x &RS2)
#define THEN_AND_2(...) THEN(RS1 &x)
#define THEN_OR_1(...)  THEN(x | RS2)
#define THEN_OR_2(...)  THEN(RS1 | x)
#define THEN_XOR_1(...) THEN(x ^ RS2)
#define THEN_XOR_2(...) THEN(RS1 ^ x)
#define THEN_LSL_1(...) THEN(x << (RS2 & 31))
#define THEN_LSL_2(...) THEN(RS1 << (x & 31))
#define THEN_LSR_1(...) THEN(x >> (RS2 & 31))
#define THEN_LSR_2(...) THEN(RS1 >> (x & 31))

/* Pairs of a shift from y to x and an XOR of both to y, of which the last values are stored. */
#define AMOUNT (RS2 & 31)
#define MIX(value)                                                                                 \
    x = (value);                                                                                   \
    y ^= x;                                                                                        \
    op += 2;
#define CHAINED(pairs)                                                                             \
    do {                                                                                           \
        uint32_t y = RS1;                                                                          \
        uint32_t x;                                                                                \
        pairs store32(window + op[-2].rd, x);                                                      \
        op--;                                                                                      \
        SET_RD(y);                                                                                 \
        RETIRE_NEXT(NO_EFFECT);                                                                    \
    } while (0)
