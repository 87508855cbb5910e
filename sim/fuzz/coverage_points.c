// SPDX-License-Identifier: Apache-2.0
/* All points of coverage and their names. */
#include "coverage_points.h"
#include <hsx/coverage.h>
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPCODES = 256, STATES = HSX_FAULTED + 1, FAULT_CODES = 8 };

static const char *const arenas[ARENAS] = {"shared page", "own window", "stack",     "data segment",
                                           "windows",     "memory",     "moved data"};
static const char *const edges[EDGES] = {"first byte", "last byte", "over the start",
                                         "over the end"};
static const char *const queues[QUEUES] = {"empty", "one task", "full"};
static const char *const wakes[WAKES] = {
    "to an empty queue", "after other tasks",       "several tasks at once",
    "by a tick",         "in the middle of a turn", "while another task is trapped"};
static const char *const bounds[BOUNDS] = {
    [BOUND_PUSH_LAST] = "push into the last word of the stack",
    [BOUND_PUSH_OVER] = "push into the word below the stack",
    [BOUND_PUSH_PARTLY] = "push into bytes below the stack",
    [BOUND_POP_LAST] = "pop of the first word of the stack",
    [BOUND_POP_OVER] = "pop of the word above the stack",
    [BOUND_POP_PARTLY] = "pop of bytes above the stack",
    [BOUND_CODE_LAST] = "fetch of the last word of the code",
    [BOUND_CODE_OVER] = "fetch of the word after the code",
    [BOUND_CODE_PARTLY] = "fetch of a second word after the code",
    [BOUND_CODE_UNALIGNED] = "fetch at an address that is not aligned"};
static const char *const refusals[REFUSALS] = {"just before the start", "over the start",
                                               "over the end", "just after the end"};
/* What a tick can come after. */
static const char *const events[] = {
    [HSX_EV_RETIRE] = "an instruction",    [HSX_EV_FAULT] = "a fault",
    [HSX_EV_RETURN] = "the end of a task", [HSX_EV_SVC] = "an SVC that is not complete",
    [HSX_EV_BRK] = "a breakpoint",         [HSX_EV_TICK] = "a tick",
    [HSX_EV_COMPLETE] = "a completed SVC", [HSX_EV_EXTERNAL] = "an action from outside"};
enum { EVENTS = sizeof events / sizeof events[0] };

static const char *const causes[HSX_HOST_LOST_CAUSES] = {
    [HSX_LOST_EMPTY] = "empty",   [HSX_LOST_RESULT] = "result", [HSX_LOST_TRAP] = "trap",
    [HSX_LOST_MEMORY] = "memory", [HSX_LOST_LONG] = "long",     [HSX_LOST_TICK] = "tick",
    [HSX_LOST_SQUASH] = "squash"};

/* The changes of state in sections 5 and 6 of the contract, except loads into the slot of
 * an ended task. */
static const uint8_t changes[][2] = {
    {HSX_FREE, HSX_READY},      {HSX_READY, HSX_TRAPPED},  {HSX_READY, HSX_PAUSED},
    {HSX_READY, HSX_RETURNED},  {HSX_READY, HSX_FAULTED},  {HSX_READY, HSX_FREE},
    {HSX_TRAPPED, HSX_READY},   {HSX_TRAPPED, HSX_PAUSED}, {HSX_TRAPPED, HSX_WAIT_MBX},
    {HSX_TRAPPED, HSX_SLEEP},   {HSX_TRAPPED, HSX_EXITED}, {HSX_WAIT_MBX, HSX_READY},
    {HSX_WAIT_MBX, HSX_PAUSED}, {HSX_WAIT_MBX, HSX_FREE},  {HSX_SLEEP, HSX_READY},
    {HSX_SLEEP, HSX_PAUSED},    {HSX_SLEEP, HSX_FREE},     {HSX_PAUSED, HSX_READY},
    {HSX_PAUSED, HSX_FREE},     {HSX_RETURNED, HSX_FREE},  {HSX_EXITED, HSX_FREE},
    {HSX_FAULTED, HSX_FREE},
};

static bool known(unsigned opcode)
{
    return hsx_insn_table[opcode].name != NULL;
}

