/*
 * One execution loop, see vm_internal.h; included by exec.c only, which defines
 * EXEC_NAME and EXEC_PARAMETERS and says with EXEC_ROTATE and EXEC_RECORDS which one.
 *
 * A turn keeps fetch and flags of its task in locals. Strict rotation changes
 * the task after every instruction and works on the task's cache line instead.
 * Registers are in neither: each operand is read from the window and each result
 * written to it, in the order of section 1: memory, R15, rd.
 */

#if EXEC_ROTATE
#define NZ       (task->nz)
#define CARRY    (task->carry)
#define OVERFLOW (task->overflow)
/* Not an instruction of the plain kind: exec_turn does it over again. */
#define UNUSUAL(label) goto bail
#define FETCH_END      (task->rotate_end)
#else
#define NZ             nz
#define CARRY          carry
#define OVERFLOW       overflow
#define UNUSUAL(label) goto label
#define FETCH_END      fetch_end
#endif

#define REG(n)      load32(window + 4 * (n))
#define RS1         REG(op->rs1)
#define RS2         REG(op->rs2)
#define SET_RD(x)   store32(window + 4 * op->rd, (x))
#define SET_R15(sp) store32(window + 4 * 15, (sp))

#define SET_NZ(x)   (NZ = (int32_t)(x))
#define SET_LOGIC(x)                                                                               \
    do {                                                                                           \
        SET_NZ(x);                                                                                 \
        CARRY = 0;                                                                                 \
        OVERFLOW = 0;                                                                              \
    } while (0)

/* a + b + c; a subtraction comes as a + ~b + 1, so that carry is "no borrow". */
#define SET_SUM(sum, a, b, c)                                                                      \
    uint64_t wide = (uint64_t)(a) + (uint32_t)(b) + (c);                                           \
    uint32_t sum = (uint32_t)wide;                                                                 \
    SET_NZ(sum);                                                                                   \
    CARRY = (uint8_t)(wide >> 32);                                                                 \
    OVERFLOW = (uint8_t)((((a) ^ sum) & (~((a) ^ (b)))) >> 31)

/* RECORD appends a record of the word at pc fetch; the arguments after next are
 * the fields of struct hsx_record that are not the same for all events. Without
 * EXEC_RECORDS it is nothing. RETIRE ends an instruction and goes on at next. */
#if EXEC_RECORDS
#define RECORD(word, next, ...)                                                                    \
    (*records++ = (struct hsx_record){.insn = (word),                                              \
                                      .pc = pc_from_fetch(fetch),                                  \
                                      .next_pc = pc_from_fetch(next),                              \
                                      .sp = task->sp,                                              \
                                      .call_depth = task->call_depth,                              \
                                      .slot = slot,                                                \
                                      .psw = task_psw(NZ, CARRY, OVERFLOW),                        \
                                      __VA_ARGS__})
#else
#define RECORD(word, next, ...) ((void)(word))
#endif

#define WORD (vm->words[op - vm->ops])

#if EXEC_RECORDS && !EXEC_ROTATE
#define TURN_FLAGS (first | (turn == 1 ? HSX_REC_TURN_ROTATE : 0))
#define COUNT_TURN()                                                                               \
    do {                                                                                           \
        first = 0;                                                                                 \
        if (--turn == 0) {                                                                         \
            turn = task->slice;                                                                    \
            first = HSX_REC_TURN_FIRST;                                                            \
        }                                                                                          \
    } while (0)
#else
#define TURN_FLAGS   (HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE)
#define COUNT_TURN() ((void)0)
#endif

#define RETIRE(next, record_flags, ...)                                                            \
    do {                                                                                           \
        uint32_t next_fetch = (next);                                                              \
        RECORD(WORD, next_fetch, .flags = (uint8_t)((record_flags) | TURN_FLAGS), __VA_ARGS__);    \
        COUNT_TURN();                                                                              \
        GO_ON(next_fetch);                                                                         \
    } while (0)

#define RETIRE_PLAIN(next) RETIRE(next, 0, .access = 0)
#define RETIRE_RD(x)       RETIRE(fetch + 1, HSX_REC_RD, .rd = op->rd, .rd_value = (x))

#if !EXEC_ROTATE
#define TRAP(which, new_state, why)                                                                \
    do {                                                                                           \
        RECORD(WORD, fetch + 1, .event = (which), .flags = first);                                 \
        fetch++;                                                                                   \
        remaining--;                                                                               \
        task->state = (new_state);                                                                 \
        end = (why);                                                                               \
        goto out;                                                                                  \
    } while (0)
