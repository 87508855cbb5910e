// SPDX-License-Identifier: Apache-2.0
/*
 * The executive: tasks over one target (contract sections 4 to 7).
 *
 * It owns what a machine does not know: task ids, arenas, images, SVCs,
 * mailboxes, waits and deadlines. It keeps no copy of a task's registers; they
 * are read and written in the task's window. After hsx_exec_create only a load allocates
 * memory, and all of it is freed when the load's task is reaped.
 *
 * One struct hsx_exec is used by one thread at a time. Functions return HSX_OK or a named
 * error. A call that fails has changed nothing, except with HSX_ERR_MACHINE: the target
 * failed or broke its contract, and only hsx_exec_destroy may follow.
 */
#ifndef HSX_EXEC_H
#define HSX_EXEC_H

#include <hsx/machine.h>
#include <hsx/point.h>
#include <hsx/status.h>
#include <hsx/svc.h>
#include <hsx/target.h>
#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_exec;

enum {
    HSX_TASK_NAME_SIZE = 40, /* app name and instance suffix, without the NUL */
    HSX_MBOX_NAME_SIZE = 32, /* longest mailbox name, without the NUL (section 7) */
    HSX_MAX_DESCRIPTORS = 0x7000,
    HSX_DEFAULT_STACK = 0x1000,
    HSX_LEAST_SHARE = 64, /* of stack_shares, in bytes */
    HSX_DEFAULT_TICK_STEPS = 1000,
    HSX_DEFAULT_RING = 1024
};

/* Limits of section 7: mailboxes in addition to each task's own four, mailboxes created by
 * one task, and handles of a task. DESKTOP: 256, 64 and 64; EMBEDDED: 16, 4 and 8. */
enum hsx_profile { HSX_PROFILE_DESKTOP, HSX_PROFILE_EMBEDDED };

/* The unit of CALL offsets (section 2): as the image's version says, or forced. */
enum hsx_call_mode { HSX_CALLS_BY_VERSION, HSX_CALLS_BYTE, HSX_CALLS_WORD };

/* Calls from the executive to its host; each may be NULL. bytes are valid during the
 * call. The host must not call the executive from within them. */
struct hsx_exec_host {
    void *ctx;
    void (*console)(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len); /* SVC 1.1 */
    void (*can)(void *ctx, uint32_t pid, uint16_t id, const uint8_t *bytes, size_t len); /* 2.0 */
    /* With config.stdio, called when a RECV finds svc:stdio.in of task pid empty: stores
     * at most size bytes, which become one message, and returns their number; 0: nothing
     * now. */
    size_t (*input)(void *ctx, uint32_t pid, uint8_t *bytes, size_t size);
};

struct hsx_exec_config {
    enum hsx_profile profile;
    enum hsx_call_mode call;
    bool protect;          /* tasks are loaded with protection (section 4) */
    bool stdio;            /* svc:stdio.out and .err go to host.console as they fill, unless
                              another task has them open; svc:stdio.in asks host.input */
    bool private_names;    /* a mailbox that a task owns is opened and bound by it alone */
    bool enforce_modes;    /* a handle permits only what its mode and the mailbox's allow */
    uint32_t stack_bytes;  /* of a task whose load does not set it */
    bool stack_shares;     /* where stack_bytes would leave less than HSX_LEAST_SHARE to each
                              other free context (ended tasks count as free), such a load gets
                              an equal share of what is left */
    uint32_t tick_steps;   /* steps per tick; 0: time stands still while tasks run */
    uint64_t trap_latency; /* steps of other tasks before a trap is completed; 0: at once */
    unsigned descriptors;  /* without the tasks' own, HSX_MAX_DESCRIPTORS at most; 0: as profile */
    unsigned handles;      /* per task; 0: as profile */
    size_t ring;           /* capacity of the trace ring, in events */
    struct hsx_exec_host host;
};

