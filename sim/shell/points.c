// SPDX-License-Identifier: Apache-2.0
/* bp and watch. The executive keeps the points; a script sees the same numbers
 * on every target. */
#include "shell.h"
#include <hsx/isa.h>
#include <string.h>

bool find_point(struct hsx_shell *s, uint32_t id, struct hsx_exec_stop *stop)
{
    struct hsx_exec_stop stops[HSX_MAX_STOPS];
    size_t count;

    hsx_exec_stops(s->exec, stops, HSX_MAX_STOPS, &count);
    for (size_t i = 0; i < count; i++) {
        if (stops[i].id == id) {
            *stop = stops[i];
            return true;
        }
    }
    return false;
}

static const char *const relations[] = {"", "==", "!=", "<", "<=", ">", ">="};

enum { RELATIONS = sizeof relations / sizeof relations[0] };

static json_t *json_condition(const struct hsx_condition *c)
{
    return json_pack("{s:s, s:i, s:s, s:I}", "of", c->memory ? "memory" : "register",
                     c->memory ? "address" : "register", c->memory ? (int)c->addr : (int)c->reg,
                     "relation", relations[c->relation], "value", (json_int_t)c->value);
}

static void print_condition(FILE *out, const json_t *condition)
{
    if (strcmp(get_text(condition, "of"), "memory") == 0) {
        fprintf(out, " if [0x%04X]", (unsigned)get_number(condition, "address"));
    } else {
        fprintf(out, " if R%u", (unsigned)get_number(condition, "register"));
    }
    fprintf(out, " %s 0x%X", get_text(condition, "relation"),
            (unsigned)get_number(condition, "value"));
}

json_t *json_point(struct hsx_shell *s, const struct hsx_exec_stop *stop)
{
    json_t *point =
        json_pack("{s:I, s:I}", "id", (json_int_t)stop->id, "pid", (json_int_t)stop->pid);
    struct hsx_task_info task;

    switch (stop->kind) {
    case HSX_BREAK_PC:
        json_object_set_new(point, "kind", json_string("break"));
        json_object_set_new(point, "pc", json_number(stop->pc));
        name_code(s, point, stop->pid, stop->pc);
        if (stop->condition.relation != HSX_ALWAYS) {
            json_object_set_new(point, "condition", json_condition(&stop->condition));
        }
        break;
    case HSX_WATCH_REGISTER:
        json_object_set_new(point, "kind", json_string("register"));
        json_object_set_new(point, "register", json_number(stop->reg));
        if (hsx_exec_task(s->exec, stop->pid, &task) == HSX_OK) {
            json_object_set_new(point, "value",
                                json_number(data_word(s, task.ctx.reg_base + 4u * stop->reg, 4)));
        }
        break;
    case HSX_WATCH_MEMORY:
        json_object_set_new(point, "kind", json_string("memory"));
        json_object_set_new(point, "address", json_number(stop->addr));
        json_object_set_new(point, "length", json_number(stop->len));
        json_object_set_new(point, "value", json_number(data_word(s, stop->addr, stop->len)));
        break;
    }
    return point;
}

void print_point(FILE *out, const json_t *point)
{
    const char *kind = get_text(point, "kind");
    unsigned id = (unsigned)get_number(point, "id");
    unsigned pid = (unsigned)get_number(point, "pid");
    unsigned value = (unsigned)get_number(point, "value");

    if (strcmp(kind, "register") == 0) {
        fprintf(out, "watchpoint %u: R%u of task %u is 0x%08X", id,
                (unsigned)get_number(point, "register"), pid, value);
    } else if (strcmp(kind, "memory") == 0) {
        unsigned len = (unsigned)get_number(point, "length");

        fprintf(out, "watchpoint %u: %u byte%s at 0x%04X: 0x%0*X", id, len, len == 1 ? "" : "s",
                (unsigned)get_number(point, "address"), (int)(2 * len), value);
    } else {
        fprintf(out, "breakpoint %u: 0x%04X", id, (unsigned)get_number(point, "pc"));
        print_name(out, point);
        if (pid == 0) {
            fprintf(out, " of any task");
        } else {
            fprintf(out, " of task %u", pid);
        }
        if (json_object_get(point, "condition")) {
            print_condition(out, json_object_get(point, "condition"));
        }
    }
}