/* Whether the opcode can raise the fault. Words that cannot be fetched, or are not opcodes, count
 * as opcode 0. */
static bool raises(unsigned opcode, unsigned code)
{
    static const uint8_t masks[FAULT_CODES] = {[2] = HSX_RAISES_UNDERFLOW,
                                               [3] = HSX_RAISES_OVERFLOW,
                                               [4] = HSX_RAISES_MEM,
                                               [5] = HSX_RAISES_DIV,
                                               [7] = HSX_RAISES_CODE};

    if (opcode == 0) {
        return code == 6 || code == 7;
    }
    return known(opcode) && ((hsx_insn_table[opcode].faults & masks[code]) != 0 ||
                             (opcode == HSX_OP_LDI32 && code == 7));
}

static bool changes_state(unsigned from, unsigned to)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (changes[i][0] == from && changes[i][1] == to) {
            return true;
        }
    }
    return false;
}

/* There is nothing after the end of memory; all windows together are not an arena of a task. */
static bool refuses(unsigned arena, unsigned place)
{
    switch (arena) {
    case ARENA_WINDOWS:
        return false;
    case ARENA_MEMORY:
    case ARENA_MOVED:
        return place == REFUSED_OVER_END;
    case ARENA_SHARED:
        return place == REFUSED_OVER_END || place == REFUSED_AFTER;
    default:
        return true;
    }
}

/* How many numbers each group has, and which of their combinations are points. */
static const unsigned sizes[POINT_GROUPS][3] = {
    [POINT_FAULT] = {OPCODES, FAULT_CODES, 1},
    [POINT_PAIR_SAME] = {OPCODES, OPCODES, 1},
    [POINT_PAIR_OTHER] = {OPCODES, OPCODES, 1},
    [POINT_EDGE] = {ARENAS, EDGES, 2},
    [POINT_BOUND] = {BOUNDS, 1, 1},
    [POINT_REFUSED] = {ARENAS, REFUSALS, 2},
    [POINT_STATE] = {STATES, STATES, 1},
    [POINT_QUEUE] = {QUEUES, 1, 1},
    [POINT_WAKE] = {WAKES, 1, 1},
    [POINT_TICK] = {OPCODES, 1, 1},
    [POINT_TICK_EVENT] = {EVENTS, 1, 1},
    [POINT_LOST] = {HSX_HOST_LOST_CAUSES, 1, 1},
    [POINT_LOST_CLOSE] = {HSX_HOST_LOST_CAUSES, HSX_HOST_LOST_CAUSES, 1},
};

static bool exists(enum coverage_group group, unsigned a, unsigned b)
{
    switch (group) {
    case POINT_FAULT:
        return raises(a, b);
    case POINT_PAIR_SAME:
    case POINT_PAIR_OTHER:
        return known(a) && known(b);
    case POINT_EDGE: /* the shared page begins where memory does */
        return a < ARENA_MEMORY && (a != ARENA_SHARED || b != EDGE_OVER_FIRST);
    case POINT_REFUSED:
        return refuses(a, b);
    case POINT_STATE:
        return changes_state(a, b);
    case POINT_TICK:
        return known(a);
    default:
        return true;
    }
}

/* Calls visit for each point in order. */
static void each(void (*visit)(void *ctx, size_t point, const struct coverage_place *place),
                 void *ctx)
{
    size_t point = 0;

    for (unsigned group = 0; group < POINT_GROUPS; group++) {
        for (unsigned a = 0; a < sizes[group][0]; a++) {
            for (unsigned b = 0; b < sizes[group][1]; b++) {
                for (unsigned c = 0; c < sizes[group][2]; c++) {
                    const struct coverage_place place = {(enum coverage_group)group, a, b, c};

                    if (exists(place.group, a, b)) {
                        visit(ctx, point++, &place);
                    }
                }
            }
        }
    }
}

static void count(void *ctx, size_t point, const struct coverage_place *place)
{
    (void)point;
    (void)place;
    ++*(size_t *)ctx;
}

size_t hsx_coverage_points(void)
{
    size_t points = 0;

    each(count, &points);
    return points;
}

