// SPDX-License-Identifier: Apache-2.0
/*
 * Traces: the record order (contract section 8) in a file, as text or binary.
 *
 * Both forms begin with a header and hold everything that lock-step compares
 * (docs/trace.md has the layouts). A text trace, such as one from another tool, may lack
 * fields: hsx_trace_event.has says which a record has.
 */
#ifndef HSX_TRACE_H
#define HSX_TRACE_H

#include <hsx/exec.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hsx_trace_format { HSX_TRACE_TEXT, HSX_TRACE_BINARY };

/* The form by the file's name: .hsxt is binary, everything else text. */
enum hsx_trace_format hsx_trace_format_of(const char *path);

struct hsx_trace_error {
    char text[280]; /* one line without a newline */
};

/* ---- The header */

enum { HSX_TRACE_WORD = 40, HSX_TRACE_FILE = 256 };

/* One task at the start, and the place of its image. */
struct hsx_trace_image {
    char name[HSX_TASK_NAME_SIZE + 1];
    char file[HSX_TRACE_FILE]; /* the file it was loaded from; "": not known */
    uint32_t pid;
    uint8_t slot;
    uint8_t slice; /* 0: not known */
    bool has_hash;
    uint32_t hash; /* zlib CRC-32 of the whole file */
    uint32_t entry, code_base, code_len, data_base, data_len;
    uint32_t reg_base, stack_limit, stack_top;
};

/* The host, which answers SVCs and so made the records that are not the machine's. */
enum hsx_trace_host {
    HSX_TRACE_HOST_HSX,     /* the executive of this project */
    HSX_TRACE_HOST_RECORDED /* another host; its accesses are in the trace */
};

struct hsx_trace_header {
    char tool[HSX_TRACE_WORD];   /* such as "hsx 0.1.0"; when writing, "" stands for this tool */
    char target[HSX_TRACE_WORD]; /* "vm", "rtl", ... */
    enum hsx_trace_host host;
    bool has_options; /* options is valid: the executive's configuration */
    struct hsx_exec_config options;
    uint32_t contexts; /* 0: not known; when writing, that of the target */
    uint32_t windows;
    bool partial; /* it does not contain every event */
    struct hsx_trace_image *images;
    size_t image_count;
};

/* Fills in the present options and tasks of an executive; the rest of *header is 0, for
 * the caller to fill in. Free it with hsx_trace_header_clear. */
enum hsx_status hsx_trace_header_take(struct hsx_exec *exec, struct hsx_trace_header *header);
void hsx_trace_header_clear(struct hsx_trace_header *header);

/* hsx_trace_image.hash of a file. */
uint32_t hsx_trace_hash(const uint8_t *bytes, size_t size);

/* ---- Events */

enum { HSX_TRACE_WHAT = 16, HSX_TRACE_MAILBOX_NAME = HSX_MBOX_NAME_SIZE + 16 };

/* Bits of hsx_trace_event.has, in the order in which differences are looked for. */
enum {
    HSX_TRACE_SEQ = 1 << 0,
    HSX_TRACE_EVENT = 1 << 1,
    HSX_TRACE_PID = 1 << 2,
    HSX_TRACE_SLOT = 1 << 3,
    HSX_TRACE_PC = 1 << 4,
    HSX_TRACE_INSN = 1 << 5,
    HSX_TRACE_EXT = 1 << 6,
    HSX_TRACE_NEXT_PC = 1 << 7,
    HSX_TRACE_RD = 1 << 8, /* rd, rd_value and whether R15 was written */
    HSX_TRACE_PSW = 1 << 9,
    HSX_TRACE_SP = 1 << 10,
    HSX_TRACE_CALL_DEPTH = 1 << 11,
    HSX_TRACE_ACCESS = 1 << 12,
    HSX_TRACE_TURN = 1 << 13,
    HSX_TRACE_REGS = 1 << 14,
    HSX_TRACE_CHANGED = 1 << 15,
    HSX_TRACE_STEPS = 1 << 16,
    HSX_TRACE_STATE = 1 << 17,
    HSX_TRACE_NOW = 1 << 18,
    HSX_TRACE_WHAT_DONE = 1 << 19,
    HSX_TRACE_STORES = 1 << 20,
    HSX_TRACE_WOKEN = 1 << 21,
    HSX_TRACE_CONTEXT = 1 << 22,
    HSX_TRACE_MAILBOX = 1 << 23,
    HSX_TRACE_MAIL = 1 << 24,
    HSX_TRACE_CYCLE = 1 << 25
};

/* In addition to those of enum hsx_event: an access of a recorded host. It takes no order
 * number. */
enum { HSX_TRACE_HOST_ACCESS = 8 };

struct hsx_trace_store {
    uint32_t addr, len;
    const uint8_t *bytes;
};

