// SPDX-License-Identifier: Apache-2.0
/* The socket to the harness: requests come in, replies go out (protocol.h). */
#include "bridge.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct bridge bridge;

void bridge_finish(void)
{
    vpi_control(vpiFinish, 0);
}

bool bridge_transfer(void *bytes, size_t size, bool out)
{
    char *at = bytes;

    while (size > 0) {
        ssize_t moved = out ? write(ICARUS_FD, at, size) : read(ICARUS_FD, at, size);

        if (moved < 0 && errno == EINTR) {
            continue;
        }
        if (moved <= 0) {
            return false;
        }
        at += moved;
        size -= (size_t)moved;
    }
    return true;
}

time_t bridge_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

void bridge_say_alive(void)
{
    static const struct icarus_reply alive = {.status = ICARUS_ALIVE};

    bridge.answered = bridge_seconds();
    if (!bridge_transfer((void *)(uintptr_t)&alive, sizeof alive, true)) {
        bridge_finish();
    }
}

void bridge_answer(enum hsx_status status, const void *payload, size_t size)
{
    struct icarus_reply *r = &bridge.reply;

    r->status = status;
    r->cycles = bridge.cycles;
    bridge.mode = WAITING;
    if (!bridge_transfer(r, sizeof *r, true) ||
        !bridge_transfer((void *)(uintptr_t)payload, size, true)) {
        bridge_finish();
    }
}

void bridge_answer_run(enum hsx_status status)
{
    bridge_answer(status, bridge.records, bridge.reply.count * sizeof bridge.records[0]);
    if (!bridge_transfer(bridge.record_cycles, bridge.reply.count * sizeof bridge.record_cycles[0],
                         true)) {
        bridge_finish();
    }
}

void bridge_fail(const char *text)
{
    snprintf(bridge.reply.message, sizeof bridge.reply.message, "%s in cycle %llu", text,
             (unsigned long long)bridge.cycles);
    if (bridge.mode == RUNNING) {
        bridge_answer_run(HSX_ERR_MACHINE);
    } else {
        bridge_answer(HSX_ERR_MACHINE, NULL, 0);
    }
}

void bridge_fail_unknown(const char *signal)
{
    char text[64];

    snprintf(text, sizeof text, "X or Z on %s", signal);
    bridge_fail(text);
}
