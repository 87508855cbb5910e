// SPDX-License-Identifier: Apache-2.0
#include "console.h"
#include <string.h>

void hsx_console_init(struct hsx_console *console, const struct hsx_run_options *options, FILE *out,
                      bool prefix)
{
    *console = (struct hsx_console){
        .said = {.out = out, .safe = hsx_options_safe_console(options, out)}, .prefix = prefix};
    hsx_feed_init(&console->feed, options->stdin_pid, out);
}

void hsx_console_end(struct hsx_console *console)
{
    hsx_write_said_end(&console->said);
}

static void write_prefixed(struct hsx_console *c, uint32_t pid, const char *bytes, size_t len)
{
    if (c->inside_line && c->last_pid != pid) {
        fputc('\n', c->said.out);
        c->inside_line = false;
    }
    while (len != 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t part = end ? (size_t)(end - bytes) + 1 : len;

        if (!c->inside_line) {
            fprintf(c->said.out, "[%u] ", (unsigned)pid);
        }
        hsx_write_said(&c->said, bytes, part);
        c->inside_line = end == NULL;
        bytes += part;
        len -= part;
    }
}

static void write_console(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    struct hsx_console *c = ctx;

    if (c->progress && len != 0) {
        progress_clear(c->progress);
        c->progress->blocked = bytes[len - 1] != '\n';
    }
    if (c->last_pid != pid) {
        hsx_write_said_end(&c->said);
    }
    if (c->prefix) {
        write_prefixed(c, pid, (const char *)bytes, len);
    } else {
        hsx_write_said(&c->said, (const char *)bytes, len);
    }
    c->last_pid = pid;
}

static size_t read_console(void *ctx, uint32_t pid, uint8_t *bytes, size_t size)
{
    struct hsx_console *c = ctx;

    return hsx_feed_take(&c->feed, pid, bytes, size);
}

struct hsx_exec_host hsx_console_host(struct hsx_console *console)
{
    return (struct hsx_exec_host){.ctx = console,
                                  .console = write_console,
                                  .input = console->feed.pid != 0 ? read_console : NULL};
}
