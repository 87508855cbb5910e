// SPDX-License-Identifier: Apache-2.0
/*
 * One execution loop, see vm_internal.h; included by exec.c only, which defines
 * EXEC_NAME, EXEC_RESULT and EXEC_PARAMETERS and says with these which one:
 *   EXEC_ROTATE   the queue in strict rotation, else one task
 *   EXEC_RECORDS  each event makes a record
 *   EXEC_AHEAD    only what concerns the task alone, with stores noted for undoing
 *   EXEC_WATCH    ends after a change of what is watched
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
#define HSX_QUIET(name)          &&do_##name##_QUIET,
#define HSX_JOINED(name)         &&do_##name##_JZ, &&do_##name##_JNZ,
#define HSX_MIXED(name)          &&do_##name##_XOR,
#define HSX_CHAINED(first, rest) &&do_##first##_##rest,
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

do_LSL_XOR:
    MIXED(RS1 << (RS2 & 31));
do_LSR_XOR:
    MIXED(RS1 >> (RS2 & 31));
do_LSL_XOR_LSR_XOR:
    CHAINED(MIX(RS1 << (RS2 & 31)) MIX_ON(y >> (RS2 & 31)));
do_LSR_XOR_LSL_XOR:
    CHAINED(MIX(RS1 >> (RS2 & 31)) MIX_ON(y << (RS2 & 31)));
do_LSL_XOR_LSR_XOR_LSL_XOR:
    CHAINED(MIX(RS1 << (RS2 & 31)) MIX_ON(y >> (RS2 & 31)) MIX_ON(y << (RS2 & 31)));
do_LSR_XOR_LSL_XOR_LSR_XOR:
    CHAINED(MIX(RS1 >> (RS2 & 31)) MIX_ON(y << (RS2 & 31)) MIX_ON(y >> (RS2 & 31)));
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

#include "exec_undef.h"