#endif

#if EXEC_ROTATE
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        slot = vm->ring[head];                                                                     \
        task = &vm->tasks[slot];                                                                   \
        fetch = task->fetch;                                                                       \
        if (__builtin_expect(fetch >= task->rotate_end, 0))                                        \
            goto bail;                                                                             \
        op = &task->code[fetch];                                                                   \
        window = task->window;                                                                     \
        goto *handlers[op->handler];                                                               \
    } while (0)
#define GO_ON(next)                                                                                \
    do {                                                                                           \
        task->fetch = (next);                                                                      \
        vm->ring[tail++] = slot;                                                                   \
        head++;                                                                                    \
        if (--remaining == 0)                                                                      \
            goto budget;                                                                           \
        DISPATCH();                                                                                \
    } while (0)
#else
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        if (__builtin_expect(fetch >= fetch_end, 0))                                               \
            goto bad_fetch;                                                                        \
        op = &code[fetch];                                                                         \
        goto *handlers[op->handler];                                                               \
    } while (0)
#define GO_ON(next)                                                                                \
    do {                                                                                           \
        fetch = (next);                                                                            \
        if (--remaining == 0)                                                                      \
            goto budget;                                                                           \
        DISPATCH();                                                                                \
    } while (0)
#endif

#define LOAD(bytes, value)                                                                         \
    do {                                                                                           \
        uint32_t at;                                                                               \
        if (__builtin_expect(!translate(&task->map, (RS1 + op->imm) & 0xFFFF, (bytes), &at), 0))   \
            UNUSUAL(mem_fault);                                                                    \
        uint32_t x = (value);                                                                      \
        SET_RD(x);                                                                                 \
        RETIRE(fetch + 1, HSX_REC_RD, .rd = op->rd, .rd_value = x, .mem_value = x,                 \
               .mem_addr = (uint16_t)at, .access = HSX_ACC_READ | (bytes));                        \
    } while (0)

#define STORE(bytes, mask, write)                                                                  \
    do {                                                                                           \
        uint32_t at;                                                                               \
        if (__builtin_expect(!translate(&task->map, (RS1 + op->imm) & 0xFFFF, (bytes), &at), 0))   \
            UNUSUAL(mem_fault);                                                                    \
        uint32_t x = RS2 & (mask);                                                                 \
        write;                                                                                     \
        RETIRE(fetch + 1, 0, .mem_value = x, .mem_addr = (uint16_t)at,                             \
               .access = HSX_ACC_WRITE | (bytes));                                                 \
    } while (0)

#define HALF_RESULT(half)                                                                          \
    do {                                                                                           \
        uint32_t x = (REG(op->rd) & 0xFFFF0000) | (half);                                          \
        SET_RD(x);                                                                                 \
        RETIRE_RD(x);                                                                              \
    } while (0)

#if EXEC_ROTATE
void
#else
enum exec_end
#endif
EXEC_NAME(EXEC_PARAMETERS)
{
    static const void *const handlers[HANDLERS] = {
        &&illegal,
#define HSX_INSN(opcode, name, operands, flags, faults, effect) &&do_##name,
#include "../isa.def"
#undef HSX_INSN
    };
    uint8_t *const data = vm->data;
    uint64_t remaining = *left;
    const struct op *op;
    uint32_t fetch;
#if EXEC_ROTATE
    struct task *task;
    uint8_t *window;
    uint8_t head = vm->head;
    uint8_t tail = vm->tail;
    uint8_t slot;
#else
    uint8_t slot = vm->ring[vm->head];
    struct task *const task = &vm->tasks[slot];
    uint8_t *const window = task->window;
    const struct op *const code = task->code;
    const uint32_t fetch_end = task->fetch_end;
    int64_t nz = task->nz;
    uint8_t carry = task->carry;
    uint8_t overflow = task->overflow;
    enum exec_end end = EXEC_BUDGET;
    uint32_t fault;
    uint32_t word;
    fetch = task->fetch;
#endif
    DISPATCH();

do_LDI:
    SET_RD(op->imm);
    RETIRE_RD(op->imm);

do_LDI32:
    if (__builtin_expect(fetch + 1 >= FETCH_END, 0))
        UNUSUAL(code_fault);
    SET_RD(op->imm);
    RETIRE(fetch + 2, HSX_REC_RD | HSX_REC_EXT, .ext = op->imm, .rd = op->rd, .rd_value = op->imm);

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
    SET_SUM(x, a, b, 0);
    SET_RD(x);
    RETIRE_RD(x);
}
do_SUB : {
    uint32_t a = RS1;
    uint32_t b = ~RS2;
    SET_SUM(x, a, b, 1);
    SET_RD(x);
    RETIRE_RD(x);
}
do_ADC : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    SET_SUM(x, a, b, CARRY);
    SET_RD(x);
    RETIRE_RD(x);
}
do_SBC : {
    uint32_t a = RS1;
    uint32_t b = ~RS2;
    SET_SUM(x, a, b, CARRY);
    SET_RD(x);
    RETIRE_RD(x);
}
do_CMP : {
    uint32_t a = RS1;
    uint32_t b = ~RS2;
    SET_SUM(x, a, b, 1);
    RETIRE_PLAIN(fetch + 1);
}