/* Desktop, protection, the defaults above, traps completed at once, no host. */
void hsx_exec_config_init(struct hsx_exec_config *config);

/* target is held and has no task. It remains the caller's, who destroys it after the
 * executive. */
enum hsx_status hsx_exec_create(struct hsx_target *target, const struct hsx_exec_config *config,
                                struct hsx_exec **exec);
void hsx_exec_destroy(struct hsx_exec *exec);

/* The present configuration: from hsx_exec_create, or from the last snapshot restored. */
void hsx_exec_get_config(const struct hsx_exec *exec, struct hsx_exec_config *config);

/* Why a call was refused, one line without a newline. */
struct hsx_exec_error {
    char text[280];
};

/* ---- Actions from outside: each is one EXTERNAL event of the record order. */

struct hsx_exec_load {
    const char *name;     /* for images without one (version 1); NULL: empty */
    uint32_t stack_bytes; /* multiple of 4; 0: the configuration's */
    uint8_t slice;        /* instructions a turn; 0 means 1 */
};

/* Load the .hxe file in bytes as a new READY task. HSX_ERR_FORMAT: the image is refused.
 * HSX_ERR_NO_ROOM: no room even after reaping every ended task (a load reaps only as many
 * as it needs, oldest first). HSX_ERR_STATE: a task of that name exists and the image
 * allows only one. error may be NULL. */
enum hsx_status hsx_exec_load(struct hsx_exec *exec, const uint8_t *bytes, size_t size,
                              const struct hsx_exec_load *load, uint32_t *pid,
                              struct hsx_exec_error *error);

/* HSX_ERR_ARGUMENT: no such task. HSX_ERR_STATE: it has ended, pause: it is already
 * PAUSED, resume: it is not PAUSED. kill ends a task that has not ended, and reaps it. */
