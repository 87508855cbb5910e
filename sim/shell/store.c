// SPDX-License-Identifier: Apache-2.0
/* Files of the shell: traces and snapshots. Each appears completely or not at all. */
#include "files.h"
#include "shell.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- trace */

void trace_attach(struct hsx_shell *s, bool on)
{
    struct hsx_exec_sink sink;

    if (!s->trace || !on) {
        hsx_exec_set_sink(s->exec, NULL);
        return;
    }
    sink = hsx_trace_sink(s->trace);
    hsx_exec_set_sink(s->exec, &sink);
}

void trace_drop(struct hsx_shell *s)
{
    hsx_exec_set_sink(s->exec, NULL);
    hsx_trace_destroy(s->trace);
    s->trace = NULL;
    hsx_output_discard(&s->trace_file);
    free(s->trace_path);
    s->trace_path = NULL;
}

bool trace_close(struct hsx_shell *s)
{
    uint32_t addr = 0;
    enum hsx_status status = hsx_trace_end(s->trace);
    bool ok = false;

    if (status == HSX_OK) {
        status = hsx_trace_check(s->trace, &addr);
    }

    if (status == HSX_ERR_DIVERGED) {
        shell_fail(s, "%s: records and data memory disagree at 0x%04X", s->trace_path,
                   (unsigned)addr);
    } else if (status != HSX_OK) {
        shell_fail_status(s, s->trace_path, status);
    } else if (hsx_output_commit(&s->trace_file) != HSX_OK) {
        shell_fail_status(s, s->trace_path, HSX_ERR_IO);
    } else {
        ok = true;
    }
    trace_drop(s);
    return ok;
}

/* The header lists the present tasks. */
static enum hsx_status trace_begin(struct hsx_shell *s)
{
    struct hsx_trace_header header;
    enum hsx_status status = hsx_trace_create(s->config.target, s->trace_file.file,
                                              hsx_trace_format_of(s->trace_path), NULL, &s->trace);

    if (status == HSX_OK) {
        status = hsx_trace_header_take(s->exec, &header);
        snprintf(header.target, sizeof header.target, "%s", s->config.target->ops->name);
    }
    if (status == HSX_OK) {
        status = hsx_trace_begin(s->trace, &header);
        hsx_trace_header_clear(&header);
    }
    return status;
}

static bool trace_open(struct hsx_shell *s, const char *path)
{
    enum hsx_status status;

    if (s->trace) {
        return shell_fail(s, "a trace to %s is on already", s->trace_path);
    }
    s->trace_path = strdup(path);
    if (!s->trace_path) {
        return shell_fail(s, "out of memory");
    }
    if (hsx_output_open(&s->trace_file, s->trace_path) != HSX_OK) {
        shell_fail_status(s, path, HSX_ERR_IO);
        trace_drop(s);
        return false;
    }
    status = trace_begin(s);
    if (status != HSX_OK) {
        trace_drop(s);
        return shell_fail(s, "%s", hsx_status_name(status));
    }
    trace_attach(s, true);
    return true;
}

bool run_trace(struct hsx_shell *s, struct args *a)
{
    const char *path = "";

    if (arg_is(a, "on")) {
        if (!arg_text(s, a, "FILE", &path) || !arg_end(s, a) || !trace_open(s, path)) {
            return false;
        }
        answer_text(s, "file", path);
        answer_set(s, "on", json_true());
        return true;
    }
    if (!arg_is(a, "off")) {
        return shell_fail(s, "expected on or off");
    }
    if (!arg_end(s, a)) {
        return false;
    }
    if (!s->trace) {
        return shell_fail(s, "no trace is on");
    }
    answer_text(s, "file", s->trace_path);
    answer_set(s, "on", json_false());
    return trace_close(s);
}

void show_trace(FILE *out, const json_t *answer)
{
    fprintf(out, "trace to %s: %s\n", get_text(answer, "file"),
            json_is_true(json_object_get(answer, "on")) ? "on" : "written");
}

/* ---- save and restore */

bool run_save(struct hsx_shell *s, struct args *a)
{
    const char *path = "";
    uint8_t *bytes;
    size_t size;
    bool ok;

    if (!arg_text(s, a, "FILE", &path) || !arg_end(s, a)) {
        return false;
    }
    if (hsx_exec_save(s->exec, &bytes, &size) != HSX_OK) {
        return shell_fail(s, "the machine cannot be saved");
    }
    ok = hsx_write_file(path, bytes, size) == HSX_OK || shell_fail_status(s, path, HSX_ERR_IO);
    free(bytes);
    answer_text(s, "file", path);
    answer_number(s, "bytes", size);
    return ok;
}

void show_save(FILE *out, const json_t *answer)
{
    fprintf(out, "saved to %s\n", get_text(answer, "file"));
}

bool run_restore(struct hsx_shell *s, struct args *a)
{
    struct hsx_exec_error error;
    struct hsx_exec_stats stats;
    const char *path = "";
    char *bytes;
    size_t size;
    bool ok;

    if (!arg_text(s, a, "FILE", &path) || !arg_end(s, a)) {
        return false;
    }
    if (s->trace) {
        return shell_fail(s, "a trace to %s is on, end it first", s->trace_path);
    }
    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        return shell_fail_status(s, path, HSX_ERR_IO);
    }
    ok = hsx_exec_restore(s->exec, (const uint8_t *)bytes, size, &error) == HSX_OK ||
         shell_fail(s, "%s: %s", path, error.text);
    free(bytes);
    if (ok) {
        hsx_exec_get_config(s->exec, &s->config.exec);
        forget_origins(s, true);
        hsx_exec_stats(s->exec, &stats);
        answer_text(s, "file", path);
        answer_number(s, "tasks", stats.tasks);
        answer_number(s, "steps", stats.steps);
        answer_number(s, "ticks", stats.now);
    }
    return ok;
}

void show_restore(FILE *out, const json_t *answer)
{
    fprintf(out, "restored from %s: %u tasks, %llu steps, %llu ms\n", get_text(answer, "file"),
            (unsigned)get_number(answer, "tasks"), (unsigned long long)get_number(answer, "steps"),
            (unsigned long long)get_number(answer, "ticks"));
}