do_MUL : {
    uint64_t product = (uint64_t)RS1 * RS2;
    uint32_t x = (uint32_t)product;
    SET_NZ(x);
    CARRY = OVERFLOW = product >> 32 != 0;
    SET_RD(x);
    RETIRE_RD(x);
}
do_DIV : {
    uint32_t a = RS1;
    uint32_t b = RS2;
    if (__builtin_expect(b == 0, 0))
        UNUSUAL(div_fault);
    /* By -1 as a negation: INT_MIN / -1 is not defined in C. */
    uint32_t x = b == 0xFFFFFFFF ? 0 - a : (uint32_t)((int32_t)a / (int32_t)b);
    SET_LOGIC(x);
    SET_RD(x);
    RETIRE_RD(x);
}

do_AND : {
    uint32_t x = RS1 & RS2;
    SET_LOGIC(x);
    SET_RD(x);
    RETIRE_RD(x);
}
do_OR : {
    uint32_t x = RS1 | RS2;
    SET_LOGIC(x);
    SET_RD(x);
    RETIRE_RD(x);
}
do_XOR : {
    uint32_t x = RS1 ^ RS2;
    SET_LOGIC(x);
    SET_RD(x);
    RETIRE_RD(x);
}
do_NOT : {
    uint32_t x = ~RS1;
    SET_LOGIC(x);
    SET_RD(x);
    RETIRE_RD(x);
}

do_LSL : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = a << amount;
    if (amount != 0)
        CARRY = a >> (32 - amount) & 1;
    SET_NZ(x);
    OVERFLOW = 0;
    SET_RD(x);
    RETIRE_RD(x);
}
do_LSR : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = a >> amount;
    if (amount != 0)
        CARRY = a >> (amount - 1) & 1;
    SET_NZ(x);
    OVERFLOW = 0;
    SET_RD(x);
    RETIRE_RD(x);
}
do_ASR : {
    uint32_t a = RS1;
    uint32_t amount = RS2 & 31;
    uint32_t x = (uint32_t)((int32_t)a >> amount);
    if (amount != 0)
        CARRY = a >> (amount - 1) & 1;
    SET_NZ(x);
    OVERFLOW = 0;
    SET_RD(x);
    RETIRE_RD(x);
}

do_JMP:
    RETIRE_PLAIN(op->imm);
do_JZ:
    RETIRE_PLAIN((uint32_t)NZ == 0 ? op->imm : fetch + 1);
do_JNZ:
    RETIRE_PLAIN((uint32_t)NZ != 0 ? op->imm : fetch + 1);

