// SPDX-License-Identifier: Apache-2.0
/* Tasks: load, reload, ps, info, pause, resume, kill. */
#include "files.h"
#include "shell.h"
#include "symbol_files.h"
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Files of tasks */

void forget_origins(struct hsx_shell *s, bool all)
{
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        struct origin *o = &s->origins[i];
        struct hsx_task_info task;

        if (o->pid != 0 && (all || hsx_exec_task(s->exec, o->pid, &task) != HSX_OK)) {
            free(o->path);
            hsx_symbols_destroy(o->symbols);
            *o = (struct origin){0};
        }
    }
}

const struct origin *find_origin(const struct hsx_shell *s, uint32_t pid)
{
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        if (s->origins[i].pid == pid) {
            return &s->origins[i];
        }
    }
    return NULL;
}

static struct origin *own_origin(struct hsx_shell *s, uint32_t pid)
{
    const struct origin *found = find_origin(s, pid);

    return found ? &s->origins[found - s->origins] : NULL;
}

/* Takes ownership of its path. There is an entry for each task. */
static void note_origin(struct hsx_shell *s, const struct origin *from)
{
    forget_origins(s, false);
    *own_origin(s, 0) = *from;
}

/* ---- Loading */

static bool load_bytes(struct hsx_shell *s, struct hsx_exec *exec, const struct origin *from,
                       const char *bytes, size_t size, uint32_t *pid)
{
    char name[HSX_TASK_NAME_SIZE + 1];
    const struct hsx_exec_load load = {
        .name = name, .stack_bytes = from->stack_bytes, .slice = from->slice};
    struct hsx_exec_error error;

    hsx_file_task_name(from->path, name, sizeof name);
    return hsx_exec_load(exec, (const uint8_t *)bytes, size, &load, pid, &error) == HSX_OK ||
           shell_fail(s, "%s: %s", from->path, error.text);
}

static bool read_image(struct hsx_shell *s, const char *path, char **bytes, size_t *size)
{
    if (strcmp(path, "-") == 0) {
        return shell_fail(s, "-: an image cannot come from standard input here");
    }
    return hsx_read_file(path, bytes, size) == HSX_OK || shell_fail_status(s, path, HSX_ERR_IO);
}

bool load_image(struct hsx_shell *s, const char *path, uint32_t stack_bytes, uint8_t slice,
                uint32_t *pid)
{
    struct origin from = {.path = strdup(path), .stack_bytes = stack_bytes, .slice = slice};
    char *bytes = NULL;
    size_t size = 0;
    bool ok;

    if (!from.path) {
        return shell_fail(s, "out of memory");
    }
    ok = read_image(s, path, &bytes, &size) && load_bytes(s, s->exec, &from, bytes, size, pid);
    if (ok) {
        from.pid = *pid;
        from.symbols = hsx_file_symbols_of(path, bytes, size, s->config.err);
        note_origin(s, &from);
    } else {
        free(from.path);
    }
    free(bytes);
    return ok;
}

static void answer_task(struct hsx_shell *s, uint32_t pid)
{
    struct hsx_task_info task;

    if (hsx_exec_task(s->exec, pid, &task) == HSX_OK) {
        answer_set(s, "task", json_task(&task));
    }
}

bool run_load(struct hsx_shell *s, struct args *a)
{
    uint64_t stack_bytes = 0;
    uint64_t slice = 1;
    const char *path = "";
    uint32_t pid = 0;

    if (!arg_text(s, a, "FILE", &path)) {
        return false;
    }
    while (arg_left(a)) {
        if (arg_is(a, "stack")) {
            if (!arg_number(s, a, "BYTES", 8, HSX_DATA_SIZE - HSX_DATA_LINK, &stack_bytes)) {
                return false;
            }
        } else if (arg_is(a, "slice")) {
            if (!arg_number(s, a, "N", 1, UINT8_MAX, &slice)) {
                return false;
            }
        } else {
            return arg_end(s, a);
        }
    }
    if (!load_image(s, path, (uint32_t)stack_bytes, (uint8_t)slice, &pid)) {
        return false;
    }
    answer_task(s, pid);
    return true;
}

