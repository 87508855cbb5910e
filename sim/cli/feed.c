// SPDX-License-Identifier: Apache-2.0
#include "feed.h"
#include "signals.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { SLICE = 100000 }; /* steps between polls of a terminal */

void hsx_feed_init(struct hsx_feed *feed, uint32_t pid, FILE *out)
{
    *feed = (struct hsx_feed){.pid = pid, .terminal = isatty(STDIN_FILENO) != 0, .out = out};
}

static bool is_ready(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}

/* Read more input; false: there is none. */
static bool read_more(struct hsx_feed *feed, bool wait)
{
    ssize_t count;

    if (feed->ended || (!wait && !is_ready())) {
        return false;
    }
    if (wait) {
        fflush(feed->out);
        if (!hsx_signals_wait_input(STDIN_FILENO)) {
            return false;
        }
    }
    memmove(feed->bytes, feed->bytes + feed->first, feed->used);
    feed->first = 0;
    count = read(STDIN_FILENO, feed->bytes + feed->used, sizeof feed->bytes - feed->used);
    feed->ended = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
    feed->used += count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* The length of the next message, at most `most`; 0: there is none yet. */
static size_t next_message(struct hsx_feed *feed, size_t most, bool wait)
{
    for (;;) {
        const char *first = feed->bytes + feed->first;
        const char *end = memchr(first, '\n', feed->used);
        size_t length = end ? (size_t)(end - first) + 1 : feed->used;

        if (end || length >= most || length == sizeof feed->bytes) {
            return length < most ? length : most;
        }
        if (!read_more(feed, wait)) {
            return feed->ended ? length : 0;
        }
    }
}

static void hand_on(struct hsx_feed *feed, size_t length)
{
    feed->first += length;
    feed->used -= length;
}

size_t hsx_feed_take(struct hsx_feed *feed, uint32_t pid, uint8_t *bytes, size_t size)
{
    size_t length = pid == feed->pid ? next_message(feed, size, !feed->terminal) : 0;

    memcpy(bytes, feed->bytes + feed->first, length);
    hand_on(feed, length);
    return length;
}

/* Sends a typed line to the task's mailbox if that has room; false: nothing was sent. */
static bool post_line(struct hsx_feed *feed, struct hsx_exec *exec, bool wait)
{
    struct hsx_mbox_message message = {0};
    enum hsx_mbox_status result = HSX_MBOX_MSG_TOO_LARGE;
    size_t length = next_message(feed, HSX_FEED_MESSAGE, wait);
    char name[32];

    snprintf(name, sizeof name, "svc:stdio.in@%u", (unsigned)feed->pid);
    for (; length != 0 && result == HSX_MBOX_MSG_TOO_LARGE; length /= 2) {
        message.length = (uint16_t)length;
        if (hsx_exec_host_post(exec, name, &message, feed->bytes + feed->first, &result) !=
            HSX_OK) {
            return false;
        }
        if (result == HSX_MBOX_OK) {
            hand_on(feed, length);
        }
    }
    return result == HSX_MBOX_OK;
}

enum hsx_status hsx_feed_run(struct hsx_feed *feed, struct hsx_exec *exec, struct hsx_exec_run *run)
{
    uint64_t limit = run->max_steps;
    enum hsx_status status = HSX_OK;
    uint64_t steps = 0;
    bool goes_on = true;

    if (feed->pid == 0 || !feed->terminal) {
        return hsx_exec_run(exec, run);
    }
    while (goes_on && status == HSX_OK) {
        run->max_steps = limit - steps < SLICE ? limit - steps : SLICE;
        status = hsx_exec_run(exec, run);
        steps += run->steps;
        goes_on = run->reason == HSX_RUN_STEPS && steps < limit;
        if (status == HSX_OK && goes_on) {
            post_line(feed, exec, false);
        } else if (status == HSX_OK && run->reason == HSX_RUN_STALLED) {
            goes_on = post_line(feed, exec, true);
        }
    }
    run->steps = steps;
    run->max_steps = limit;
    return status;
}
