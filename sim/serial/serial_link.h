// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the serial link. */
#ifndef HSX_SERIAL_LINK_H
#define HSX_SERIAL_LINK_H

#include "board_trace.h"
#include "bridge.h"
#include "kept.h"
#include <hsx/host_map.h>
#include <hsx/serial.h>
#include <hsx/soc_map.h>

/* A task's state on the board. */
struct serial_view {
    bool known;
    struct hsx_context ctx;
    uint32_t regs[HSX_REGISTERS];
};

struct serial_link {
    struct hsx_rtl_link link;
    struct bridge bridge;
    struct hsx_serial_options options; /* owns the port's path */
    uint64_t cycles;                   /* of the core's counter when it was last read */
    /* Words of code memory that this session has written. Others count as 0, and are cleared
     * before a context can reach them: clearing all of them would take most of the start-up
     * time. */
    bool code_known[HSX_CODE_SIZE / 4];
    uint32_t code[HSX_CODE_SIZE / 4]; /* the words written, for observing */
    uint32_t code_base;               /* the last CODE_BASE that was written to a context */
    /* The core is to run, but not started yet: it may run freely, or be observed. */
    bool going;
    bool stopping;   /* requested to hold while it ran and recorded */
    uint32_t budget; /* steps */
    /* For observing: the queue that the board must have, and records not passed on yet. */
    bool queue_known;
    size_t queue_count;
    uint8_t queue[256];
    struct hsx_record made[2];
    size_t made_count;
    /* The state of a task read after its last instruction is valid before its next one, as long
     * as nothing else has written to contexts and windows. */
    struct serial_view views[256];
    struct kept kept;
    bool has_trace; /* the board has */
    struct board_trace trace;
    char *why; /* the caller's: the failure, or empty */
    size_t why_size;
};

struct serial_link *serial_of(struct hsx_rtl_link *link);

/* Accesses in order, as many in one request as the line takes. */
enum hsx_status serial_bus(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count);

/* One whole word; up to FRAME_WORDS of them. All of these go over the line. */
enum hsx_status serial_get(struct serial_link *s, uint32_t addr, uint32_t *value);
enum hsx_status serial_set(struct serial_link *s, uint32_t addr, uint32_t value);
enum hsx_status serial_read(struct serial_link *s, uint32_t addr, uint32_t *words, size_t count);

/* Reads several words in sequence from one address. */
enum hsx_status serial_read_one(struct serial_link *s, uint32_t addr, uint32_t *words,
                                size_t count);

/* The counters and STATUS, which comes first: KEPT_CONTROLS words. */
enum hsx_status serial_read_controls(struct serial_link *s, uint32_t *words);

/* Waits until the core is held; requests a hold when *interrupt is not 0 (interrupt may
 * be NULL). HSX_ERR_MACHINE: timeout. */
enum hsx_status serial_wait_held(struct serial_link *s, const volatile sig_atomic_t *interrupt);

/* Forgets all views. */
void serial_forget(struct serial_link *s);

/* The context of a slot, as far as an instruction needs it. */
enum hsx_status serial_view_context(struct serial_link *s, uint8_t slot, struct hsx_context *ctx);

/* The instruction at record->pc, as far as it can be fetched; HSX_REC_EXT is set where its second
 * word can be. */
void serial_fetch(const struct serial_link *s, uint16_t code_base, uint32_t code_len,
                  struct hsx_record *record);

/* The number of bytes of memory that an instruction accesses, or 0. */
unsigned serial_width(uint8_t opcode);

/* The run of struct hsx_rtl_link_ops, step by step or, on a board with a trace, from the trace. */
enum hsx_status serial_observe(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch);
enum hsx_status serial_record(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch);

/* Stops the board's recording. */
enum hsx_status serial_record_off(struct serial_link *s);

/* Puts the core into its reset state, and clears data memory with a program that runs on it:
 * over the line that would take seconds. */
enum hsx_status serial_reset(struct hsx_rtl_link *link);
enum hsx_status serial_clear(struct hsx_rtl_link *link);

#endif