void show_load(FILE *out, const json_t *answer)
{
    const json_t *task = json_object_get(answer, "task");

    fprintf(out, "task %u: %s, %s\n", (unsigned)get_number(task, "pid"), get_text(task, "name"),
            get_text(task, "state"));
}

/* A reload to rehearse: of which task, from which file, with which contents. */
struct reload {
    uint32_t pid;
    const struct origin *from;
    const char *bytes;
    size_t size;
};

static bool reload_on(struct hsx_shell *s, struct hsx_exec *exec, const struct reload *r,
                      uint32_t *pid)
{
    hsx_exec_kill(exec, r->pid);
    return load_bytes(s, exec, r->from, r->bytes, r->size, pid);
}

static bool rehearse_on(struct hsx_shell *s, struct hsx_target *target, const struct reload *r,
                        const uint8_t *snapshot, size_t size)
{
    struct hsx_exec_config config = s->config.exec;
    struct hsx_exec_error error;
    struct hsx_exec *exec;
    uint32_t pid;
    bool ok;

    config.host = (struct hsx_exec_host){0};
    if (hsx_exec_create(target, &config, &exec) != HSX_OK) {
        return shell_fail(s, "out of memory");
    }
    ok = hsx_exec_restore(exec, snapshot, size, &error) == HSX_OK
             ? reload_on(s, exec, r, &pid)
             : shell_fail(s, "the machine cannot be copied: %s", error.text);
    hsx_exec_destroy(exec);
    return ok;
}

/* Kill and load are two steps, and the second can be refused. So both are tried on a copy
 * of the machine first. */
static bool rehearse(struct hsx_shell *s, const struct reload *r)
{
    struct hsx_target *target;
    uint8_t *snapshot;
    size_t size;
    bool ok;

    if (hsx_exec_save(s->exec, &snapshot, &size) != HSX_OK) {
        return shell_fail(s, "the machine cannot be copied");
    }
    ok = hsx_target_vm_create_like(s->config.target, &target) == HSX_OK;
    if (ok) {
        ok = rehearse_on(s, target, r, snapshot, size);
        target->ops->destroy(target);
    } else {
        shell_fail(s, "out of memory");
    }
    free(snapshot);
    return ok;
}

bool run_reload(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;
    struct reload r;
    struct origin *origin;
    struct origin from;
    char *bytes = NULL;
    uint32_t pid = 0;
    bool ok;

    if (!arg_task(s, a, &task) || !arg_end(s, a)) {
        return false;
    }
    origin = own_origin(s, task.pid);
    if (!origin || !origin->path) {
        return shell_fail(s, "task %u was not loaded here, use load", (unsigned)task.pid);
    }
    from = *origin;
    r = (struct reload){.pid = task.pid, .from = &from};
    if (!read_image(s, from.path, &bytes, &r.size)) {
        return false;
    }
    r.bytes = bytes;
    ok = rehearse(s, &r) && reload_on(s, s->exec, &r, &pid);
    if (ok) {
        origin->pid = pid;
        hsx_symbols_destroy(origin->symbols);
        origin->symbols = hsx_file_symbols_of(origin->path, bytes, r.size, s->config.err);
        answer_task(s, pid);
    }
    free(bytes);
    return ok;
}

void show_reload(FILE *out, const json_t *answer)
{
    show_load(out, answer);
}

/* ---- Showing tasks */

bool run_ps(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    size_t count;

    if (!arg_end(s, a)) {
        return false;
    }
    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    answer_set(s, "tasks", json_array());
    for (size_t i = 0; i < count; i++) {
        answer_add(s, "tasks", json_task(&tasks[i]));
    }
    return true;
}

