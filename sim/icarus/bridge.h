// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the VPI module: the current request, and replies to it. */
#ifndef HSX_ICARUS_BRIDGE_H
#define HSX_ICARUS_BRIDGE_H

#include "protocol.h"
#include "signals_vpi.h"
#include <sys/types.h>
#include <time.h>

enum mode { WAITING, RESETTING, BUS, RUNNING, ENDING, ENDED };

struct bridge {
    struct retirement_port port;
    vpiHandle rst, cyc, stb, we, adr, sel, dat_i, dat_o, ack, held, ret_valid;
    vpiHandle ram[2];
    vpiHandle counted, wave_start, wave_skip, wave_stop, wave_path;
    enum mode mode;
    struct icarus_request request;
    struct icarus_reply reply;
    struct hsx_bus_op ops[ICARUS_OPS];
    uint32_t done; /* operations, or clocks of the reset */
    uint32_t waited_for_ack;
    bool acknowledged;
    uint32_t windows_end; /* not 0: accesses without the clock are enabled */
    uint32_t quiet;       /* clocks since the core or its bus did something, up to QUIET_CLOCKS */
    bool quieting;        /* the bus rests until the core is quiet */
    struct hsx_record records[ICARUS_RECORDS];
    uint64_t record_cycles[ICARUS_RECORDS];
    uint32_t words[ICARUS_WORDS];
    struct hsx_reorder reorder; /* records that came outside of RUN, in excess or out of order */
    uint64_t cycles;
    uint64_t waited; /* cycles without a record */
    time_t answered; /* when the harness last got a reply */
    pid_t parent;
    enum { NO_WAVE, WAVE_ASKED, WAVE_ON } wave;
    uint64_t wave_from, wave_to;
};

/* A simulation is a process, so there is one of them. */
extern struct bridge bridge;

/* ---- bridge.c */

/* Ends the simulation, without a reply. */
void bridge_finish(void);
/* Transfers all size bytes to or from the harness. False: it is gone. */
bool bridge_transfer(void *bytes, size_t size, bool out);
/* Seconds of a monotonic clock. */
time_t bridge_seconds(void);
/* The harness could not distinguish a long request from a simulation that loops without a delay. */
void bridge_say_alive(void);
/* Each of these ends the request. */
void bridge_answer(enum hsx_status status, const void *payload, size_t size);
void bridge_answer_run(enum hsx_status status);
void bridge_fail(const char *text);
void bridge_fail_unknown(const char *signal);

/* ---- bridge_bus.c */

void bus_start(void);
/* Does the operations from the current one on that need no clock, up to one that does; for a core
 * that is quiet. */
void bus_access_directly(void);
bool bus_is_quiet(void);
/* Before accesses without the clock a held core must be quiet. */
bool bus_must_wait(void);
/* In each clock cycle of a bus request: before the edge, at its end, and after the edge. */
void bus_drive(void);
void bus_sample(void);
void bus_clocked(void);
/* False: there are no such words. */
bool rams_access(void);

#endif
