// SPDX-License-Identifier: Apache-2.0
#include "progress.h"
#include "seconds.h"
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const double quiet_seconds = 1.0;
static const double every_seconds = 0.25;

void progress_begin(struct progress *p, const char *unit, uint64_t total)
{
    *p = (struct progress){
        .on = isatty(STDERR_FILENO) != 0, .unit = unit, .total = total, .start = seconds_now()};
    p->last = p->start;
}

static void show(struct progress *p, uint64_t done, double now)
{
    double rate = (double)done / (now - p->start);

    fprintf(stderr, "\r\033[K%" PRIu64 " %s, %.0f a second", done, p->unit, rate);
    if (p->total != UINT64_MAX && rate > 0) {
        uint64_t left = (uint64_t)((double)(p->total - done) / rate);

        fprintf(stderr, ", %" PRIu64 ":%02" PRIu64 " left", left / 60, left % 60);
    }
    fputc('\r', stderr);
    fflush(stderr);
    p->shown = true;
    p->last = now;
}

void progress_show(void *progress, uint64_t done)
{
    struct progress *p = progress;
    double now;

    if (!p->on || p->blocked) {
        return;
    }
    now = seconds_now();
    if (now - p->start >= quiet_seconds && now - p->last >= every_seconds) {
        show(p, done, now);
    }
}

void progress_clear(struct progress *p)
{
    if (p->shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        p->shown = false;
    }
}
