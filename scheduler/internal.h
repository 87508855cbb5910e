// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the executive. */
#ifndef HSX_EXEC_INTERNAL_H
#define HSX_EXEC_INTERNAL_H

#include "mailbox.h"
#include "timers.h"
#include <hsx/exec.h>
#include <hsx/image.h>

enum {
    EXEC_BATCH = 4096, /* records taken from the target at once */
    EXEC_AHEAD_LEAST = 32,
    EXEC_AHEAD_MOST = 2048, /* fits into a batch even with a tick after each step */
    EXEC_STRETCH = 0xFFFF   /* steps between polls for interrupts of a machine that only counts */
};

/* What a task waits for, and where the answer goes: everything a completion needs in
 * addition to the registers in the window. Addresses are physical. */
struct wait {
    enum hsx_state kind; /* HSX_WAIT_MBX, HSX_SLEEP; HSX_FREE: no wait */
    uint16_t buffer, max_length;
    uint16_t info;
    bool has_info;
};

/* The first pointer of a task that an SVC refused, for hints; not in snapshots. */
struct refused {
    uint32_t len; /* 0: none */
    uint16_t address, pc, svc;
};

/* One task. Its registers are in its window and nowhere else. */
struct task {
    uint32_t pid; /* 0: the slot is free */
    char name[HSX_TASK_NAME_SIZE + 1];
    uint32_t code_base, code_len;
    uint32_t data_base, data_len;
    uint32_t stack_base, stack_bytes;
    uint16_t stack_top;
    uint16_t reg_base; /* the window assigned to it */
    uint16_t window;   /* the one it uses; differs if a debugger changed it */
    uint16_t lowest_sp;
    bool sp_unseen; /* sp was set below lowest_sp, which no event of the task has shown yet */
    bool ended;
    bool pause_pending;
    bool broken;         /* an invariant failed when it should become READY */
    uint64_t end_number; /* tasks that ended earlier have lower ones */
    struct wait wait;
    struct hsx_counters counters;
    struct refused refused;
    struct hsx_mailbox_list metadata; /* owned; ids[i] is the descriptor of items[i] */
    uint32_t *metadata_ids;           /* owned */
};

/* What the records of one batch say about a task; zero between batches. */
struct seen {
    uint32_t records; /* except ticks */
    uint32_t turns;
    uint16_t traps;
    uint16_t ends; /* records that did not retire an instruction: faults and returns */
    uint16_t lowest_sp;
};

struct trap {
    uint8_t slot;
    uint16_t pc; /* of the SVC; not in a snapshot, 0 after a restore */
    uint32_t insn;
    uint64_t steps; /* of all tasks before the SVC */
    uint64_t due;   /* complete when this many steps have retired */
};

/* A breakpoint or watchpoint, with the last seen value of what is watched. */
struct stop {
    struct hsx_exec_stop as_set;
    uint32_t value;
};

struct hsx_exec {
    struct hsx_target *target;
    struct hsx_exec_config config;
    struct hsx_exec_sink sink;
    bool has_sink;
    enum hsx_status failed; /* the target failed: no call can succeed any more */

    uint32_t next_pid;
    uint32_t live;
    uint64_t order, steps, cycles, now;
    uint64_t event_order; /* of the current event */
    uint64_t next_end_number;
    uint64_t alarm;        /* as last set; 0: not armed */
    bool tick_wanted;      /* the current run ends with the next tick */
    uint64_t stretch_left; /* steps the target may still run before it is held; 0: it is held */

    struct task tasks[HSX_MAX_CONTEXTS];
    struct seen seen[HSX_MAX_CONTEXTS];
    struct trap traps[HSX_MAX_CONTEXTS]; /* not completed, oldest first */
    size_t trap_count;
    struct timers timers;
    struct stop stops[HSX_MAX_STOPS]; /* by id */
    size_t stop_count;
    bool has_points; /* some are set in the machine, */
    bool looks;      /* which stops at them by itself in the current run */
    uint64_t ahead;  /* steps to run before looking whether one stops in between */
    uint32_t next_stop_id;
    struct hsx_exec_writer writer; /* of the last event */
    uint32_t stopped_pid;          /* at a breakpoint that is to be passed (0: none), */
    uint64_t stopped_at;           /* while this many steps have retired */
    struct mbox *mbox;
    struct mbox *mbox_backup; /* while a load is tried */

