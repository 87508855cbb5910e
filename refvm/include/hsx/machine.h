// SPDX-License-Identifier: Apache-2.0
/*
 * Shapes shared by every machine that executes HSX tasks: the C VM, the RTL
 * core in a simulator or on a board. Plain data, no behaviour.
 *
 * Addresses are byte addresses. "slot" is a task's place in the context table
 * (0 .. contexts - 1); task ids ("pid") belong to the executive and are unknown to
 * machines.
 */
#ifndef HSX_MACHINE_H
#define HSX_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    HSX_CODE_SIZE = 0x10000,  /* bytes of code memory (section 1) */
    HSX_DATA_SIZE = 0x10000,  /* bytes of data memory (section 1) */
    HSX_REGISTERS = 16,       /* registers in a window (section 1) */
    HSX_WINDOW_SIZE = 64,     /* bytes of a register window (section 1) */
    HSX_SHARED_PAGE = 0x1000, /* [0, this) is open to all tasks (section 4) */
    HSX_WINDOW_START = 0x1000,
    HSX_WINDOW_END = 0x4000,     /* windows lie in [start, end) (section 4) */
    HSX_DATA_LINK = 0x4000,      /* where images link their data (section 4) */
    HSX_MAX_CONTEXTS = 192,      /* windows that fit between start and end */
    HSX_MAX_TICK_STEPS = 0xFFFFF /* instructions from tick to tick: the core counts 20 bits */
};

/* Optional units of a machine; without one its instructions are unknown. */
enum { HSX_UNIT_MULDIV = 1, HSX_UNIT_FP16 = 2, HSX_UNITS_ALL = 3 };

/* psw bits (section 1). */
enum { HSX_PSW_Z = 1, HSX_PSW_C = 2, HSX_PSW_N = 4, HSX_PSW_V = 8 };

/* R0 after a fault (section 3); ENOSYS is not a fault but the result of an unknown SVC. */
#define HSX_FAULT_NONE            0u
#define HSX_ENOSYS                0xFFFFFF01u
#define HSX_FAULT_STACK_UNDERFLOW 0xFFFFFF02u
#define HSX_FAULT_STACK_OVERFLOW  0xFFFFFF03u
#define HSX_FAULT_MEM             0xFFFFFF04u
#define HSX_FAULT_DIV_ZERO        0xFFFFFF05u
#define HSX_FAULT_ILLEGAL_OPCODE  0xFFFFFF06u
#define HSX_FAULT_CODE            0xFFFFFF07u

/* A context's state (section 1). The numbers are those of the RTL's context
 * table. A machine stores READY for a task that is in its queue; RUNNING is only
 * displayed, for the head of the queue while its turn is open. */
enum hsx_state {
    HSX_FREE = 0,
    HSX_READY = 1,
    HSX_RUNNING = 2,
    HSX_TRAPPED = 3,
    HSX_WAIT_MBX = 4,
    HSX_SLEEP = 5,
    HSX_PAUSED = 6,
    HSX_RETURNED = 7,
    HSX_EXITED = 8,
    HSX_FAULTED = 9
};

/* Bits of hsx_context.flags (section 1). */
enum { HSX_CTX_PROTECT = 1, HSX_CTX_CALL_WORDS = 2 };

/* The state of a task except its bytes in memory (section 1). */
struct hsx_context {
    uint16_t pc;          /* relative to code_base */
    uint16_t sp;          /* absolute data address */
    uint16_t reg_base;    /* multiple of 64 in [0x1000, 0x4000) */
    uint16_t stack_limit; /* lowest address the stack may use */
    uint16_t stack_top;   /* sp of an empty stack */
    uint16_t code_base;   /* multiple of 4 */
    uint16_t data_base;   /* multiple of 4 */
    uint16_t call_depth;  /* saturates at 0xFFFF */
    uint32_t code_len;    /* 0 .. 0x10000 */
    uint32_t data_len;    /* 0 .. 0xC000 */
    uint8_t psw;          /* HSX_PSW_* */
    uint8_t slice;        /* instructions per turn; 0 means 1 */
    uint8_t flags;        /* HSX_CTX_* */
    uint8_t state;        /* enum hsx_state */
};

/* The event of a retirement record (section 8). COMPLETE and EXTERNAL are the
 * executive's: a machine counts their order numbers but does not make records of them. */
enum hsx_event {
    HSX_EV_RETIRE = 0,
    HSX_EV_FAULT = 1,  /* rd = 0, rd_value = the code */
    HSX_EV_RETURN = 2, /* RET with call_depth 0: the end of the task */
    HSX_EV_SVC = 3,    /* retired; the task is TRAPPED */
    HSX_EV_BRK = 4,    /* retired; the task is PAUSED */
    HSX_EV_TICK = 5,   /* only event and slot (0) are meaningful */
    HSX_EV_COMPLETE = 6,
    HSX_EV_EXTERNAL = 7
};

/* Bits of hsx_record.flags. */
enum {
    HSX_REC_RD = 1,          /* rd and rd_value are valid */
    HSX_REC_R15 = 2,         /* R15 was written with sp, before rd */
    HSX_REC_TURN_FIRST = 4,  /* this event opened the task's turn */
    HSX_REC_TURN_ROTATE = 8, /* the turn ended with the task READY, at the tail */
    HSX_REC_EXT = 16         /* ext is valid: both words of an LDI32 were fetched */
};

