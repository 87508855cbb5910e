// SPDX-License-Identifier: Apache-2.0
/*
 * The executive: tasks over one target (contract sections 4 to 7).
 *
 * It owns what a machine does not know: task ids, arenas, images, SVCs,
 * mailboxes, waits and deadlines. It keeps no copy of a task's registers; they
 * are read and written in the task's window. After hsx_exec_create no memory
 * is allocated but by a load, and nothing of a load is left when its task is
 * reaped.
 *
 * One struct hsx_exec is used by one thread at a time. Functions return HSX_OK
 * or a named error, which has then changed nothing, except HSX_ERR_MACHINE:
 * the target failed or broke its contract, and only hsx_exec_destroy is left.
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

/* Limits of section 7 on the mailboxes that may live beside each task's own four, on
 * those of which one task may be the creator, and on a task's handles: 256, 64 and 64, or 16,
 * 4 and 8. */
enum hsx_profile { HSX_PROFILE_DESKTOP, HSX_PROFILE_EMBEDDED };

/* How CALL offsets count (section 2): as the image's version says, or forced. */
enum hsx_call_mode { HSX_CALLS_BY_VERSION, HSX_CALLS_BYTE, HSX_CALLS_WORD };

/* What the executive tells and asks its host while it acts; each may be NULL. bytes
 * are valid during the call. The host must not call the executive from here. */
struct hsx_exec_host {
    void *ctx;
    void (*console)(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len); /* SVC 1.1 */
    void (*can)(void *ctx, uint32_t pid, uint16_t id, const uint8_t *bytes, size_t len); /* 2.0 */
    /* With config.stdio, when a RECV finds svc:stdio.in of task pid empty: what it gets
     * as one message, at most size bytes; 0: nothing now. */
    size_t (*input)(void *ctx, uint32_t pid, uint8_t *bytes, size_t size);
};

struct hsx_exec_config {
    enum hsx_profile profile;
    enum hsx_call_mode call;
    bool protect;          /* tasks are loaded with protection (section 4) */
    bool stdio;            /* svc:stdio.out and .err go to host.console as they fill, unless
                              another task has them open; svc:stdio.in asks host.input */
    bool private_names;    /* a mailbox that a task owns is opened and bound by it alone */
    bool enforce_modes;    /* a handle does only what its mode and the mailbox's allow */
    uint32_t stack_bytes;  /* of a task, when its load does not say */
    bool stack_shares;     /* where that left less than HSX_LEAST_SHARE to each other free
                              context, ended tasks counted as gone, such a load gets an equal
                              share of what is left */
    uint32_t tick_steps;   /* steps a tick; 0: time stands still while tasks run */
    uint64_t trap_latency; /* steps of others before a trap is completed; 0: at once */
    unsigned descriptors; /* beside the tasks' own; at most HSX_MAX_DESCRIPTORS; 0: the profile's */
    unsigned handles;     /* a task; 0: the profile's */
    size_t ring;          /* newest events kept in the trace ring */
    struct hsx_exec_host host;
};

/* Desktop, protection, the defaults above, traps completed at once, no host. */
void hsx_exec_config_init(struct hsx_exec_config *config);

/* target is held, with no task in it; the caller keeps owning it and destroys
 * it after the executive. */
enum hsx_status hsx_exec_create(struct hsx_target *target, const struct hsx_exec_config *config,
                                struct hsx_exec **exec);
void hsx_exec_destroy(struct hsx_exec *exec);

/* As it is now: what hsx_exec_create was given, or what a snapshot brought. */
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

/* Load the .hxe file in bytes as a new READY task. HSX_ERR_FORMAT: the image is
 * refused; HSX_ERR_NO_ROOM: no room even after reaping every ended task (only
 * as many are reaped as the load needs, oldest first); HSX_ERR_STATE: a task of
 * that name is there and the image allows only one. *error may be NULL. */
enum hsx_status hsx_exec_load(struct hsx_exec *exec, const uint8_t *bytes, size_t size,
                              const struct hsx_exec_load *load, uint32_t *pid,
                              struct hsx_exec_error *error);

/* HSX_ERR_ARGUMENT: no such task. HSX_ERR_STATE: it has ended, is PAUSED
 * already, or is not. kill ends a task that has not ended, and reaps it. */