    uint32_t woken[HSX_MAX_CONTEXTS]; /* by the current event */
    size_t woken_count;
    unsigned broken_pending; /* tasks marked broken by the current event */
    uint64_t broken_invariants;
    uint32_t last_broken_pid;
    const char *last_broken;

    struct hsx_tally tally; /* of runs without records, not yet in the tasks' counters */
    unsigned unseen;        /* tasks with sp_unseen */

    struct hsx_ring_entry *ring, *spare_ring;
    uint64_t ring_total; /* entries made so far */
    bool ring_behind;    /* the machine's events from ring_order on are missing from it: */
    uint64_t ring_order; /* they are recalled when the ring is read */

    struct hsx_record records[EXEC_BATCH];
    uint64_t record_cycles[EXEC_BATCH];
    uint8_t io[HSX_DATA_SIZE]; /* bytes copied between memory and a call */
};

/* ---- machine.c: access to the target */

/* Remember a failure of the target; true while there is none. */
bool exec_ok(struct hsx_exec *e, enum hsx_status status);
/* The host's mailbox slot, after those of the tasks. */
uint8_t exec_host_slot(const struct hsx_exec *e);
int exec_slot_of(const struct hsx_exec *e, uint32_t pid); /* -1: no such task */
bool exec_read_context(struct hsx_exec *e, uint8_t slot, struct hsx_context *ctx);
void exec_read(struct hsx_exec *e, uint32_t addr, void *bytes, size_t len);
/* A store by the executive, reported to the sink. */
void exec_write(struct hsx_exec *e, uint32_t addr, const void *bytes, size_t len);
void exec_set_reg(struct hsx_exec *e, const struct hsx_context *ctx, unsigned n, uint32_t value);

/* ---- create.c */

enum { EXEC_OWN_MAILBOXES = 4 }; /* of each task, created by its load */
/* The limit on all other mailboxes. */
unsigned exec_descriptors(const struct hsx_exec *e);
/* Allocate mailboxes and ring as configured. */
enum hsx_status exec_create_pools(struct hsx_exec *e);
void exec_release(struct hsx_exec *e); /* all that it owns, but not the struct */

/* ---- events.c: the executive's events and what they share */

/* Compare order, steps and time with the target's, which is held. */
void exec_sync(struct hsx_exec *e);
/* COMPLETE and EXTERNAL: begin counts the event, end reports it to the sink. */
void exec_event_begin(struct hsx_exec *e);
void exec_event_end(struct hsx_exec *e, struct hsx_exec_event *event);
/* The end of an EXTERNAL event; slot -1: it concerns no task. */
enum hsx_status exec_external_end(struct hsx_exec *e, const char *what, int slot);
/* The same for an event about mailboxes. */
enum hsx_status exec_mail_end(struct hsx_exec *e, const char *what, int slot,
                              const struct hsx_exec_mail *mail);
/* Report a machine's record to the sink. */
void exec_emit_record(struct hsx_exec *e, const struct hsx_record *record, uint64_t order,
                      uint64_t cycle);
/* Fill in the task and its position. */
void exec_describe(struct hsx_exec *e, struct hsx_exec_event *event, uint8_t slot);

/* ---- lifecycle.c: tasks become READY and end */

/* The only way to READY: checks the invariants of section 4. A pause requested in the
 * meantime makes the task PAUSED instead. */
void exec_make_ready(struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx);
/* The task has ended in that state: remove its waits and handles. */
void exec_end_task(struct hsx_exec *e, uint8_t slot, enum hsx_ring_event why, uint16_t pc);
/* Take it out of the READY queue. */
void exec_dequeue(struct hsx_exec *e, uint8_t slot);
/* End the tasks whose invariants were violated during the event. */
void exec_end_broken(struct hsx_exec *e);
void exec_forget_task(struct hsx_exec *e, uint8_t slot);

/* Invariants are numbered from 1, for snapshots; 0 and NULL: none. */
enum { EXEC_INVARIANTS = 4 };
const char *exec_invariant_text(unsigned number);
unsigned exec_invariant_number(const char *text);

/* ---- load.c */

/* Whether a stack arena may have this size. */
bool exec_stack_ok(uint32_t bytes);

/* ---- arena.c */

struct arena_request {
    uint32_t code_len, data_len, stack_bytes;
    const uint32_t *code; /* host-order words */
};

struct arena_place {
    uint8_t slot;
    uint32_t code_base, data_base, stack_base;
    uint16_t stack_top;
    bool code_shared; /* already in code memory */
};

