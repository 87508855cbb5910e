// SPDX-License-Identifier: Apache-2.0
/*
 * One execution loop, see vm_internal.h; included by exec.c only, which defines
 * EXEC_NAME, EXEC_RESULT and EXEC_PARAMETERS and says with these which one:
 *   EXEC_ROTATE   the queue in strict rotation, else one task
 *   EXEC_RECORDS  each event makes a record
 *   EXEC_AHEAD    only what concerns the task alone, with stores noted for undoing
 *   EXEC_WATCH    ends after a change of what is watched
 *   EXEC_BLOCKS   one task in whole blocks
 *
 * A loop over one task keeps pc and flags in locals. Strict rotation changes the
 * task after every instruction and works on the task's cache line instead.
 * Registers are in neither: each operand is read from the window and each result
 * written to it, in the order of section 1: memory, R15, rd.
 *
 * A loop over blocks (see struct op) counts them as it enters them. At the end of the budget
 * it runs the first part of one up to a stop. Where it finds no blocks, at the end of code,
 * the loop with records that counts single instructions takes over.
 */
#include "exec_macros.h"

EXEC_RESULT EXEC_NAME(EXEC_PARAMETERS)
{
    static const void *const handlers[] = {
        &&illegal,
#define HSX_INSN(opcode, name, operands, flags, faults, effect) &&do_##name,
#include <hsx/isa.def>
#undef HSX_INSN
        &&point,
#if EXEC_BLOCKS
#define HSX_FORMS(name)  &&do_##name##_1, &&do_##name##_2,
#define HSX_FORM_1(name) &&do_##name##_1,
#define HSX_JOINED(name)                                                                           \
    &&do_##name##_JZ, &&do_##name##_JZ_1, &&do_##name##_JZ_2, &&do_##name##_JNZ,                   \
        &&do_##name##_JNZ_1, &&do_##name##_JNZ_2,
#if EXEC_RECORDS
/* A record shows the flags after each word. */
#define HSX_QUIET(name)                &&do_##name, &&do_##name##_1, &&do_##name##_2,
#define HSX_QUIET_1(name)              &&do_##name, &&do_##name##_1,
#define HSX_PAIR(name, next)           &&do_##name, &&do_##name,
#define HSX_CHAINED(name, first, rest) &&do_##name,
#else
#define HSX_QUIET(name)                &&do_##name##_QUIET, &&do_##name##_QUIET_1, &&do_##name##_QUIET_2,
#define HSX_QUIET_1(name)              &&do_##name##_QUIET, &&do_##name##_QUIET_1,
#define HSX_PAIR(name, next)           &&do_##name##_##next##_1, &&do_##name##_##next##_2,
#define HSX_CHAINED(name, first, rest) &&do_##first##_##rest,
#endif
#include "block_handlers.def"
        &&stop,
#endif
    };
    const void *const *table = handlers;
    KEEP_IN_REGISTER(table);
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
#if EXEC_BLOCKS
    record_lanes base_lanes = lanes_of(vm, task, slot, turn_flags);
#else
    uint64_t sp_now = sp_bits(task);
    uint64_t task_now = task_bits(task, slot, turn_flags);
#endif
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
    const struct room room = room_of(&task->map);
    const uint32_t segment_shift = task->map.data_base - (uint32_t)HSX_DATA_LINK;
    uint32_t fetch = task->fetch;
#if EXEC_BLOCKS
    const uint32_t blocks_end = end_of_blocks(code, fetch_end);
    const struct op *const end_op = code + blocks_end;
    uint32_t result = 0;
#else
    const struct op *start;
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

#define HSX_PLAIN(name) do_##name : WORD_##name(RS1, RS2, SET_FLAGS, RETIRE_NEXT);
    HSX_PLAIN(MOV)
    HSX_PLAIN(LD)
    HSX_PLAIN(LDH)
    HSX_PLAIN(LDB)
    HSX_PLAIN(ST)
    HSX_PLAIN(STH)
    HSX_PLAIN(STB)
    HSX_PLAIN(ADD)
    HSX_PLAIN(SUB)
    HSX_PLAIN(ADC)
    HSX_PLAIN(SBC)
    HSX_PLAIN(CMP)
    HSX_PLAIN(MUL)
    HSX_PLAIN(AND)
    HSX_PLAIN(OR)
    HSX_PLAIN(XOR)
    HSX_PLAIN(NOT)
    HSX_PLAIN(LSL)
    HSX_PLAIN(LSR)
    HSX_PLAIN(ASR)
#undef HSX_PLAIN

#if EXEC_BLOCKS
#define HSX_FORMS(name)                                                                            \
    HSX_FORM_1(name)                                                                               \
    do_##name##_2 : WORD_##name(RS1, result, SET_FLAGS, RETIRE_NEXT);
#define HSX_FORM_1(name) do_##name##_1 : WORD_##name(result, RS2, SET_FLAGS, RETIRE_NEXT);
#define HSX_JOINED(name)                                                                           \
    do_##name##_JZ : WORD_##name(RS1, RS2, SET_FLAGS, JOIN_JZ);                                    \
    do_##name##_JZ_1 : WORD_##name(result, RS2, SET_FLAGS, JOIN_JZ);                               \
    do_##name##_JZ_2 : WORD_##name(RS1, result, SET_FLAGS, JOIN_JZ);                               \
    do_##name##_JNZ : WORD_##name(RS1, RS2, SET_FLAGS, JOIN_JNZ);                                  \
    do_##name##_JNZ_1 : WORD_##name(result, RS2, SET_FLAGS, JOIN_JNZ);                             \
    do_##name##_JNZ_2 : WORD_##name(RS1, result, SET_FLAGS, JOIN_JNZ);
#if !EXEC_RECORDS
#define HSX_QUIET(name)                                                                            \
    HSX_QUIET_1(name)                                                                              \
    do_##name##_QUIET_2 : WORD_##name(RS1, result, NO_FLAGS, RETIRE_NEXT);
#define HSX_QUIET_1(name)                                                                          \
    do_##name##_QUIET : WORD_##name(RS1, RS2, NO_FLAGS, RETIRE_NEXT);                              \
    do_##name##_QUIET_1 : WORD_##name(result, RS2, NO_FLAGS, RETIRE_NEXT);
#define HSX_PAIR(name, next)                                                                       \
    do_##name##_##next##_1 : WORD_##name(RS1, RS2, NO_FLAGS, THEN_##next##_1);                     \
    do_##name##_##next##_2 : WORD_##name(RS1, RS2, NO_FLAGS, THEN_##next##_2);
#endif
#include "block_handlers.def"
#endif

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

do_JMP:
    RETIRE_JUMP(op->imm, TARGET_PC, NO_EFFECT);
do_JZ:
    if (ZERO)
        RETIRE_JUMP(op->imm, TARGET_PC, NO_EFFECT);
    RETIRE_LAST(NO_EFFECT);
do_JNZ:
    if (!ZERO)
        RETIRE_JUMP(op->imm, TARGET_PC, NO_EFFECT);
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
    RETIRE_JUMP(fetch_from_pc(target), target, PUSH_EFFECT(sp, x));
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
    RETIRE_JUMP(fetch_from_pc((uint16_t)x), x, RET_EFFECT(sp, x));
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

#if EXEC_BLOCKS && !EXEC_RECORDS
do_LSL_XOR_2_LSR_XOR_2:
    CHAINED(MIX(y << AMOUNT) MIX(y >> AMOUNT));
do_LSR_XOR_2_LSL_XOR_2:
    CHAINED(MIX(y >> AMOUNT) MIX(y << AMOUNT));
do_LSL_XOR_2_LSR_XOR_2_LSL_XOR_2:
    CHAINED(MIX(y << AMOUNT) MIX(y >> AMOUNT) MIX(y << AMOUNT));
do_LSR_XOR_2_LSL_XOR_2_LSR_XOR_2:
    CHAINED(MIX(y >> AMOUNT) MIX(y << AMOUNT) MIX(y >> AMOUNT));
#endif

point:
    if (UNLIKELY(hsx_vm_at_place(vm, task, PC, EXEC_AHEAD)))
        UNUSUAL(place);
    goto *table[vm->look.HANDLER[op - vm->ops]]; /* NOLINT(bugprone-macro-parentheses) */

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
out_of_code:
    fetch = FETCH;
    goto out;
out_of_budget:
    fetch = FETCH;
out_of_budget_at_fetch:
    /* With records only the last word of the part may be run together with another. */
    if (remaining > 0 && place_stop(vm, op, remaining, EXEC_RECORDS ? 1 : STOP_WORDS)) {
        remaining -= op->words; /* below 0, until the stop takes back the rest */
        goto *table[op->entry]; /* NOLINT(bugprone-macro-parentheses) */
    }
    goto out;
stop:
    fetch = FETCH;
    TAKE_BACK(0);
    goto out;
#else
run_done:
    fetch = FETCH;
    TAKE_BACK(0);
    if (remaining == 0)
        goto out;
#endif
bad_fetch:
#if EXEC_BLOCKS
    if (fetch < fetch_end) {
        end = VM_END_BUDGET;
        goto out;
    }
#endif
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
#if EXEC_BLOCKS
    if (vm->stop.count > 0)
        remove_stop(vm);
#endif
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

#include "exec_undef.h"
