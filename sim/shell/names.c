// SPDX-License-Identifier: Apache-2.0
/* Names of places in tasks: shown next to addresses and accepted in place of them. */
#include "shell.h"
#include "symbol_files.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct hsx_symbols *symbols_of(const struct hsx_shell *s, uint32_t pid)
{
    const struct origin *origin = find_origin(s, pid);

    return origin ? origin->symbols : NULL;
}

void name_code(const struct hsx_shell *s, json_t *object, uint32_t pid, uint32_t pc)
{
    char text[HSX_SYMBOL_TEXT_SIZE];

    if (hsx_symbols_code_text(symbols_of(s, pid), pc, text, sizeof text)) {
        json_object_set_new(object, "symbol", json_text(text));
    }
}

void print_name(FILE *out, const json_t *object)
{
    if (json_is_string(json_object_get(object, "symbol"))) {
        fprintf(out, " <%s>", get_text(object, "symbol"));
    }
}

bool arg_is_name(const struct args *a)
{
    return arg_left(a) && !isdigit((unsigned char)*a->words[a->next]);
}

/* The address of name in a task; false: it has no such name, see s->error. */
static bool resolve_in(struct hsx_shell *s, const struct hsx_task_info *task, const char *name,
                       bool data, uint32_t *address)
{
    struct hsx_symbols_error error;
    bool is_data;

    if (hsx_symbols_resolve(symbols_of(s, task->pid), name, address, &is_data, &error) != HSX_OK) {
        return shell_fail(s, "%s", error.text);
    }
    if (is_data != data) {
        return shell_fail(s, "'%s' is a name in %s, expected one in %s", name,
                          data ? "code" : "data", data ? "data" : "code");
    }
    if (data && *address - HSX_DATA_LINK < task->ctx.data_len) {
        *address = *address - HSX_DATA_LINK + task->ctx.data_base;
    }
    return true;
}

static bool has_ended(const struct hsx_task_info *task)
{
    return task->ctx.state == HSX_RETURNED || task->ctx.state == HSX_EXITED ||
           task->ctx.state == HSX_FAULTED;
}

/* Looks in all tasks; those that have the name must agree. *found: one of them. */
static bool resolve_among(struct hsx_shell *s, bool ended, const char *name, bool data,
                          uint32_t *address, uint32_t *found)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    size_t count = 0;

    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    for (size_t i = 0; i < count && i < HSX_MAX_CONTEXTS; i++) {
        uint32_t here;

        if (!symbols_of(s, tasks[i].pid) || has_ended(&tasks[i]) != ended ||
            !resolve_in(s, &tasks[i], name, data, &here)) {
            continue;
        }
        if (*found != 0 && here != *address) {
            return shell_fail(s, "'%s' is in tasks %u and %u, say in which", name, (unsigned)*found,
                              (unsigned)tasks[i].pid);
        }
        *found = tasks[i].pid;
        *address = here;
    }
    return true;
}

/* An ended task is used only if no other has the name. */
static bool resolve_anywhere(struct hsx_shell *s, const char *name, bool data, uint32_t *address)
{
    uint32_t found = 0;

    shell_fail(s, "'%s', expected a number: no symbols are known", name);
    return resolve_among(s, false, name, data, address, &found) &&
           (found != 0 || resolve_among(s, true, name, data, address, &found)) && found != 0;
}

static bool take_name(struct hsx_shell *s, struct args *a, uint32_t pid, bool data, uint64_t *value)
{
    struct hsx_task_info task;
    const char *name = "";
    uint32_t address = 0;

    arg_text(s, a, "ADDR", &name);
    if (pid == 0 ? !resolve_anywhere(s, name, data, &address)
                 : hsx_exec_task(s->exec, pid, &task) != HSX_OK ||
                       !resolve_in(s, &task, name, data, &address)) {
        return false;
    }
    *value = address;
    return address <= UINT16_MAX || shell_fail(s, "'%s' is past 0xFFFF", name);
}

bool arg_code(struct hsx_shell *s, struct args *a, uint32_t pid, uint64_t *pc)
{
    return arg_is_name(a) ? take_name(s, a, pid, false, pc)
                          : arg_number(s, a, "ADDR", 0, UINT16_MAX, pc);
}

bool arg_data(struct hsx_shell *s, struct args *a, uint32_t pid, uint64_t *addr)
{
    return arg_is_name(a) ? take_name(s, a, pid, true, addr)
                          : arg_number(s, a, "ADDR", 0, HSX_DATA_SIZE - 1, addr);
}