struct hsx_trace_event {
    uint32_t has;      /* HSX_TRACE_*: the fields in the trace; others are 0 */
    uint8_t kind;      /* enum hsx_event, or HSX_TRACE_HOST_ACCESS */
    uint8_t state;     /* of COMPLETE and EXTERNAL with a task: enum hsx_state after it */
    uint16_t reg_base; /* 0 in text */
    uint16_t changed;  /* bit n: Rn has changed */
    uint32_t pid;      /* 0: no task */
    uint64_t seq;      /* order number */
    uint64_t steps;    /* of all tasks, after it */
    uint64_t cycle;
    uint64_t now; /* ticks after a TICK */
    /* The machine's record; of COMPLETE and EXTERNAL with a task: slot, pc, next_pc, insn,
     * sp, call_depth and psw. */
    struct hsx_record record;
    struct hsx_context context;   /* of EXTERNAL with a task, after it */
    uint32_t regs[HSX_REGISTERS]; /* of the task, after it */
    char what[HSX_TRACE_WHAT];    /* of EXTERNAL */
    struct {
        uint32_t descriptor; /* 0: not an SVC about a mailbox */
        uint32_t messages;   /* in it, after the event */
        char name[HSX_TRACE_MAILBOX_NAME];
    } mailbox; /* of COMPLETE */
    /* Of EXTERNAL about mailboxes: struct hsx_exec_mail, with "" for no name. */
    struct {
        char name[HSX_TRACE_MAILBOX_NAME];
        uint32_t number;
        uint16_t capacity, mode, flags, channel, sender, length;
        bool on;
        uint8_t result;
        const uint8_t *bytes; /* of the message, length of them */
    } mail;
    const struct hsx_trace_store *stores; /* of the executive, in order */
    size_t store_count;
    const uint32_t *woken; /* pids, in order */
    size_t woken_count;
    struct {
        bool read; /* with an effect, such as QUEUE_POP; else a write */
        uint8_t select;
        uint32_t addr, value;
    } host; /* of HSX_TRACE_HOST_ACCESS, as on the core's host port */
};

/* Whether an instruction retired. */
bool hsx_trace_is_step(const struct hsx_trace_event *event);
/* "retire", ..., "external", "host". */
const char *hsx_trace_event_name(const struct hsx_trace_event *event);

/* ---- Writing */

/* The events to write; by default all. */
struct hsx_trace_window {
    uint64_t from, to; /* steps before the event: from <= steps < to */
    uint32_t pid;      /* 0: of all tasks */
    bool has_pc;
    uint16_t pc_low, pc_high; /* pc_low <= pc <= pc_high */
};

void hsx_trace_window_init(struct hsx_trace_window *window);
bool hsx_trace_window_is_all(const struct hsx_trace_window *window);

struct hsx_trace;

/* target is held; it is read here and by hsx_trace_check. out stays the caller's, who
 * flushes and closes it and checks its error flag. window may be NULL: everything. */
enum hsx_status hsx_trace_create(struct hsx_target *target, FILE *out, enum hsx_trace_format format,
                                 const struct hsx_trace_window *window, struct hsx_trace **trace);
/* No file: each event is passed to call, and is valid during the call. */
enum hsx_status hsx_trace_create_call(struct hsx_target *target,
                                      void (*call)(void *ctx, const struct hsx_trace_event *event),
                                      void *ctx, struct hsx_trace **trace);
void hsx_trace_destroy(struct hsx_trace *trace);

/* The sink for hsx_exec_set_sink. */
struct hsx_exec_sink hsx_trace_sink(struct hsx_trace *trace);

/* Writes the header. Earlier events, such as those of loads, are kept and follow it. */
enum hsx_status hsx_trace_begin(struct hsx_trace *trace, const struct hsx_trace_header *header);

/* One record that did not come from the executive: of a machine that diverged, or has no
 * executive. pid's window is at reg_base. */
void hsx_trace_append(struct hsx_trace *trace, const struct hsx_record *record, uint32_t pid,
                      uint16_t reg_base, uint64_t cycle);

/* Writes what is still held; for a binary trace the last chunk and the index, after which no
 * event may follow. HSX_ERR_MEMORY: events were lost. */
enum hsx_status hsx_trace_end(struct hsx_trace *trace);

/* HSX_ERR_DIVERGED: the target's data memory is not what the records say, first
 * at *addr. HSX_ERR_MEMORY: an event was lost. The target is held. */
enum hsx_status hsx_trace_check(struct hsx_trace *trace, uint32_t *addr);

/* ---- Reading */

struct hsx_trace_reader;

/* in is read from its present position and stays the caller's; name is for messages.
 * Nothing in it is trusted. A text trace without a header has an empty one; a file without a byte
 * is no trace. */
enum hsx_status hsx_trace_open(FILE *in, const char *name, struct hsx_trace_reader **reader,
                               struct hsx_trace_error *error);
void hsx_trace_close(struct hsx_trace_reader *reader);

enum hsx_trace_format hsx_trace_reader_format(const struct hsx_trace_reader *reader);
const struct hsx_trace_header *hsx_trace_reader_header(const struct hsx_trace_reader *reader);

/* The next event, valid until the next call; NULL at the end. HSX_ERR_FORMAT, with *error
 * set: the trace is damaged here. */
enum hsx_status hsx_trace_next(struct hsx_trace_reader *reader,
                               const struct hsx_trace_event **event, struct hsx_trace_error *error);

/* Continue with the first event that has more than so many steps before it. A seekable
 * binary trace uses its index, which is rebuilt if it is missing. */
enum hsx_status hsx_trace_seek(struct hsx_trace_reader *reader, uint64_t steps,
                               struct hsx_trace_error *error);

/* At the end: NULL, or how the trace was cut off, in one line. */
const char *hsx_trace_cut(const struct hsx_trace_reader *reader);

/* Bytes read so far, for the bytes per step. */
uint64_t hsx_trace_bytes(const struct hsx_trace_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