/* hsx_record.access: 0, or one of these with the width in bytes (1, 2, 4). */
enum { HSX_ACC_READ = 0x10, HSX_ACC_WRITE = 0x20, HSX_ACC_WIDTH = 0x07 };

/*
 * One event of the record order made by a machine (section 8), in 32 bytes. Fields that
 * do not apply are 0, so that records compare with memcmp. Order numbers and cycles are
 * stored separately: see struct hsx_run.
 */
struct hsx_record {
    uint32_t insn;       /* the word; 0 when the fetch of the first word faulted */
    uint32_t ext;        /* second word of LDI32, see HSX_REC_EXT */
    uint32_t rd_value;   /* see HSX_REC_RD; the whole register, after it */
    uint32_t mem_value;  /* zero-extended data read or written */
    uint16_t mem_addr;   /* physical address of the access's first byte */
    uint16_t pc;         /* of the instruction */
    uint16_t next_pc;    /* after it; equal to pc for FAULT and RETURN */
    uint16_t sp;         /* after */
    uint16_t call_depth; /* after */
    uint8_t slot;
    uint8_t rd;     /* see HSX_REC_RD */
    uint8_t psw;    /* after */
    uint8_t event;  /* enum hsx_event */
    uint8_t access; /* HSX_ACC_*; the one data access of the instruction */
    uint8_t flags;  /* HSX_REC_* */
};

/* Without <assert.h>, which a freestanding implementation need not have. */
#ifdef __cplusplus
static_assert(sizeof(hsx_record) == 32, "records are compared as bytes");
#else
_Static_assert(sizeof(struct hsx_record) == 32, "records are compared as bytes");
#endif

/* Why a machine stopped. After every reason except RECORDS the machine is held:
 * everything older has taken effect, nothing younger has, and the executive may read and
 * write memory, contexts and queue. After RECORDS only another run may follow. */
enum hsx_stop {
    HSX_STOP_STEPS,    /* max_steps instructions have retired */
    HSX_STOP_RECORDS,  /* the record buffer is full */
    HSX_STOP_SVC,      /* slot trapped; another run without completing it lets others run */
    HSX_STOP_BRK,      /* slot is PAUSED */
    HSX_STOP_FAULT,    /* slot is FAULTED */
    HSX_STOP_RETURN,   /* slot is RETURNED */
    HSX_STOP_ALARM,    /* a tick reached the alarm; the executive must do the wakes */
    HSX_STOP_IDLE,     /* the queue is empty */
    HSX_STOP_POINT,    /* at one of the points set for the run */
    HSX_STOP_INTERRUPT /* struct hsx_target's, in <hsx/target.h>, is not 0 */
};

/* The summary of a run's records, without the records. A run adds to it; the caller
 * initializes it to zero, and each lowest_sp to 0xFFFF. */
struct hsx_slot_tally {
    uint64_t steps;     /* retired instructions */
    uint64_t turns;     /* begun; counted with their first event */
    uint16_t lowest_sp; /* reached by a PUSH or CALL */
};

struct hsx_tally {
    struct hsx_slot_tally slots[HSX_MAX_CONTEXTS];
    uint64_t events; /* with an order number: instructions, faults, ends, ticks */
    uint64_t ticks;
    uint32_t insn; /* the word and its place where a task last stopped: SVC, BRK, RETURN, and */
    uint16_t pc;   /* FAULT, with 0 for the word; POINT: the place, or of the change, without it */
};

/* One call of run: the caller's request (in) and the result (out). */
struct hsx_run {
    uint64_t max_steps;         /* in */
    struct hsx_tally *tally;    /* in: or NULL; only for machines that have recall, see
                                   <hsx/target.h>, and with records NULL */
    bool recallable;            /* in: with tally: recall must cover this run */
    struct hsx_record *records; /* in: buffer of the caller, or NULL for no records */
    uint64_t *cycles;           /* in: parallel to records, or NULL */
    size_t capacity;            /* in: of both buffers */
    bool look;                  /* in: with tally: end at a point, see set_points in
                                   <hsx/target.h> */
    bool pass;                  /* in: with look: ignore points in front of the first instruction */
    size_t count;               /* out: records filled */
    uint64_t retired;           /* out: instructions retired by this call */
    enum hsx_stop reason;       /* out */
    uint8_t slot;               /* out: for SVC, BRK, FAULT, RETURN; POINT: whose instruction
                                   comes next, or made the change */
};

/* A machine with recall keeps at least so many of its newest records. */
enum { HSX_RECALL = 4096 };

/* Running totals of a machine; all start at 0. */
struct hsx_totals {
    uint64_t order;    /* order number of the next event (section 5) */
    uint64_t steps;    /* instructions retired by all tasks */
    uint64_t cycles;   /* clock cycles; the C VM counts its steps */
    uint32_t now;      /* ticks, modulo 2^32 */
    uint32_t tick_due; /* 1: a tick comes before the next instruction, else 0 */
};

#ifdef __cplusplus
}
#endif

#endif