static bool add(struct hsx_shell *s, struct hsx_exec_stop *stop)
{
    enum hsx_status status = hsx_exec_add_stop(s->exec, stop);

    if (status == HSX_ERR_NO_ROOM) {
        return shell_fail(s, "there are %d points already", HSX_MAX_STOPS);
    }
    if (status != HSX_OK) {
        return shell_fail_status(s, "it cannot be set", status);
    }
    answer_add(s, "points", json_point(s, stop));
    return true;
}

static bool list(struct hsx_shell *s, bool breaks)
{
    struct hsx_exec_stop stops[HSX_MAX_STOPS];
    size_t count;

    answer_set(s, "points", json_array());
    hsx_exec_stops(s->exec, stops, HSX_MAX_STOPS, &count);
    for (size_t i = 0; i < count; i++) {
        if ((stops[i].kind == HSX_BREAK_PC) == breaks) {
            answer_add(s, "points", json_point(s, &stops[i]));
        }
    }
    return true;
}

/* Clears one by its number, or all of the kind. */
static bool clear(struct hsx_shell *s, struct args *a, bool breaks)
{
    struct hsx_exec_stop stops[HSX_MAX_STOPS];
    bool one = arg_left(a);
    uint64_t id = 0;
    unsigned cleared = 0;
    size_t count;

    if ((one && !arg_number(s, a, "N", 1, UINT32_MAX, &id)) || !arg_end(s, a)) {
        return false;
    }
    hsx_exec_stops(s->exec, stops, HSX_MAX_STOPS, &count);
    for (size_t i = 0; i < count; i++) {
        if ((stops[i].kind == HSX_BREAK_PC) == breaks && (!one || stops[i].id == id)) {
            hsx_exec_remove_stop(s->exec, stops[i].id);
            cleared++;
        }
    }
    if (one && cleared == 0) {
        return shell_fail(s, "there is no %s %u", breaks ? "breakpoint" : "watchpoint",
                          (unsigned)id);
    }
    answer_number(s, "cleared", cleared);
    return true;
}

static bool has_code(const struct hsx_task_info *task, uint32_t pc)
{
    return pc + 4 <= task->ctx.code_len;
}

/* Whether it is the second word of an LDI32. Instructions follow each other from 0 on. */
static bool is_second_word(struct hsx_shell *s, const struct hsx_task_info *task, uint32_t pc)
{
    uint32_t at = 0;
    uint32_t word;

    while (at < pc && code_word(s, &task->ctx, at, &word)) {
        at += HSX_INSN_OPCODE(word) == HSX_OP_LDI32 ? 8 : 4;
    }
    return at == pc + 4;
}

/* Refuses a breakpoint that no task can reach. */
static bool check_place(struct hsx_shell *s, const struct hsx_task_info *task, uint32_t pc)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    bool found = false;
    bool begins = false;
    size_t count = 0;

    if (pc % 4 != 0) {
        return shell_fail(s, "0x%04X is no place of an instruction, expected a multiple of 4",
                          (unsigned)pc);
    }
    if (task && !has_code(task, pc)) {
        return shell_fail(s, "task %u has no code at 0x%04X, it ends at 0x%04X",
                          (unsigned)task->pid, (unsigned)pc, (unsigned)task->ctx.code_len);
    }
    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    for (size_t i = 0; i < count && i < HSX_MAX_CONTEXTS; i++) {
        if ((!task || task->pid == tasks[i].pid) && has_code(&tasks[i], pc)) {
            found = true;
            begins |= !is_second_word(s, &tasks[i], pc);
        }
    }
    if (!found) {
        return shell_fail(s, "no task has code at 0x%04X", (unsigned)pc);
    }
    return begins || shell_fail(s, "0x%04X is the second word of the LDI32 at 0x%04X", (unsigned)pc,
                                (unsigned)pc - 4);
}

/* if VALUE RELATION N */
static bool take_condition(struct hsx_shell *s, struct args *a, uint32_t pid,
                           struct hsx_condition *c)
{
    const char *word = "";
    uint64_t value = 0;
    unsigned reg;