static void put_place(void *ctx, size_t point, const struct coverage_place *place)
{
    ((struct coverage_place *)ctx)[point] = *place;
}

struct coverage_place *coverage_places(void)
{
    struct coverage_place *places = malloc(hsx_coverage_points() * sizeof *places);

    if (places) {
        each(put_place, places);
    }
    return places;
}

static void enter(void *ctx, size_t point, const struct coverage_place *place)
{
    struct coverage_index *index = ctx;
    const unsigned *size = sizes[place->group];

    index->points[place->group][(place->a * size[1] + place->b) * size[2] + place->c] =
        (uint16_t)point;
}

bool coverage_index_make(struct coverage_index *index)
{
    bool made = true;

    for (unsigned group = 0; group < POINT_GROUPS; group++) {
        const size_t count = (size_t)sizes[group][0] * sizes[group][1] * sizes[group][2];

        index->points[group] = malloc(count * sizeof *index->points[group]);
        made = made && index->points[group];
        for (size_t i = 0; index->points[group] && i < count; i++) {
            index->points[group][i] = COVERAGE_NO_POINT;
        }
    }
    if (made) {
        each(enter, index);
    }
    return made;
}

void coverage_index_free(struct coverage_index *index)
{
    for (unsigned group = 0; group < POINT_GROUPS; group++) {
        free(index->points[group]);
    }
}

uint16_t coverage_point(const struct coverage_index *index, enum coverage_group group, unsigned a,
                        unsigned b, unsigned c)
{
    const unsigned *size = sizes[group];

    return index->points[group][(a * size[1] + b) * size[2] + c];
}

static const char *opcode(unsigned number)
{
    return number == 0 ? "fetch" : hsx_insn_table[number].name;
}

static void name_place(const struct coverage_place *p, char name[HSX_COVERAGE_NAME])
{
    const size_t size = HSX_COVERAGE_NAME;

    switch (p->group) {
    case POINT_FAULT:
        snprintf(name, size, "fault %s %s", opcode(p->a), hsx_fault_name(0xFFFFFF00u + p->b));
        break;
    case POINT_PAIR_SAME:
        snprintf(name, size, "pair same %s %s", opcode(p->a), opcode(p->b));
        break;
    case POINT_PAIR_OTHER:
        snprintf(name, size, "pair other %s %s", opcode(p->a), opcode(p->b));
        break;
    case POINT_EDGE:
        snprintf(name, size, "edge %s, %s, %s", arenas[p->a], edges[p->b], p->c ? "write" : "read");
        break;
    case POINT_BOUND:
        snprintf(name, size, "bound %s", bounds[p->a]);
        break;
    case POINT_REFUSED:
        snprintf(name, size, "refused %s, %s, %s", arenas[p->a], refusals[p->b],
                 p->c ? "write" : "read");
        break;
    case POINT_STATE:
        snprintf(name, size, "state %s %s", hsx_state_name((enum hsx_state)p->a),
                 hsx_state_name((enum hsx_state)p->b));
        break;
    case POINT_QUEUE:
        snprintf(name, size, "queue %s", queues[p->a]);
        break;
    case POINT_WAKE:
        snprintf(name, size, "wake %s", wakes[p->a]);
        break;
    case POINT_TICK:
        snprintf(name, size, "tick after %s", opcode(p->a));
        break;
    case POINT_TICK_EVENT:
        snprintf(name, size, "tick after %s", events[p->a]);
        break;
    case POINT_LOST:
        snprintf(name, size, "lost %s", causes[p->a]);
        break;
    default:
        snprintf(name, size, "lost %s, then %s", causes[p->a], causes[p->b]);
        break;
    }
}

static void put_name(void *ctx, size_t point, const struct coverage_place *place)
{
    name_place(place, ((char(*)[HSX_COVERAGE_NAME])ctx)[point]);
}

char (*hsx_coverage_names(void))[HSX_COVERAGE_NAME]
{
    char(*names)[HSX_COVERAGE_NAME] = malloc(hsx_coverage_points() * sizeof *names);

    if (names) {
        each(put_name, names);
    }
    return names;
}
