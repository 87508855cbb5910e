// SPDX-License-Identifier: Apache-2.0
/* Arenas of contract section 4: first fit, data and code from the bottom, stacks from the
 * top. A slot uses the window of the same number, so the lowest free slot has the lowest
 * free window. */
#include "internal.h"
#include <stdio.h>
#include <string.h>

struct span {
    uint32_t start, end;
};

struct spans {
    struct span at[2 * HSX_MAX_CONTEXTS + 2]; /* of all tasks and a new one */
    size_t count;
};

static bool overlaps(const struct spans *used, uint32_t start, uint32_t end)
{
    for (size_t i = 0; i < used->count; i++) {
        if (start < used->at[i].end && used->at[i].start < end) {
            return true;
        }
    }
    return false;
}

static void add(struct spans *used, uint32_t start, uint32_t len)
{
    if (len != 0) {
        used->at[used->count++] = (struct span){start, start + len};
    }
}

static uint32_t align4(uint32_t addr)
{
    return (addr + 3) & ~3u;
}

/* The lowest place is the bottom, or the end of an area in use. */
static bool fit_low(const struct spans *used, struct span in, uint32_t len, uint32_t *start)
{
    uint32_t best = UINT32_MAX;

    for (size_t i = 0; i <= used->count; i++) {
        uint32_t at = i == used->count ? in.start : align4(used->at[i].end);

        if (at >= in.start && at < best && at + len <= in.end && !overlaps(used, at, at + len)) {
            best = at;
        }
    }
    *start = best;
    return best != UINT32_MAX;
}

/* The highest place is the top, or the start of an area in use. */
static bool fit_high(const struct spans *used, struct span in, uint32_t len, uint32_t *start)
{
    bool found = false;

    for (size_t i = 0; i <= used->count; i++) {
        uint32_t end = i == used->count ? in.end : used->at[i].start;

        if (end <= in.end && end >= in.start + len && !overlaps(used, end - len, end) &&
            (!found || end - len > *start)) {
            *start = end - len;
            found = true;
        }
    }
    return found;
}

static bool refuse(struct hsx_exec_error *error, const char *what, uint32_t bytes,
                   const char *limit)
{
    snprintf(error->text, sizeof error->text, "no room for %u bytes of %s%s", (unsigned)bytes, what,
             limit);
    return false;
}

static bool find_slot(const struct hsx_exec *e, const bool *gone, uint8_t *slot)
{
    for (unsigned i = 0; i < e->target->contexts; i++) {
        if (e->tasks[i].pid == 0 || gone[i]) {
            *slot = (uint8_t)i;
            return true;
        }
    }
    return false;
}

/* Compares code memory, not names: tasks of one image share its code, but not a copy that
 * a debugger changed. */
static bool find_shared_code(struct hsx_exec *e, const bool *gone,
                             const struct arena_request *request, uint32_t *base)
{
    uint32_t words[256];

    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];
        bool same = t->pid != 0 && !gone[i] && t->code_len == request->code_len;

        for (uint32_t at = 0; same && at < request->code_len; at += sizeof words) {
            uint32_t left = request->code_len - at;
            size_t count = (left < sizeof words ? left : sizeof words) / 4;

            same =
                exec_ok(e, e->target->ops->read_code(e->target, t->code_base + at, words, count)) &&
                memcmp(words, request->code + at / 4, count * 4) == 0;
        }
        if (same) {
            *base = t->code_base;
            return true;
        }
    }
    return false;
}

static const struct span data_region = {HSX_DATA_LINK, HSX_DATA_SIZE};

/* The data memory in use without the tasks marked gone; returns how many contexts are free. */
static unsigned data_in_use(const struct hsx_exec *e, const bool *gone, struct spans *data)
{
    unsigned free = 0;

    data->count = 0;
    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];

        if (t->pid != 0 && !gone[i]) {
            add(data, t->data_base, t->data_len);
            add(data, t->stack_base, t->stack_bytes);
        } else {
            free++;
        }
    }
    return free;
}

static uint32_t widest_gap(const struct spans *used, struct span in)
{
    uint32_t widest = 0;

    for (size_t i = 0; i <= used->count; i++) {
        uint32_t start = i == used->count ? in.start : align4(used->at[i].end);
        uint32_t end = in.end;

        for (size_t k = 0; k < used->count; k++) {
            if (used->at[k].end > start && used->at[k].start < end) {
                end = used->at[k].start;
            }
        }
        if (end > start && end - start > widest) {
            widest = end - start;
        }
    }
    return widest;
}

uint32_t arena_stack_share(const struct hsx_exec *e, const struct arena_request *request)
{
    bool ended[HSX_MAX_CONTEXTS];
    uint32_t start, widest, others;
    struct spans data;
    unsigned free;

    for (unsigned i = 0; i < e->target->contexts; i++) {
        ended[i] = e->tasks[i].ended;
    }
    free = data_in_use(e, ended, &data);
    if (request->data_len != 0 && fit_low(&data, data_region, request->data_len, &start)) {
        add(&data, start, request->data_len);
    }
    widest = widest_gap(&data, data_region);
    if (free == 0 || widest / free < HSX_LEAST_SHARE) {
        return request->stack_bytes; /* which may be refused */
    }
    others = (free - 1) * HSX_LEAST_SHARE;
    return widest >= request->stack_bytes + others ? request->stack_bytes : widest / free & ~3u;
}

bool arena_place(struct hsx_exec *e, const bool *gone, const struct arena_request *request,
                 struct arena_place *place, struct hsx_exec_error *error)
{
    const struct span code_region = {0, HSX_CODE_SIZE};
    struct spans data;
    struct spans code = {.count = 0};

    data_in_use(e, gone, &data);
    for (unsigned i = 0; i < e->target->contexts; i++) {
        if (e->tasks[i].pid != 0 && !gone[i]) {
            add(&code, e->tasks[i].code_base, e->tasks[i].code_len);
        }
    }
    if (!find_slot(e, gone, &place->slot)) {
        snprintf(error->text, sizeof error->text,
                 "no free place for a task: all %u are taken; --contexts gives up to %u",
                 e->target->contexts, (unsigned)HSX_MAX_CONTEXTS);
        return false;
    }
    place->code_shared = find_shared_code(e, gone, request, &place->code_base);
    if (!place->code_shared && !fit_low(&code, code_region, request->code_len, &place->code_base)) {
        return refuse(error, "code", request->code_len, ": code memory has 65536");
    }
    place->data_base = HSX_DATA_LINK;
    if (request->data_len != 0 &&
        !fit_low(&data, data_region, request->data_len, &place->data_base)) {
        return refuse(error, "data", request->data_len,
                      ": data and stacks share 49152; --stack makes stacks smaller");
    }
    add(&data, place->data_base, request->data_len);
    if (!fit_high(&data, data_region, request->stack_bytes, &place->stack_base)) {
        return refuse(error, "stack", request->stack_bytes,
                      ": data and stacks share 49152; --stack makes stacks smaller");
    }
    /* The task's accesses there would be translated into its data segment. */
    if (place->stack_base < HSX_DATA_LINK + request->data_len) {
        snprintf(error->text, sizeof error->text,
                 "the stack at 0x%04X would overlap the data segment's addresses up to 0x%04X",
                 (unsigned)place->stack_base, (unsigned)(HSX_DATA_LINK + request->data_len - 1));
        return false;
    }
    place->stack_top = (uint16_t)(place->stack_base + request->stack_bytes);
    if (place->stack_base + request->stack_bytes == HSX_DATA_SIZE) {
        place->stack_top = 0xFFFC;
    }
    return true;
}