/* No byte is in both; an empty arena overlaps none. */
static inline bool arena_apart(uint32_t a, uint32_t a_len, uint32_t b, uint32_t b_len)
{
    return a_len == 0 || b_len == 0 || a + a_len <= b || b + b_len <= a;
}

/* Where a task would be placed if those marked gone were reaped; false, with *error set:
 * there is no room. */
bool arena_place(struct hsx_exec *e, const bool *gone, const struct arena_request *request,
                 struct arena_place *place, struct hsx_exec_error *error);

/* The requested stack size or, if that would leave others too little, a share: see
 * hsx_exec_config.stack_shares. */
uint32_t arena_stack_share(const struct hsx_exec *e, const struct arena_request *request);

/* ---- svc.c */

/* Complete a trap: apply the effects of the SVC, then make the task READY, wait or end. */
void exec_complete(struct hsx_exec *e, const struct trap *trap);

/* ---- wait.c */

void exec_block(struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx,
                const struct wait *wait, bool timed, uint32_t ticks);
/* Wake all tasks whose deadline is reached. */
void exec_expire(struct hsx_exec *e);
void exec_set_alarm(struct hsx_exec *e);
/* Write RECV's results: memory first, then registers (the order in which an instruction
 * writes). */
void exec_answer_recv(struct hsx_exec *e, const struct hsx_context *ctx, const struct wait *wait,
                      enum hsx_mbox_status status, const struct mbox_message *message);
/* The mailboxes' waker. */
struct mbox_waker exec_mailbox_waker(struct hsx_exec *e);

/* ---- lookout.c */

/* Memory that a watchpoint or a breakpoint's condition reads, as of the records so far. */
struct looked_at {
    uint32_t addr;
    uint32_t value;
    uint8_t len; /* 0: nothing */
};

struct lookout {
    struct looked_at at[HSX_MAX_STOPS]; /* one per stop */
    bool any;                           /* some memory is read */
    bool breaks;                        /* there are breakpoints */
    bool sp_known;
    uint32_t sp; /* of the run's back_pid */
};

/* Before a stretch: take the initial values. */
void exec_look_out(struct hsx_exec *e, const struct hsx_exec_run *run, struct lookout *l);
/* The number of the stretch's records before the first place where the run might end; all
 * of them if there is no such place. */
size_t exec_records_to_stop(struct hsx_exec *e, const struct hsx_exec_run *run,
                            const struct hsx_run *stretch, struct lookout *l);

/* ---- stops.c */

/* Take the present values of all that is watched. */
void exec_refresh_watches(struct hsx_exec *e);
/* Set all of them in the machine, with the values last taken. False: it cannot look for them. */
bool exec_give_points(struct hsx_exec *e);
/* Has a watched value changed? Then the run ends. */
bool exec_watch_hit(struct hsx_exec *e, struct hsx_exec_run *run);
/* Has the next instruction a breakpoint? Then the run ends. */
bool exec_break_hit(struct hsx_exec *e, struct hsx_exec_run *run);
void exec_remove_stops_of(struct hsx_exec *e, uint32_t pid);
/* Copy those of from whose tasks are in e. */
void exec_keep_stops(struct hsx_exec *e, const struct hsx_exec *from);
/* Put the task at the head of the queue. False: it is not in it. */
bool exec_put_first(struct hsx_exec *e, uint32_t pid);

/* ---- ring.c */

void exec_ring_add(struct hsx_exec *e, uint64_t order, uint32_t pid, uint16_t pc,
                   enum hsx_ring_event event);
/* Update counters, order number, steps and time for count > 0 records of the target. */
void exec_count(struct hsx_exec *e, const struct hsx_record *records, size_t count);
/* For runs without records: clear the tally; add a slot's tally to its task's counters. */
void exec_clear_tally(struct hsx_exec *e);
void exec_take_tally(struct hsx_exec *e, uint8_t slot);
/* The task's sp may now be lower than its recorded minimum. */
void exec_note_sp(struct hsx_exec *e, uint8_t slot, uint16_t sp);
void exec_see_sp(struct hsx_exec *e, uint8_t slot);
/* Bring the ring up to date; needed before a slot gets another task and before runs with
 * records. */
void exec_fill_ring(struct hsx_exec *e);
/* Add the ring's entries of a record with this order number. */
void exec_ring_record(struct hsx_exec *e, const struct hsx_record *record, uint64_t order);
/* The first record that can still be in the ring after the last one was added. */
size_t exec_ring_start(const struct hsx_exec *e, const struct hsx_record *records, size_t count);

#endif