enum hsx_status hsx_exec_kill(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_pause(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_resume(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_set_slice(struct hsx_exec *exec, uint32_t pid, uint8_t slice);

/* A debugger's writes. The state in the context is ignored. A machine refuses values that
 * it cannot hold (HSX_ERR_ARGUMENT); the rest is checked when the task is next made
 * READY. */
enum hsx_status hsx_exec_poke(struct hsx_exec *exec, uint32_t addr, const void *bytes, size_t len);
enum hsx_status hsx_exec_write_context(struct hsx_exec *exec, uint32_t pid,
                                       const struct hsx_context *ctx);

/* ---- Running */

enum hsx_run_end {
    HSX_RUN_STEPS,      /* max_steps instructions have retired */
    HSX_RUN_ENDED,      /* every task has ended */
    HSX_RUN_STALLED,    /* every task left is PAUSED or waits forever */
    HSX_RUN_EVENT,      /* one of the events in stop_on happened to pid */
    HSX_RUN_BREAK,      /* a breakpoint or watchpoint: stop_id, pid; overrides HSX_RUN_EVENT */
    HSX_RUN_RETURNED,   /* the sp of task back_pid is back_sp or above */
    HSX_RUN_INTERRUPTED /* *interrupt is not 0 */
};

/* The cause of the last event of a run, and so of a watchpoint's change. */
struct hsx_exec_writer {
    uint32_t pid;         /* 0: no task, as for a tick */
    uint16_t pc;          /* of its instruction */
    enum hsx_event event; /* HSX_EV_COMPLETE: completion of its SVC */
};

struct hsx_exec_run {
    uint64_t max_steps; /* in; UINT64_MAX: no limit */
    unsigned stop_on;   /* in: union of 1u << enum hsx_event for BRK, FAULT, RETURN, COMPLETE,
                           TICK */
    uint32_t only; /* in: 0, or the only task that may run; each move of it to the head of the queue
                      is an EXTERNAL event. HSX_RUN_STALLED: it is not READY */
    /* in: NULL, or called often with the steps so far */
    void (*progress)(void *ctx, uint64_t steps);
    void *progress_ctx;                     /* in */
    const volatile sig_atomic_t *interrupt; /* in: NULL, or ends the run when not 0 */
    uint32_t back_pid;             /* in: 0, or a task: the run ends before its next instruction */
    uint32_t back_sp;              /* in: with sp at or above this, as after a call returned */
    uint64_t steps;                /* out: retired by this call */
    uint32_t pid;                  /* out: for HSX_RUN_EVENT and HSX_RUN_BREAK; 0: no task */
    uint32_t stop_id;              /* out: for HSX_RUN_BREAK */
    struct hsx_exec_writer writer; /* out: for HSX_RUN_BREAK of a watchpoint */
    enum hsx_event event;          /* out: for HSX_RUN_EVENT */
    enum hsx_run_end reason;       /* out */
};

enum hsx_status hsx_exec_run(struct hsx_exec *exec, struct hsx_exec_run *run);

/*
 * For replaying a known record order, without ticks (tick_steps 0) and without traps that
 * become due (trap_latency UINT64_MAX): complete the trap of a task now, and make one tick now.
 * HSX_ERR_STATE: the task has no trap to complete.
 */
enum hsx_status hsx_exec_complete_trap(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_tick(struct hsx_exec *exec);

/* ---- Breakpoints and watchpoints: a run ends where it would if it ran one instruction at a
 * time, which is how targets without mark (<hsx/target.h>) run while any are set. They take no
 * order number. A run whose last step ends in front of a breakpoint has hit it (HSX_RUN_BREAK),
 * and the next run passes it. */

enum { HSX_MAX_STOPS = HSX_MAX_POINTS };

enum hsx_stop_kind {
    HSX_BREAK_PC,       /* before task pid (0: any) runs the instruction at pc */
    HSX_WATCH_REGISTER, /* after the event in which register reg of task pid changed */
    HSX_WATCH_MEMORY    /* after the event in which a byte of [addr, addr + len) changed */
};

struct hsx_exec_stop {
    uint32_t id; /* from 1, not reused */
    enum hsx_stop_kind kind;
    uint32_t pid; /* unused in HSX_WATCH_MEMORY */
    uint16_t pc;
    uint8_t reg;
    uint16_t addr;                  /* physical */
    uint8_t len;                    /* 1 .. 4 */
    struct hsx_condition condition; /* of HSX_BREAK_PC */
};

/* stop->id is an output. HSX_ERR_ARGUMENT: no such task, register or length;
 * HSX_ERR_NO_ROOM: there are HSX_MAX_STOPS already. Those of a task are removed when it
 * is reaped. */
enum hsx_status hsx_exec_add_stop(struct hsx_exec *exec, struct hsx_exec_stop *stop);
enum hsx_status hsx_exec_remove_stop(struct hsx_exec *exec, uint32_t id);
/* In the order of their ids; capacity and count as in hsx_exec_tasks. */
enum hsx_status hsx_exec_stops(const struct hsx_exec *exec, struct hsx_exec_stop *stops,
                               size_t capacity, size_t *count);

/* ---- Queries: none of these changes anything */

/* Counters of section 5. */
struct hsx_counters {
    uint64_t steps;    /* retired instructions */
    uint64_t turns;    /* turns begun */
    uint64_t traps;    /* SVCs */
    uint64_t blocks;   /* entered WAIT_MBX or SLEEP */
    uint64_t wakes;    /* left them, except by timeout */
    uint64_t timeouts; /* RECVs that timed out */
    uint64_t faults;
    uint64_t ends;       /* returned, exited or faulted: 0 or 1 */
    uint64_t mbox_steps; /* SEND and RECV calls */
    uint64_t mbox_wakes;
    uint64_t mbox_timeouts;
};

struct hsx_task_info {
    uint32_t pid;
    uint8_t slot;
    char name[HSX_TASK_NAME_SIZE + 1];
    struct hsx_context ctx;   /* state RUNNING for the task whose turn is open */
    uint16_t window;          /* assigned by the load, wherever ctx.reg_base is now */
    uint32_t stack_bytes;     /* of the stack arena */
    uint32_t stack_used_max;  /* high-water mark of the stack, in bytes */
    uint32_t exit_status;     /* R0 of a RETURNED or EXITED task, else 0 */
    uint32_t fault;           /* HSX_FAULT_* of a FAULTED task, else 0 */
    bool pause_pending;       /* becomes PAUSED when its wait or trap completes */
    uint32_t wait_descriptor; /* of WAIT_MBX, else 0 */
    bool has_deadline;        /* SLEEP, and WAIT_MBX with a timeout */
    uint64_t deadline;        /* in ticks, see hsx_exec_stats.now */
    struct hsx_counters counters;
};

/* Reads from a machine what it knows about the task in info->slot: ctx and, if it has
 * ended, exit_status or fault from info->window. On an error of the machine the rest
 * stays as it was. */
enum hsx_status hsx_task_info_read(struct hsx_target *machine, struct hsx_task_info *info);

/* Fill in at most capacity tasks in pid order, including ended ones that are not reaped;
 * *count is how many there are. */
enum hsx_status hsx_exec_tasks(struct hsx_exec *exec, struct hsx_task_info *tasks, size_t capacity,
                               size_t *count);
/* HSX_ERR_ARGUMENT: no such task. */
enum hsx_status hsx_exec_task(struct hsx_exec *exec, uint32_t pid, struct hsx_task_info *info);

/* Describes in one line an access of the task that was refused: the access, the nearest range
 * that the task may use, and whether protection is the cause. HSX_ERR_STATE: there was none. */
enum hsx_status hsx_exec_hint(struct hsx_exec *exec, uint32_t pid, struct hsx_exec_error *hint);

struct hsx_exec_stats {
    uint64_t order;             /* order number of the next event */
    uint64_t steps;             /* of all tasks */
    uint64_t cycles;            /* of the target */
    uint64_t now;               /* ticks */
    uint32_t tasks;             /* not reaped */
    uint32_t live;              /* not ended */
    uint64_t broken_invariants; /* tasks faulted instead of made READY (section 4) */
    uint32_t last_broken_pid;
    const char *last_broken; /* which invariant; NULL: none so far */
};

enum hsx_status hsx_exec_stats(struct hsx_exec *exec, struct hsx_exec_stats *stats);

/* The trace ring of section 5. */
enum hsx_ring_event {
    HSX_RING_STEP,
    HSX_RING_ROTATE,
    HSX_RING_TRAP,
    HSX_RING_BLOCK,
    HSX_RING_WAKE,
    HSX_RING_TIMEOUT,
    HSX_RING_HALT,
    HSX_RING_FAULT
};

struct hsx_ring_entry {
    uint64_t order;
    uint32_t pid;
    uint16_t pc;
    uint8_t event; /* enum hsx_ring_event */
};

const char *hsx_ring_event_name(enum hsx_ring_event event);
const char *hsx_state_name(enum hsx_state state);

/* The newest min(limit, kept) entries, oldest first; returns how many. */
size_t hsx_exec_ring(struct hsx_exec *exec, struct hsx_ring_entry *entries, size_t limit);

/* ---- Mailboxes, seen from outside (section 7) */

struct hsx_mbox_info {
    uint32_t descriptor;
    char name[8 + HSX_MBOX_NAME_SIZE + 8]; /* with prefix and, if owned, @pid */
    uint32_t owner;                        /* pid, or 0 */
    uint32_t capacity, used, high_water;   /* bytes, including 8 per message */
    uint32_t messages;
    uint16_t mode;
    uint32_t handles, taps, waiters;
    bool from_image; /* the rest: more of the image's metadata */
    bool has_owner_pid;
    uint32_t owner_pid;
    const char *bindings; /* JSON or NULL; valid until the next load or kill */
};

/* In descriptor order; capacity and count as in hsx_exec_tasks. */
enum hsx_status hsx_exec_mailboxes(struct hsx_exec *exec, struct hsx_mbox_info *boxes,
                                   size_t capacity, size_t *count);
/* The pids waiting on a descriptor, in wait order. */
enum hsx_status hsx_exec_waiters(struct hsx_exec *exec, uint32_t descriptor, uint32_t *pids,
                                 size_t capacity, size_t *count);

/*
 * The host as one more user of mailboxes: task id 0, with its own handles and the quota
 * of a task. It owns none, so svc: and pid: names need an owner: "svc:stdio.in@3". It
 * never waits. Each call is one EXTERNAL event, except a hsx_exec_host_recv that finds no
 * message. *result is what R0 would be; the other outputs are valid with HSX_MBOX_OK.
 */
struct hsx_mbox_message {
    uint16_t length, flags, channel, sender;
};

enum hsx_status hsx_exec_host_bind(struct hsx_exec *exec, const char *name, uint16_t capacity,
                                   uint16_t mode, uint32_t *descriptor,
                                   enum hsx_mbox_status *result);
enum hsx_status hsx_exec_host_open(struct hsx_exec *exec, const char *name, uint16_t mode,
                                   uint16_t *handle, enum hsx_mbox_status *result);
enum hsx_status hsx_exec_host_close(struct hsx_exec *exec, uint16_t handle,
                                    enum hsx_mbox_status *result);
/* message: length, flags and channel are inputs. */
enum hsx_status hsx_exec_host_send(struct hsx_exec *exec, uint16_t handle,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result);
/* size: capacity in bytes; message->length is that of the whole message. */
enum hsx_status hsx_exec_host_recv(struct hsx_exec *exec, uint16_t handle,
                                   struct hsx_mbox_message *message, void *bytes, size_t size,
                                   enum hsx_mbox_status *result);
enum hsx_status hsx_exec_host_tap(struct hsx_exec *exec, uint16_t handle, bool on,
                                  enum hsx_mbox_status *result);

/* A SEND without a handle, which does not change the mailbox's lifetime. *result other
 * than HSX_MBOX_OK: nothing has changed, and there is no event. HSX_MBOX_INTERNAL_ERROR:
 * there is no such mailbox. */
enum hsx_status hsx_exec_host_post(struct hsx_exec *exec, const char *name,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result);

/* Remove an app: or shared: mailbox, even one in use: waiters wake with INVALID_HANDLE.
 * HSX_ERR_ARGUMENT: there is no such descriptor; HSX_ERR_STATE: a task owns it. */
enum hsx_status hsx_exec_remove_mailbox(struct hsx_exec *exec, uint32_t descriptor);

struct hsx_host_handle {
    uint16_t handle;
    uint32_t descriptor;
    bool tap;
};

/* The host's open handles; capacity and count as in hsx_exec_tasks. A restored machine
 * has those that were open when it was saved. */
enum hsx_status hsx_exec_host_handles(const struct hsx_exec *exec, struct hsx_host_handle *handles,
                                      size_t capacity, size_t *count);

/* Close a handle of a task. A task that waits on it wakes with INVALID_HANDLE.
 * HSX_ERR_ARGUMENT: no such task. */
enum hsx_status hsx_exec_close_handle(struct hsx_exec *exec, uint32_t pid, uint16_t handle,
                                      enum hsx_mbox_status *result);

/*
 * ---- Snapshots: the whole machine as bytes (docs/snapshot.md): memories,
 * contexts, queue with its open turn, mailboxes and handles, waits, timers,
 * time with a pending tick, counters, ids and the trace ring.
 *
 * A machine restored from a snapshot produces the same records as the original, on any
 * target. Cycles are not part of a snapshot.
 */

/* The caller frees *bytes. Nothing changes, so this is not an event. Equal machines give
 * equal bytes. */
enum hsx_status hsx_exec_save(struct hsx_exec *exec, uint8_t **bytes, size_t *size);

/*
 * Restore the machine in bytes. exec keeps its target, host and sink; the rest of
 * its configuration comes from the snapshot. Breakpoints and watchpoints stay, except
 * those of tasks that do not exist in the snapshot; a trace must be restarted. Nothing in
 * bytes is trusted. HSX_ERR_FORMAT: damaged, not a snapshot, of a machine with other
 * limits, or not a state that a machine can be in. HSX_ERR_ARGUMENT: the target cannot
 * hold it. In both cases nothing has changed and *error says why; error may be NULL. Not
 * an event: the record order continues from the snapshot's.
 */
enum hsx_status hsx_exec_restore(struct hsx_exec *exec, const uint8_t *bytes, size_t size,
                                 struct hsx_exec_error *error);

/* ---- Observing the record order */

/* Arguments and result of an EXTERNAL event about mailboxes; fields that do not apply are 0. */
struct hsx_exec_mail {
    const char *name; /* of bind, open, and of a send without a handle, else NULL */
    uint32_t number; /* the handle of send, recv, tap and close, or returned by open; the descriptor
                        of remove, or returned by bind */
    uint16_t capacity, mode;         /* of bind; mode also of open */
    bool on;                         /* of tap */
    struct hsx_mbox_message message; /* sent or received */
    const uint8_t *bytes;            /* of message */
    enum hsx_mbox_status result;
};

/* One event, reported when all its effects are complete. record is the machine's record,
 * or NULL for COMPLETE, EXTERNAL and the TICK that jumps to a deadline. */
struct hsx_exec_event {
    uint64_t order;
    uint64_t steps; /* of all tasks, after it */
    uint64_t cycle;
    uint64_t now; /* ticks, after it */
    enum hsx_event kind;
    uint32_t pid; /* 0: no task */
    uint8_t slot;
    uint16_t reg_base;
    struct hsx_context ctx; /* of COMPLETE, and of EXTERNAL with a task: after it */
    uint32_t insn;          /* the SVC of COMPLETE */
    /* For an SVC about a mailbox; descriptor 0: none. */
    struct {
        uint32_t descriptor;
        uint32_t messages; /* in it, after the event */
        char name[HSX_MBOX_NAME_SIZE + 16];
    } mailbox;
    const char *what;                 /* of EXTERNAL: "load", "kill", "pause", "resume", ... */
    const struct hsx_exec_mail *mail; /* of EXTERNAL about mailboxes, else NULL */
    const struct hsx_record *record;
    const uint32_t *woken; /* pids, in order */
    size_t woken_count;
};

/* Consecutive records of the machine for which the executive did nothing. */
struct hsx_exec_records {
    const struct hsx_exec *exec; /* for hsx_exec_slot_task */
    const struct hsx_record *records;
    const uint64_t *cycles;
    size_t count;
    uint64_t order; /* of the first; the others follow without gaps */
};

/* The task in a slot, and where its window is; pid 0: no task. */
void hsx_exec_slot_task(const struct hsx_exec *exec, uint8_t slot, uint32_t *pid,
                        uint16_t *reg_base);

/* write reports each store of the executive to data memory, before the event it belongs
 * to; stores of instructions are in their records. records, unless it is NULL, reports
 * many events at once, where event would report each. */
struct hsx_exec_sink {
    void *ctx;
    void (*records)(void *ctx, const struct hsx_exec_records *records);
    void (*write)(void *ctx, uint32_t addr, const void *bytes, size_t len);
    void (*event)(void *ctx, const struct hsx_exec_event *event);
};

/* NULL: none. *sink is copied. */
void hsx_exec_set_sink(struct hsx_exec *exec, const struct hsx_exec_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