/* Details of a task's state. */
static void print_note(FILE *out, const json_t *task)
{
    const char *state = get_text(task, "state");

    if (json_is_integer(json_object_get(task, "exit_status"))) {
        fprintf(out, "  exit %" PRIu64, get_number(task, "exit_status"));
    } else if (json_is_string(json_object_get(task, "fault"))) {
        fprintf(out, "  %s", get_text(task, "fault"));
    } else if (strcmp(state, "WAIT_MBX") == 0) {
        fprintf(out, "  for mailbox %" PRIu64, get_number(task, "waits_on"));
    }
    if (json_is_integer(json_object_get(task, "deadline"))) {
        fprintf(out, "  until %" PRIu64 " ms", get_number(task, "deadline"));
    }
    if (json_is_true(json_object_get(task, "pause_pending"))) {
        fprintf(out, "  then PAUSED");
    }
}

void show_ps(FILE *out, const json_t *answer)
{
    const json_t *task;
    size_t i;

    fprintf(out, "  pid  %-16s  %-8s  %-6s  %-6s  %5s  %10s\n", "name", "state", "pc", "sp",
            "slice", "steps");
    json_array_foreach(json_object_get(answer, "tasks"), i, task)
    {
        fprintf(out, "%5u  %-16s  %-8s  0x%04X  0x%04X  %5u  %10" PRIu64,
                (unsigned)get_number(task, "pid"), get_text(task, "name"), get_text(task, "state"),
                (unsigned)get_number(task, "pc"), (unsigned)get_number(task, "sp"),
                (unsigned)get_number(task, "slice"), get_number(task, "steps"));
        print_note(out, task);
        fputc('\n', out);
    }
}

static void info_of_machine(struct hsx_shell *s)
{
    const struct hsx_exec_config *config = &s->config.exec;
    struct hsx_exec_stats stats;

    hsx_exec_stats(s->exec, &stats);
    answer_number(s, "places", s->config.target->contexts);
    answer_number(s, "tasks", stats.tasks);
    answer_number(s, "live", stats.live);
    answer_number(s, "steps", stats.steps);
    answer_number(s, "events", stats.order);
    answer_number(s, "ticks", stats.now);
    answer_number(s, "tick_steps", config->tick_steps);
    answer_number(s, "stack_bytes", config->stack_bytes);
    answer_set(s, "protect", json_boolean(config->protect));
    answer_text(s, "profile", config->profile == HSX_PROFILE_DESKTOP ? "desktop" : "embedded");
}

static void info_of_task(struct hsx_shell *s, const struct hsx_task_info *task)
{
    json_t *object = json_task(task);
    const struct origin *origin = find_origin(s, task->pid);

    json_object_set_new(object, "file",
                        origin && origin->path ? json_text(origin->path) : json_null());
    json_object_set_new(object, "slot", json_number(task->slot));
    json_object_set_new(object, "reg_base", json_number(task->ctx.reg_base));
    json_object_set_new(object, "code_base", json_number(task->ctx.code_base));
    json_object_set_new(object, "code_len", json_number(task->ctx.code_len));
    json_object_set_new(object, "data_base", json_number(task->ctx.data_base));
    json_object_set_new(object, "data_len", json_number(task->ctx.data_len));
    json_object_set_new(object, "stack_base", json_number(task->ctx.stack_limit));
    json_object_set_new(object, "stack_top", json_number(task->ctx.stack_top));
    json_object_set_new(object, "stack_used_max", json_number(task->stack_used_max));
    json_object_set_new(object, "call_depth", json_number(task->ctx.call_depth));
    json_object_set_new(object, "protect", json_boolean((task->ctx.flags & HSX_CTX_PROTECT) != 0));
    json_object_set_new(object, "call_words",
                        json_boolean((task->ctx.flags & HSX_CTX_CALL_WORDS) != 0));
    name_code(s, object, task->pid, task->ctx.pc);
    answer_set(s, "task", object);
}

bool run_info(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;

    if (!arg_left(a)) {
        info_of_machine(s);
        return true;
    }
    if (!arg_task(s, a, &task) || !arg_end(s, a)) {
        return false;
    }
    info_of_task(s, &task);
    return true;
}

