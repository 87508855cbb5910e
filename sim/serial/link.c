// SPDX-License-Identifier: Apache-2.0
#include "serial_link.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    HANG_SECONDS = 60, /* the longest run may take that on a simulated board */
    QUICK_POLLS = 8,   /* before the first pause */
    POLL_PAUSE = 2     /* milliseconds */
};

struct serial_link *serial_of(struct hsx_rtl_link *link)
{
    return (struct serial_link *)link;
}

static void link_destroy(struct hsx_rtl_link *link)
{
    serial_record_off(serial_of(link)); /* otherwise the core waits for a reader */
    bridge_close(&serial_of(link)->bridge);
    free(link);
}

enum hsx_status serial_wait_held(struct serial_link *s, const volatile sig_atomic_t *interrupt)
{
    const struct timespec pause = {.tv_nsec = POLL_PAUSE * 1000000};
    uint64_t end = port_clock() + HANG_SECONDS * 1000;
    bool requested = false;

    for (unsigned polls = 0; port_clock() < end; polls++) {
        uint32_t words[KEPT_CONTROLS] = {0};
        enum hsx_status status = serial_read_controls(s, words);

        if (status != HSX_OK || HSX_HOST_GET(STATUS_HELD, words[0])) {
            return status;
        }
        if (interrupt && *interrupt != 0 && !requested) {
            requested = true;
            status = serial_set(s, HSX_HOST_CTRL, 0);
            if (status != HSX_OK) {
                return status;
            }
        }
        if (polls >= QUICK_POLLS) {
            nanosleep(&pause, NULL);
        }
    }
    snprintf(s->why, s->why_size, "the core hangs: it was not held for %d s", HANG_SECONDS);
    return HSX_ERR_MACHINE;
}

static enum hsx_status link_run(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch)
{
    return serial_of(link)->has_trace ? serial_record(link, batch) : serial_observe(link, batch);
}

static enum hsx_status link_wait(struct hsx_rtl_link *link, const volatile sig_atomic_t *interrupt)
{
    struct serial_link *s = serial_of(link);
    enum hsx_status status = serial_record_off(s);

    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_CTRL, 1);
    }
    s->going = false;
    s->queue_known = false;
    serial_forget(s);
    return status == HSX_OK ? serial_wait_held(s, interrupt) : status;
}

/* Transfers words of a region, as many accesses at a time as the line takes. */
static enum hsx_status move_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                uint32_t *words, size_t count, bool write)
{
    struct hsx_bus_op ops[FRAME_WORDS];
    enum hsx_status status = HSX_OK;

    addr += ram == HSX_RAM_CODE ? HSX_HOST_CODE : HSX_HOST_DATA;
    while (count > 0 && status == HSX_OK) {
        size_t part = count < FRAME_WORDS ? count : FRAME_WORDS;

        for (size_t i = 0; i < part; i++) {
            ops[i] = (struct hsx_bus_op){.addr = addr + 4 * (uint32_t)i,
                                         .data = write ? words[i] : 0,
                                         .sel = 0xF,
                                         .write = write};
        }
        status = serial_bus(link, ops, part);
        for (size_t i = 0; !write && i < part; i++) {
            words[i] = ops[i].data;
        }
        addr += 4 * (uint32_t)part;
        words += part;
        count -= part;
    }
    return status;
}

static enum hsx_status link_read_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                     uint32_t *words, size_t count)
{
    return move_ram(link, ram, addr, words, count, false);
}

static enum hsx_status link_write_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                      const uint32_t *words, size_t count)
{
    return move_ram(link, ram, addr, (uint32_t *)(uintptr_t)words, count, true);
}

static enum hsx_status link_wave(struct hsx_rtl_link *link, const struct hsx_rtl_wave *wave)
{
    struct serial_link *s = serial_of(link);

    (void)wave;
    snprintf(s->why, s->why_size, "a board has no wave output");
    return HSX_ERR_STATE;
}

static uint64_t link_cycles(const struct hsx_rtl_link *link)
{
    return ((const struct serial_link *)link)->cycles;
}

static const char *link_message(const struct hsx_rtl_link *link)
{
    return ((const struct serial_link *)link)->why;
}

static const struct hsx_rtl_link_ops serial_ops = {
    .simulator = "serial",
    .destroy = link_destroy,
    .reset = serial_reset,
    .bus = serial_bus,
    .run = link_run,
    .read_ram = link_read_ram,
    .write_ram = link_write_ram,
    .read_windows = NULL,
    .access_directly = NULL,
    .mark = NULL,
    .go_back = NULL,
    .wave = link_wave,
    .cycles = link_cycles,
    .message = link_message,
    .wait = link_wait,
    .clear = serial_clear,
};

/* Checks that the system around the core, if it describes itself, suits the executive. */
static enum hsx_status check_system(struct serial_link *s)
{
    enum { ID, CLOCK, CODE, DATA, COUNT };
    uint32_t words[COUNT] = {0};
    enum hsx_status status = serial_read(s, HSX_SOC_ID, words, COUNT);

    if (status != HSX_OK || words[ID] >> HSX_SOC_ID_VERSION_SHIFT != HSX_SOC_VERSION) {
        return status;
    }
    if (words[CODE] < HSX_CODE_SIZE || words[DATA] < HSX_DATA_SIZE) {
        snprintf(s->why, s->why_size,
                 "the board has %u bytes of code memory and %u of data, expected %u of each",
                 (unsigned)words[CODE], (unsigned)words[DATA], (unsigned)HSX_DATA_SIZE);
        return HSX_ERR_STATE;
    }
    /* Ticks come from the core, as on every target. */
    status = serial_set(s, HSX_SOC_TIMER, 0);
    s->has_trace = (words[ID] >> HSX_SOC_ID_HAS_TRACE_SHIFT & HSX_SOC_ID_HAS_TRACE_MASK) != 0;
    s->trace.on = s->has_trace; /* the board may still be recording */
    return status == HSX_OK ? serial_record_off(s) : status;
}

enum hsx_status hsx_serial_open(const struct hsx_serial_options *options,
                                struct hsx_rtl_link **link, char *why, size_t size)
{
    struct serial_link *s = calloc(1, sizeof *s);
    const char *error;

    if (!s) {
        snprintf(why, size, "%s", hsx_status_name(HSX_ERR_MEMORY));
        return HSX_ERR_MEMORY;
    }
    why[0] = '\0';
    s->why = why;
    s->why_size = size;
    s->link.ops = &serial_ops;
    s->options = *options;
    s->bridge.port.path = s->options.device;
    s->bridge.port.baud = options->baud;
    s->bridge.timeout = options->timeout;
    s->bridge.patience = options->patience;
    error = port_open(&s->bridge.port);
    if (!error && bridge_open(&s->bridge) != HSX_OK) {
        error = s->bridge.message;
    }
    if (!error && check_system(s) != HSX_OK) {
        error = why;
    }
    if (error) {
        if (error != why) {
            snprintf(why, size, "%s", error);
        }
        bridge_close(&s->bridge);
        free(s);
        return HSX_ERR_IO;
    }
    *link = &s->link;
    return HSX_OK;
}