enum hsx_status hsx_exec_kill(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_pause(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_resume(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_set_slice(struct hsx_exec *exec, uint32_t pid, uint8_t slice);

/* A debugger's writes. The context's state is not taken over; a machine refuses
 * what it cannot hold (HSX_ERR_ARGUMENT), the rest is checked when the task is
 * next made ready. */
enum hsx_status hsx_exec_poke(struct hsx_exec *exec, uint32_t addr, const void *bytes, size_t len);
enum hsx_status hsx_exec_write_context(struct hsx_exec *exec, uint32_t pid,
                                       const struct hsx_context *ctx);

/* ---- Running */

enum hsx_run_end {
    HSX_RUN_STEPS,      /* max_steps instructions have retired */
    HSX_RUN_ENDED,      /* no task is left that has not ended */
    HSX_RUN_STALLED,    /* those left are PAUSED or wait forever */
    HSX_RUN_EVENT,      /* one of the events in stop_on happened to pid */
    HSX_RUN_BREAK,      /* a breakpoint or watchpoint: stop_id, pid; goes before HSX_RUN_EVENT */
    HSX_RUN_RETURNED,   /* task back_pid has its sp at back_sp or above */
    HSX_RUN_INTERRUPTED /* *interrupt is not 0 */
};

/* Who did the last event of a run, and so what a watchpoint saw. */
struct hsx_exec_writer {
    uint32_t pid;         /* 0: nobody, as of a tick */
    uint16_t pc;          /* of its instruction */
    enum hsx_event event; /* HSX_EV_COMPLETE: its SVC was completed */
};

struct hsx_exec_run {
    uint64_t max_steps; /* in; UINT64_MAX: no limit */
    unsigned stop_on;   /* in: union of 1u << enum hsx_event for BRK, FAULT, RETURN, COMPLETE,
                           TICK */
    uint32_t only;      /* in: 0, or the one task that may run; each time it has to be put
                           before others is an EXTERNAL event. HSX_RUN_STALLED: it is not READY */
    void (*progress)(void *ctx, uint64_t steps); /* in: NULL, or told of the steps so far, often */
    void *progress_ctx;                          /* in */
    const volatile sig_atomic_t *interrupt; /* in: NULL, or what ends the run when it is not 0 */
    uint32_t back_pid; /* in: 0, or a task: the run ends before it runs an instruction */
    uint32_t back_sp;  /* in: while its sp is at least that, as behind a call it is again */
    uint64_t steps;    /* out: retired by this call */
    uint32_t pid;      /* out: for HSX_RUN_EVENT and HSX_RUN_BREAK; 0: no task */
    uint32_t stop_id;  /* out: for HSX_RUN_BREAK */
    struct hsx_exec_writer writer; /* out: for HSX_RUN_BREAK of a watchpoint */
    enum hsx_event event;          /* out: for HSX_RUN_EVENT */
    enum hsx_run_end reason;       /* out */
};

enum hsx_status hsx_exec_run(struct hsx_exec *exec, struct hsx_exec_run *run);

/*
 * For who follows a record order that is known, with no ticks of its own (tick_steps 0) and
 * traps that are never due (trap_latency UINT64_MAX): complete the trap of a task now, and make
 * one tick now. HSX_ERR_STATE: the task has no trap to complete.
 */
enum hsx_status hsx_exec_complete_trap(struct hsx_exec *exec, uint32_t pid);
enum hsx_status hsx_exec_tick(struct hsx_exec *exec);

/* ---- Breakpoints and watchpoints: a run ends where it would if one instruction ran at a
 * time, which is how targets without mark (<hsx/target.h>) run while there are any. They
 * take no order number. A run that ends by its steps before an
 * instruction with a breakpoint has arrived there (HSX_RUN_BREAK), and the next run passes it. */

enum { HSX_MAX_STOPS = HSX_MAX_POINTS };

enum hsx_stop_kind {
    HSX_BREAK_PC,       /* before task pid (0: any) runs the instruction at pc */
    HSX_WATCH_REGISTER, /* after the event in which register reg of task pid changed */
    HSX_WATCH_MEMORY    /* after the event in which a byte of [addr, addr + len) changed */
};

struct hsx_exec_stop {
    uint32_t id; /* from 1, not reused */
    enum hsx_stop_kind kind;
    uint32_t pid; /* not of HSX_WATCH_MEMORY */
    uint16_t pc;
    uint8_t reg;
    uint16_t addr;                  /* physical */
    uint8_t len;                    /* 1 .. 4 */
    struct hsx_condition condition; /* of HSX_BREAK_PC */
};

/* stop->id is given out. HSX_ERR_ARGUMENT: no such task, register or length;
 * HSX_ERR_NO_ROOM: there are HSX_MAX_STOPS. Those of a task go when it is reaped. */
enum hsx_status hsx_exec_add_stop(struct hsx_exec *exec, struct hsx_exec_stop *stop);
enum hsx_status hsx_exec_remove_stop(struct hsx_exec *exec, uint32_t id);
/* In the order of their ids, as hsx_exec_tasks. */
enum hsx_status hsx_exec_stops(const struct hsx_exec *exec, struct hsx_exec_stop *stops,
                               size_t capacity, size_t *count);

/* ---- Looking: none of these changes anything */

/* Counters of section 5. */
struct hsx_counters {
    uint64_t steps;    /* retired instructions */
    uint64_t turns;    /* turns begun */
    uint64_t traps;    /* SVCs */
    uint64_t blocks;   /* entered WAIT_MBX or SLEEP */
    uint64_t wakes;    /* left them, but for timeouts */
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
    uint16_t window;          /* that the load was handed, wherever ctx.reg_base is now */
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

/* What a machine says of the task in info->slot: ctx, and, if it has ended, exit_status
 * or fault from info->window. On an error of the machine the rest stays as it was. */
enum hsx_status hsx_task_info_read(struct hsx_target *machine, struct hsx_task_info *info);

/* Fill at most capacity tasks in pid order, ended ones that are not reaped
 * included; *count is how many there are. */
enum hsx_status hsx_exec_tasks(struct hsx_exec *exec, struct hsx_task_info *tasks, size_t capacity,
                               size_t *count);
/* HSX_ERR_ARGUMENT: no such task. */
enum hsx_status hsx_exec_task(struct hsx_exec *exec, uint32_t pid, struct hsx_task_info *info);

/* One line on an access of the task that was refused, if there was one: which, the nearest range
 * that it could have gone to, and whether protection is why. HSX_ERR_STATE: there was none. */
enum hsx_status hsx_exec_hint(struct hsx_exec *exec, uint32_t pid, struct hsx_exec_error *hint);

struct hsx_exec_stats {
    uint64_t order;             /* order number of the next event */
    uint64_t steps;             /* of all tasks */
    uint64_t cycles;            /* of the target */
    uint64_t now;               /* ticks */
    uint32_t tasks;             /* not reaped */
    uint32_t live;              /* not ended */
    uint64_t broken_invariants; /* tasks faulted on the way to READY (section 4) */
    uint32_t last_broken_pid;
    const char *last_broken; /* which invariant; NULL when none ever */
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
    uint32_t capacity, used, high_water;   /* bytes, 8 a message included */
    uint32_t messages;
    uint16_t mode;
    uint32_t handles, taps, waiters;
    bool from_image; /* the rest: what the image's metadata says besides */
    bool has_owner_pid;
    uint32_t owner_pid;
    const char *bindings; /* JSON or NULL; valid until the next load or kill */
};

/* In descriptor order, as hsx_exec_tasks. */
enum hsx_status hsx_exec_mailboxes(struct hsx_exec *exec, struct hsx_mbox_info *boxes,
                                   size_t capacity, size_t *count);
/* The pids that wait on a descriptor, in wait order. */
enum hsx_status hsx_exec_waiters(struct hsx_exec *exec, uint32_t descriptor, uint32_t *pids,
                                 size_t capacity, size_t *count);

/*
 * The host as one more user of mailboxes: task id 0, with handles of its own
 * and the quota of a task. It owns none, so its names of svc: and pid: need an
 * owner: "svc:stdio.in@3". It never waits. Each call is one EXTERNAL event, but
 * for a hsx_exec_host_recv that finds nothing. *result is what R0 would be; the
 * other outputs are valid with HSX_MBOX_OK.
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
/* message: length, flags and channel in. */
enum hsx_status hsx_exec_host_send(struct hsx_exec *exec, uint16_t handle,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result);
/* size: room in bytes; message->length is the whole message's. */
enum hsx_status hsx_exec_host_recv(struct hsx_exec *exec, uint16_t handle,
                                   struct hsx_mbox_message *message, void *bytes, size_t size,
                                   enum hsx_mbox_status *result);
enum hsx_status hsx_exec_host_tap(struct hsx_exec *exec, uint16_t handle, bool on,
                                  enum hsx_mbox_status *result);

/* A SEND that needs no handle, so that it does not change how long the mailbox
 * lives. *result other than HSX_MBOX_OK: nothing has changed and it is no event;
 * HSX_MBOX_INTERNAL_ERROR: there is no such mailbox. */
enum hsx_status hsx_exec_host_post(struct hsx_exec *exec, const char *name,
                                   const struct hsx_mbox_message *message, const void *bytes,
                                   enum hsx_mbox_status *result);

/* End an app: or shared: mailbox, whoever uses it: waiters wake with INVALID_HANDLE.
 * HSX_ERR_ARGUMENT: there is no such descriptor; HSX_ERR_STATE: a task owns it. */
enum hsx_status hsx_exec_remove_mailbox(struct hsx_exec *exec, uint32_t descriptor);

struct hsx_host_handle {
    uint16_t handle;
    uint32_t descriptor;
    bool tap;
};

/* The host's open handles, as hsx_exec_tasks; a restored machine has those that
 * were open when it was saved. */
enum hsx_status hsx_exec_host_handles(const struct hsx_exec *exec, struct hsx_host_handle *handles,
                                      size_t capacity, size_t *count);

/* Close a task's handle for it. If it waits on it, it wakes with
 * INVALID_HANDLE. HSX_ERR_ARGUMENT: no such task. */
enum hsx_status hsx_exec_close_handle(struct hsx_exec *exec, uint32_t pid, uint16_t handle,
                                      enum hsx_mbox_status *result);

/*
 * ---- Snapshots: the whole machine as bytes (docs/snapshot.md): memories,
 * contexts, queue with its open turn, mailboxes and handles, waits, timers,
 * time with a tick that is due, counters, ids and the trace ring.
 *
 * A machine that goes on from a snapshot makes the same records as the one it
 * was taken from, on any target. Cycles are not part of it.
 */

/* The caller frees *bytes. Nothing changes, so it is no event. Equal machines
 * make equal bytes. */
enum hsx_status hsx_exec_save(struct hsx_exec *exec, uint8_t **bytes, size_t *size);

/*
 * Become the machine in bytes. exec keeps its target, host and sink; the rest of
 * its configuration comes from the snapshot. Breakpoints and watchpoints stay,
 * but for those of tasks that are not there; a trace must be begun anew. Nothing
 * in bytes is trusted. HSX_ERR_FORMAT: damaged, foreign, of a machine with other
 * limits, or not a state that a machine can be in; HSX_ERR_ARGUMENT: the target
 * cannot hold it. Then nothing has changed and *error, which may be NULL, tells
 * why. Not an event: the record order goes on from the snapshot's.
 */
enum hsx_status hsx_exec_restore(struct hsx_exec *exec, const uint8_t *bytes, size_t size,
                                 struct hsx_exec_error *error);

/* ---- The record order as it happens */

/* What an EXTERNAL about mailboxes asked, and what came of it; fields that do not apply are 0. */
struct hsx_exec_mail {
    const char *name;        /* of bind, open, and of a send without a handle, else NULL */
    uint32_t number;         /* the handle of send, recv, tap and close, and that open gave; the
                                descriptor of remove, and that bind gave */
    uint16_t capacity, mode; /* of bind; mode of open, too */
    bool on;                 /* of tap */
    struct hsx_mbox_message message; /* sent or received */
    const uint8_t *bytes;            /* its */
    enum hsx_mbox_status result;
};

/* One event, told when all it does is done. record is the machine's record, or
 * NULL for COMPLETE, EXTERNAL and the TICK that jumps to a deadline. */
struct hsx_exec_event {
    uint64_t order;
    uint64_t steps; /* of all tasks, after */
    uint64_t cycle;
    uint64_t now; /* ticks, after */
    enum hsx_event kind;
    uint32_t pid; /* 0: no task */
    uint8_t slot;
    uint16_t reg_base;
    struct hsx_context ctx; /* of COMPLETE, and of EXTERNAL that has a task: after it */
    uint32_t insn;          /* the SVC of COMPLETE */
    /* Of an SVC about a mailbox; descriptor 0: none. */
    struct {
        uint32_t descriptor;
        uint32_t messages; /* in it, after */
        char name[HSX_MBOX_NAME_SIZE + 16];
    } mailbox;
    const char *what;                 /* of EXTERNAL: "load", "kill", "pause", "resume", ... */
    const struct hsx_exec_mail *mail; /* of EXTERNAL about mailboxes, else NULL */
    const struct hsx_record *record;
    const uint32_t *woken; /* pids, in order */
    size_t woken_count;
};

/* Records of the machine to which nothing of the executive belongs, in their order. */
struct hsx_exec_records {
    const struct hsx_exec *exec; /* for hsx_exec_slot_task */
    const struct hsx_record *records;
    const uint64_t *cycles;
    size_t count;
    uint64_t order; /* of the first; the others follow without a gap */
};

/* Who is in a slot, and where that task's window is; pid 0: nobody. */
void hsx_exec_slot_task(const struct hsx_exec *exec, uint8_t slot, uint32_t *pid,
                        uint16_t *reg_base);

/* write tells each store the executive makes to data memory, before the event
 * it belongs to; stores of instructions are in their records. records, unless it is
 * NULL, is told of many events at once instead of event of each. */
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