    if (!arg_left(a)) {
        return shell_fail(s, "VALUE is missing, usage: %s", a->usage);
    }
    if (*a->words[a->next] == '[') {
        char *end = strchr(a->words[a->next], ']');

        if (!end || end[1] != '\0') {
            return shell_fail(s, "VALUE is '%s', expected Rn or [ADDR]", a->words[a->next]);
        }
        *end = '\0';
        a->words[a->next]++;
        if (!arg_data(s, a, pid, &value)) {
            return false;
        }
        if (value > HSX_DATA_SIZE - 4) {
            return shell_fail(s, "the last byte is past 0xFFFF");
        }
        c->memory = true;
        c->addr = (uint16_t)value;
    } else if (arg_register(s, a, &reg)) {
        c->reg = (uint8_t)reg;
    } else {
        return false;
    }
    if (!arg_text(s, a, "RELATION", &word)) {
        return false;
    }
    for (int i = 1; i < RELATIONS; i++) {
        if (strcmp(word, relations[i]) == 0) {
            c->relation = (enum hsx_relation)i;
        }
    }
    if (c->relation == HSX_ALWAYS) {
        return shell_fail(s, "RELATION is '%s', expected ==, !=, <, <=, > or >=", word);
    }
    if (!arg_number(s, a, "N", 0, UINT32_MAX, &value)) {
        return false;
    }
    c->value = (uint32_t)value;
    return true;
}

static bool set_break(struct hsx_shell *s, struct args *a)
{
    struct hsx_exec_stop stop = {.kind = HSX_BREAK_PC};
    struct hsx_task_info task;
    size_t places = 0;
    uint64_t pc;

    while (a->next + places < a->count && strcmp(a->words[a->next + places], "if") != 0) {
        places++;
    }
    if (places > 1) {
        if (!arg_task(s, a, &task)) {
            return false;
        }
        stop.pid = task.pid;
    }
    if (!arg_code(s, a, stop.pid, &pc) ||
        !check_place(s, stop.pid != 0 ? &task : NULL, (uint32_t)pc) ||
        (arg_is(a, "if") && !take_condition(s, a, stop.pid, &stop.condition)) || !arg_end(s, a)) {
        return false;
    }
    stop.pc = (uint16_t)pc;
    return add(s, &stop);
}

static bool set_watch(struct hsx_shell *s, struct args *a)
{
    struct hsx_exec_stop stop = {.kind = HSX_WATCH_MEMORY, .len = 4};
    struct args ahead = *a;
    struct hsx_task_info task;
    uint32_t pid = 0; /* a name may belong to one task */
    uint64_t addr, len = 4;

    ahead.next++;
    if (arg_is_register(&ahead)) {
        unsigned reg;

        if (!arg_task(s, a, &task) || !arg_register(s, a, &reg) || !arg_end(s, a)) {
            return false;
        }
        stop = (struct hsx_exec_stop){
            .kind = HSX_WATCH_REGISTER, .pid = task.pid, .reg = (uint8_t)reg};
        return add(s, &stop);
    }
    if (arg_is_name(&ahead)) {
        if (!arg_task(s, a, &task)) {
            return false;
        }
        pid = task.pid;
    }
    if (!arg_data(s, a, pid, &addr) || (arg_left(a) && !arg_number(s, a, "LEN", 1, 4, &len)) ||
        !arg_end(s, a)) {
        return false;
    }
    if (addr + len > HSX_DATA_SIZE) {
        return shell_fail(s, "the last byte is past 0xFFFF");
    }
    stop.addr = (uint16_t)addr;
    stop.len = (uint8_t)len;
    return add(s, &stop);
}

static bool run_points(struct hsx_shell *s, struct args *a, bool breaks)
{
    if (!arg_left(a) || arg_is(a, "list")) {
        return arg_end(s, a) && list(s, breaks);
    }
    if (arg_is(a, "set")) {
        return breaks ? set_break(s, a) : set_watch(s, a);
    }
    if (arg_is(a, "clear")) {
        return clear(s, a, breaks);
    }
    return shell_fail(s, "'%s': expected set, list or clear", a->words[a->next]);
}

bool run_bp(struct hsx_shell *s, struct args *a)
{
    return run_points(s, a, true);
}

bool run_watch(struct hsx_shell *s, struct args *a)
{
    return run_points(s, a, false);
}

void show_bp(FILE *out, const json_t *answer)
{
    const json_t *points = json_object_get(answer, "points");
    const json_t *point;
    size_t i;

    if (json_object_get(answer, "cleared")) {
        fprintf(out, "cleared %u\n", (unsigned)get_number(answer, "cleared"));
    } else if (json_array_size(points) == 0) {
        fprintf(out, "none\n");
    }
    json_array_foreach(points, i, point)
    {
        print_point(out, point);
        fputc('\n', out);
    }
}

void show_watch(FILE *out, const json_t *answer)
{
    show_bp(out, answer);
}