static void show_info_of_task(FILE *out, const json_t *task)
{
    fprintf(out, "task %u: %s, %s", (unsigned)get_number(task, "pid"), get_text(task, "name"),
            get_text(task, "state"));
    print_note(out, task);
    fprintf(out, "\nfile    %s\n",
            json_is_string(json_object_get(task, "file")) ? get_text(task, "file") : "unknown");
    fprintf(out, "place   %u, registers from 0x%04X\n", (unsigned)get_number(task, "slot"),
            (unsigned)get_number(task, "reg_base"));
    fprintf(out, "code    0x%04X, %u bytes, CALL counts %s\n",
            (unsigned)get_number(task, "code_base"), (unsigned)get_number(task, "code_len"),
            json_is_true(json_object_get(task, "call_words")) ? "words" : "bytes");
    fprintf(out, "data    0x%04X, %u bytes%s\n", (unsigned)get_number(task, "data_base"),
            (unsigned)get_number(task, "data_len"),
            json_is_true(json_object_get(task, "protect")) ? ", protected" : "");
    fprintf(out, "stack   0x%04X to 0x%04X, at most %u bytes used\n",
            (unsigned)get_number(task, "stack_base"), (unsigned)get_number(task, "stack_top"),
            (unsigned)get_number(task, "stack_used_max"));
    fprintf(out, "at      pc 0x%04X", (unsigned)get_number(task, "pc"));
    print_name(out, task);
    fprintf(out, ", sp 0x%04X, %u calls deep, %" PRIu64 " steps, slice %u\n",
            (unsigned)get_number(task, "sp"), (unsigned)get_number(task, "call_depth"),
            get_number(task, "steps"), (unsigned)get_number(task, "slice"));
}

void show_info(FILE *out, const json_t *answer)
{
    const json_t *task = json_object_get(answer, "task");

    if (task) {
        show_info_of_task(out, task);
        return;
    }
    fprintf(out, "%u tasks, %u of them live, in %u places\n", (unsigned)get_number(answer, "tasks"),
            (unsigned)get_number(answer, "live"), (unsigned)get_number(answer, "places"));
    fprintf(out, "%" PRIu64 " steps, %" PRIu64 " events, %" PRIu64 " ms; %u steps a ms\n",
            get_number(answer, "steps"), get_number(answer, "events"), get_number(answer, "ticks"),
            (unsigned)get_number(answer, "tick_steps"));
    fprintf(out, "new tasks: %u bytes of stack, %s; mailbox profile %s\n",
            (unsigned)get_number(answer, "stack_bytes"),
            json_is_true(json_object_get(answer, "protect")) ? "protected" : "not protected",
            get_text(answer, "profile"));
}

/* ---- pause, resume, kill */

static bool act(struct hsx_shell *s, struct args *a,
                enum hsx_status (*action)(struct hsx_exec *, uint32_t), const char *why_not)
{
    struct hsx_task_info task;
    enum hsx_status status;

    if (!arg_task(s, a, &task) || !arg_end(s, a)) {
        return false;
    }
    status = action(s->exec, task.pid);
    if (status == HSX_ERR_STATE) {
        return shell_fail(s, "task %u is %s%s", (unsigned)task.pid, hsx_state_name(task.ctx.state),
                          why_not);
    }
    if (status != HSX_OK) {
        return shell_fail_status(s, "it failed", status);
    }
    answer_number(s, "pid", task.pid);
    answer_task(s, task.pid);
    return true;
}

bool run_pause(struct hsx_shell *s, struct args *a)
{
    return act(s, a, hsx_exec_pause, ", which cannot be paused");
}

bool run_resume(struct hsx_shell *s, struct args *a)
{
    return act(s, a, hsx_exec_resume, ", not PAUSED");
}

bool run_kill(struct hsx_shell *s, struct args *a)
{
    bool ok = act(s, a, hsx_exec_kill, "");

    forget_origins(s, false);
    return ok;
}

void show_pause(FILE *out, const json_t *answer)
{
    const json_t *task = json_object_get(answer, "task");

    fprintf(out, "task %u: %s", (unsigned)get_number(task, "pid"), get_text(task, "state"));
    print_note(out, task);
    fputc('\n', out);
}

void show_resume(FILE *out, const json_t *answer)
{
    show_pause(out, answer);
}

void show_kill(FILE *out, const json_t *answer)
{
    fprintf(out, "task %u is gone\n", (unsigned)get_number(answer, "pid"));
}