do_CALL : {
    uint32_t base = op->rs1 != 0 ? RS1 : fetch << 2;
    uint16_t target = (uint16_t)(base + (op->imm << task->call_shift));
    uint32_t sp = task->sp;
    uint32_t x = pc_from_fetch(fetch + 1);
    if (__builtin_expect(sp < task->map.stack_limit + 4u, 0))
        UNUSUAL(overflow_fault);
    sp -= 4;
    task->sp = (uint16_t)sp;
    task->call_depth += task->call_depth != 0xFFFF;
    store32(data + sp, x);
    SET_R15(sp);
    RETIRE(fetch_from_pc(target), HSX_REC_R15, .mem_value = x, .mem_addr = (uint16_t)sp,
           .access = HSX_ACC_WRITE | 4);
}
do_RET : {
    uint32_t sp = task->sp;
    if (__builtin_expect(task->call_depth == 0, 0))
        UNUSUAL(task_end);
    if (__builtin_expect(sp + 4 > task->map.stack_top, 0))
        UNUSUAL(underflow_fault);
    uint32_t x = load32(data + sp);
    if (__builtin_expect(x > 0xFFFF, 0))
        UNUSUAL(code_fault);
    task->sp = (uint16_t)(sp + 4);
    task->call_depth -= task->call_depth != 0xFFFF;
    SET_R15(sp + 4);
    RETIRE(fetch_from_pc((uint16_t)x), HSX_REC_R15, .mem_value = x, .mem_addr = (uint16_t)sp,
           .access = HSX_ACC_READ | 4);
}
do_PUSH : {
    uint32_t sp = task->sp;
    uint32_t x = RS1;
    if (__builtin_expect(sp < task->map.stack_limit + 4u, 0))
        UNUSUAL(overflow_fault);
    sp -= 4;
    task->sp = (uint16_t)sp;
    store32(data + sp, x);
    SET_R15(sp);
    RETIRE(fetch + 1, HSX_REC_R15, .mem_value = x, .mem_addr = (uint16_t)sp,
           .access = HSX_ACC_WRITE | 4);
}
do_POP : {
    uint32_t sp = task->sp;
    if (__builtin_expect(sp + 4 > task->map.stack_top, 0))
        UNUSUAL(underflow_fault);
    uint32_t x = load32(data + sp);
    task->sp = (uint16_t)(sp + 4);
    SET_R15(sp + 4);
    SET_RD(x);
    RETIRE(fetch + 1, HSX_REC_RD | HSX_REC_R15, .rd = op->rd, .rd_value = x, .mem_value = x,
           .mem_addr = (uint16_t)sp, .access = HSX_ACC_READ | 4);
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

#if EXEC_ROTATE
do_SVC:
do_BRK:
illegal:
bail:
budget:
    vm->head = head;
    vm->tail = tail;
    *left = remaining;
#else
do_SVC:
    TRAP(HSX_EV_SVC, HSX_TRAPPED, EXEC_SVC);
do_BRK:
    TRAP(HSX_EV_BRK, HSX_PAUSED, EXEC_BRK);

task_end:
    RECORD(WORD, fetch, .event = HSX_EV_RETURN, .flags = first);
    task->state = HSX_RETURNED;
    end = EXEC_RETURN;
    goto out;

bad_fetch:
    if (fetch == HSX_CODE_WORDS) {
        fetch = 0;
        DISPATCH();
    }
    word = 0;
    fault = HSX_FAULT_CODE;
    goto halt;
illegal:
    fault = HSX_FAULT_ILLEGAL_OPCODE;
    goto fault_of_word;
code_fault:
    fault = HSX_FAULT_CODE;
    goto fault_of_word;
overflow_fault:
    fault = HSX_FAULT_STACK_OVERFLOW;
    goto fault_of_word;
underflow_fault:
    fault = HSX_FAULT_STACK_UNDERFLOW;
    goto fault_of_word;
mem_fault:
    fault = HSX_FAULT_MEM;
    goto fault_of_word;
div_fault:
    fault = HSX_FAULT_DIV_ZERO;
fault_of_word:
    word = WORD;
halt:
    RECORD(word, fetch, .event = HSX_EV_FAULT, .flags = HSX_REC_RD | first, .rd_value = fault);
    store32(window, fault);
    task->state = HSX_FAULTED;
    end = EXEC_FAULT;
    goto out;

budget:
out:
    task->fetch = fetch;
    task->nz = nz;
    task->carry = carry;
    task->overflow = overflow;
    *left = remaining;
    return end;
#endif
}

#undef EXEC_NAME
#undef EXEC_PARAMETERS
#undef EXEC_ROTATE
#undef EXEC_RECORDS
#undef NZ
#undef CARRY
#undef OVERFLOW
#undef UNUSUAL
#undef FETCH_END
#undef REG
#undef RS1
#undef RS2
#undef SET_RD
#undef SET_R15
#undef SET_NZ
#undef SET_LOGIC
#undef SET_SUM
#undef RECORD
#undef WORD
#undef TURN_FLAGS
#undef COUNT_TURN
#undef RETIRE
#undef RETIRE_PLAIN
#undef RETIRE_RD
#undef TRAP
#undef DISPATCH
#undef GO_ON
#undef LOAD
#undef STORE
#undef HALF_RESULT
#undef HSX_INSN
