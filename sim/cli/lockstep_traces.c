// SPDX-License-Identifier: Apache-2.0
#include "lockstep_traces.h"
#include <hsx/cosim.h>
#include <string.h>

static void take_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    const struct lockstep_traces *t = ctx;
    struct hsx_exec_sink sink;

    if (t->core.trace) {
        sink = hsx_trace_sink(t->core.trace);
        sink.write(sink.ctx, addr, bytes, len);
    }
    if (t->vm.trace) {
        sink = hsx_trace_sink(t->vm.trace);
        sink.write(sink.ctx, addr, bytes, len);
    }
}

/* An event that agreed is the same on both sides, except the cycle, which the VM does not have. */
static void take_event(void *ctx, const struct hsx_exec_event *event)
{
    struct lockstep_traces *t = ctx;
    struct hsx_exec_event of_vm = *event;
    struct hsx_exec_sink sink;

    t->steps = event->steps;
    if (event->pid != 0) {
        t->pids[event->slot] = event->pid;
        t->windows[event->slot] = event->reg_base;
    }
    if (t->core.trace) {
        sink = hsx_trace_sink(t->core.trace);
        sink.event(sink.ctx, event);
    }
    if (t->vm.trace) {
        of_vm.cycle = event->steps;
        sink = hsx_trace_sink(t->vm.trace);
        sink.event(sink.ctx, &of_vm);
    }
}

enum hsx_status lockstep_traces_open(struct lockstep_traces *t, const struct trace_options *options,
                                     struct hsx_target *cosim, bool *wanted)
{
    enum hsx_status status;

    *t = (struct lockstep_traces){0};
    t->sink = (struct hsx_exec_sink){.ctx = t, .write = take_write, .event = take_event};
    status = trace_file_open(&t->core, options, options->path, cosim);
    if (status == HSX_OK) {
        status = trace_file_open(&t->vm, options, options->vm_path, cosim);
    }
    *wanted = t->core.trace || t->vm.trace;
    return status;
}

enum hsx_status lockstep_traces_begin(struct lockstep_traces *t, struct hsx_exec *exec,
                                      const struct trace_images *images)
{
    enum hsx_status status = trace_file_begin(&t->core, exec, "rtl", images);

    return status == HSX_OK ? trace_file_begin(&t->vm, exec, "vm", images) : status;
}

enum hsx_status lockstep_traces_begin_with(struct lockstep_traces *t,
                                           const struct hsx_exec_config *config)
{
    struct hsx_trace_header header = {.has_options = true, .options = *config};
    enum hsx_status status = HSX_OK;

    header.options.host = (struct hsx_exec_host){0};
    if (t->core.trace) {
        strcpy(header.target, "rtl");
        status = hsx_trace_begin(t->core.trace, &header);
    }
    if (status == HSX_OK && t->vm.trace) {
        strcpy(header.target, "vm");
        status = hsx_trace_begin(t->vm.trace, &header);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "trace: %s\n", hsx_status_name(status));
    }
    return status;
}

static void append(const struct lockstep_traces *t, const struct trace_file *file,
                   const struct hsx_record *record, uint64_t cycle)
{
    static const struct hsx_record none;

    if (file->trace && record->slot < HSX_MAX_CONTEXTS && memcmp(record, &none, sizeof none) != 0) {
        hsx_trace_append(file->trace, record, t->pids[record->slot], t->windows[record->slot],
                         cycle);
    }
}

enum hsx_status lockstep_traces_close(struct lockstep_traces *t, struct hsx_target *cosim)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(cosim);
    bool agreed = d->kind == HSX_DIVERGED_NOT;
    enum hsx_status status;

    append(t, &t->core, &d->device_record, d->cycle);
    append(t, &t->vm, &d->golden_record,
           t->steps + (d->golden_record.event == HSX_EV_RETIRE ||
                       d->golden_record.event == HSX_EV_SVC ||
                       d->golden_record.event == HSX_EV_BRK));
    status = trace_file_close(&t->core, agreed);
    return trace_file_close(&t->vm, agreed) == HSX_OK ? status : HSX_ERR_IO;
}

void lockstep_traces_discard(struct lockstep_traces *t)
{
    trace_file_discard(&t->core);
    trace_file_discard(&t->vm);
}
