// SPDX-License-Identifier: Apache-2.0
#include "shrink_code.h"
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <hsx/shrink.h>
#include <stdlib.h>
#include <string.h>

enum { RD_FIELD = 0xF << 20, PLAIN_STACK = 0x400, ROUNDS = 12, MORE_STEPS = 300, FEW = 40 };

struct shrinker {
    const struct hsx_shrink *how;
    struct hsx_fuzz_program *best;
    struct hsx_fuzz_program *tried;
    struct code code; /* of the current task */
    struct code changed;
    struct code other; /* of a second one */
    struct code other_changed;
    uint64_t most; /* steps of the original program */
    unsigned tries;
};

static size_t count_insns(const struct hsx_fuzz_program *program)
{
    size_t count = 0;

    for (unsigned i = 0; i < program->tasks; i++) {
        const struct hsx_fuzz_task *task = &program->task[i];

        for (size_t k = 0; k < task->words; k++) {
            count++;
            k += HSX_INSN_OPCODE(task->code[k]) == HSX_OP_LDI32 && k + 1 < task->words;
        }
    }
    return count;
}

/* ---- Trying */

static bool expired(const struct shrinker *s)
{
    return s->how->expired && s->how->expired(s->how->ctx);
}

/* Accepts s->tried if it shows the difference. */
static bool try_it(struct shrinker *s)
{
    uint64_t steps = s->tried->steps;

    if (expired(s)) {
        return false;
    }
    s->tries++;
    if (!s->how->shows(s->how->ctx, s->tried, &steps)) {
        return false;
    }
    *s->best = *s->tried;
    if (steps < s->best->steps) {
        s->best->steps = steps;
    }
    return true;
}

/* Without the removed parts the difference may come later. */
static void begin(struct shrinker *s)
{
    uint64_t more =
        s->best->steps < UINT64_MAX - MORE_STEPS ? s->best->steps + MORE_STEPS : UINT64_MAX;

    *s->tried = *s->best;
    s->tried->steps = more < s->most ? more : s->most;
}

/* ---- What to remove */

static void drop_task(struct hsx_fuzz_program *p, unsigned i)
{
    memmove(&p->task[i], &p->task[i + 1], (p->tasks - i - 1) * sizeof p->task[0]);
    p->tasks--;
    for (unsigned k = 0; k < p->tasks; k++) {
        p->task[k].same_as = -1;
    }
}

/* The windows of the tasks after a removed one move down by one: constants that point to
 * them are adjusted. */
static void follow_windows(struct hsx_fuzz_program *p, unsigned gone)
{
    uint32_t first = HSX_WINDOW_START + (uint32_t)HSX_WINDOW_SIZE * (gone + 1);
    uint32_t end = HSX_WINDOW_START + (uint32_t)HSX_WINDOW_SIZE * (p->tasks + 1);

    for (unsigned i = 0; i < p->tasks; i++) {
        struct hsx_fuzz_task *t = &p->task[i];

        for (size_t k = 0; k + 1 < t->words; k++) {
            if (HSX_INSN_OPCODE(t->code[k]) == HSX_OP_LDI32) {
                uint32_t low = t->code[++k] & 0xFFFF;

                t->code[k] -= low + 4 >= first && low < end ? (uint32_t)HSX_WINDOW_SIZE : 0;
            }
        }
    }
}

static bool drop_tasks(struct shrinker *s)
{
    bool any = false;

    for (unsigned i = s->best->tasks; i-- > 0 && s->best->tasks > 1;) {
        begin(s);
        drop_task(s->tried, i);
        follow_windows(s->tried, i);
        if (!try_it(s)) {
            begin(s);
            drop_task(s->tried, i);
            any = try_it(s) || any;
        } else {
            any = true;
        }
    }
    return any;
}

/* A task that must stay, because it determines the slots of others, may still do nothing. */
static bool empty_tasks(struct shrinker *s)
{
    bool any = false;

    for (unsigned i = 0; i < s->best->tasks; i++) {
        if (s->best->task[i].words > 1) {
            begin(s);
            s->tried->task[i].code[0] = (uint32_t)HSX_OP_RET << 24;
            s->tried->task[i].words = 1;
            s->tried->task[i].entry = 0;
            any = try_it(s) || any;
        }
    }
    return any;
}

/* Runs of instructions, of half the code down to one. */
static bool drop_insns(struct shrinker *s, unsigned task)
{
    bool any = false;

    shrink_code_take_apart(&s->best->task[task], &s->code);
    for (int run = (s->code.count + 1) / 2; run > 0; run /= 2) {
        for (int at = s->code.count - run; at > -run && run < s->code.count && !expired(s);) {
            int from = at < 0 ? 0 : at;

            begin(s);
            s->changed = s->code;
            shrink_code_remove(&s->changed, from, run);
            if (shrink_code_put_together(&s->changed, &s->tried->task[task]) && try_it(s)) {
                s->code = s->changed;
                any = true;
            }
            at -= run;
            if (at > s->code.count - run) {
                at = s->code.count - run;
            }
        }
    }
    return any;
}

/* The same place in two tasks, so that their turns still coincide. */
static bool drop_in_both(struct shrinker *s, unsigned a, unsigned b)
{
    bool any = false;
    int least;

    shrink_code_take_apart(&s->best->task[a], &s->code);
    shrink_code_take_apart(&s->best->task[b], &s->other);
    least = s->code.count < s->other.count ? s->code.count : s->other.count;
    for (int run = least / 2; run > 0; run /= 2) {
        for (int at = 0; at + run < least && !expired(s);) {
            struct code *of_b = &s->other_changed;

            begin(s);
            s->changed = s->code;
            *of_b = s->other;
            shrink_code_remove(&s->changed, at, run);
            shrink_code_remove(of_b, at, run);
            if (shrink_code_put_together(&s->changed, &s->tried->task[a]) &&
                shrink_code_put_together(of_b, &s->tried->task[b]) && try_it(s)) {
                s->code = s->changed;
                s->other = *of_b;
                least -= run;
                any = true;
            } else {
                at += run;
            }
        }
    }
    return any;
}

/* A CALL through a register becomes a direct one with the same target. */
static bool call_directly(struct shrinker *s, unsigned task)
{
    bool any = false;

    shrink_code_take_apart(&s->best->task[task], &s->code);
    for (int k = 1; k < s->code.count; k++) {
        uint32_t word = s->code.insns[k].word;
        uint32_t at = 0;
        int64_t to = -1;

        if (HSX_INSN_OPCODE(word) != HSX_OP_CALL || shrink_code_is_relative_call(word)) {
            continue;
        }
        for (int i = k - 1; i >= 0 && to < 0; i--) {
            const struct insn *load = &s->code.insns[i];

            if (load->has_ext && (load->word >> 20 & 0xF) == (word >> 16 & 0xF)) {
                to = (load->ext + (uint32_t)shrink_code_call_offset(&s->best->task[task], word)) &
                     0xFFFF;
            }
        }
        begin(s);
        s->changed = s->code;
        s->changed.insns[k].word = (uint32_t)HSX_OP_CALL << 24;
        for (int i = 0; i < s->code.count; i++) {
            if (at == to) {
                s->changed.insns[k].target = i;
            }
            at += s->code.insns[i].has_ext ? 8 : 4;
        }
        if (s->changed.insns[k].target >= 0 &&
            shrink_code_put_together(&s->changed, &s->tried->task[task]) && try_it(s)) {
            s->code = s->changed;
            any = true;
        }
    }
    return any;
}

/* Clears fields that an instruction does not use. */
static bool clear_unused(struct shrinker *s)
{
    begin(s);
    for (unsigned i = 0; i < s->tried->tasks; i++) {
        struct hsx_fuzz_task *t = &s->tried->task[i];

        for (size_t k = 0; k < t->words; k++) {
            const struct hsx_insn_info *info = &hsx_insn_table[HSX_INSN_OPCODE(t->code[k])];
            bool two = HSX_INSN_OPCODE(t->code[k]) == HSX_OP_LDI32 && k + 1 < t->words;

            if (info->name) {
                t->code[k] &= 0xFF000000u | hsx_insn_fields((enum hsx_operands)info->operands);
            }
            k += two;
        }
    }
    return try_it(s);
}

/* Two instructions that belong together, such as a PUSH and its POP. */
static bool drop_pairs(struct shrinker *s, unsigned task)
{
    bool any = false;

    shrink_code_take_apart(&s->best->task[task], &s->code);
    for (int a = s->code.count - 1; a > 0 && s->code.count <= FEW; a--) {
        for (int b = a - 1; b >= 0 && a < s->code.count && !expired(s); b--) {
            begin(s);
            s->changed = s->code;
            shrink_code_remove(&s->changed, a, 1);
            shrink_code_remove(&s->changed, b, 1);
            if (s->changed.count > 0 &&
                shrink_code_put_together(&s->changed, &s->tried->task[task]) && try_it(s)) {
                s->code = s->changed;
                any = true;
                a--;
            }
        }
    }
    return any;
}

static bool writes_rd(uint32_t word)
{
    const struct hsx_insn_info *info = &hsx_insn_table[HSX_INSN_OPCODE(word)];

    switch (info->name ? info->operands : (uint8_t)HSX_OPND_NONE) {
    case HSX_OPND_RD:
    case HSX_OPND_RD_RS1:
    case HSX_OPND_RD_RS1_RS2:
    case HSX_OPND_RD_MEM:
        return true;
    default:
        return false;
    }
}

/* A value that took many instructions to compute is loaded as a constant. */
static bool load_values(struct shrinker *s, unsigned task)
{
    uint32_t values[HSX_FUZZ_MAX_CODE];
    bool known[HSX_FUZZ_MAX_CODE] = {false};
    uint32_t at = 0;
    bool any = false;

    if (!s->how->values || !s->how->values(s->how->ctx, s->best, task, values, known)) {
        return false;
    }
    shrink_code_take_apart(&s->best->task[task], &s->code);
    for (int k = 0; k < s->code.count; k++) {
        uint32_t place = at;

        at += s->code.insns[k].has_ext ? 2 : 1;
        if (!known[place] || !writes_rd(s->code.insns[k].word) || expired(s)) {
            continue;
        }
        begin(s);
        s->changed = s->code;
        s->changed.insns[k] =
            (struct insn){.word = (uint32_t)HSX_OP_LDI32 << 24 | (s->code.insns[k].word & RD_FIELD),
                          .ext = values[place],
                          .has_ext = true,
                          .target = -1};
        if (shrink_code_put_together(&s->changed, &s->tried->task[task]) && try_it(s)) {
            s->code.insns[k] = s->changed.insns[k];
            any = true;
        }
    }
    return any;
}

/* Removes one unusual property of a program. False: it did not have it. */
static bool make_plain(struct hsx_fuzz_program *p, unsigned what)
{
    static const uint32_t no_code[HSX_FUZZ_HIGH_WORDS];
    bool was;

    switch (what) {
    case 0:
        was = p->actions;
        p->actions = false;
        return was;
    case 1:
        was = !p->plain;
        p->plain = true;
        p->actions = false;
        return was;
    case 2:
        was = p->trap_latency != 0;
        p->trap_latency = 0;
        return was;
    case 3:
        was = p->tick_steps != 0;
        p->tick_steps = 0;
        return was;
    case 4:
        was = memcmp(p->high_code, no_code, sizeof no_code) != 0;
        memset(p->high_code, 0, sizeof p->high_code);
        return was;
    default:
        return false;
    }
}

static bool make_task_plain(struct hsx_fuzz_task *t, unsigned what)
{
    bool was;

    switch (what) {
    case 0:
        was = t->odd != 0;
        t->odd = 0;
        return was;
    case 1:
        was = t->slice > 1;
        t->slice = 1;
        return was;
    case 2:
        was = t->mailboxes != NULL;
        t->mailboxes = NULL;
        return was;
    case 3:
        was = t->ro_len != 0 || t->bss_size != 0;
        t->ro_len = 0;
        t->bss_size = 0;
        return was;
    case 4:
        was = t->bss_size != 0;
        t->bss_size = 0;
        return was;
    case 5:
        was = t->stack_bytes != PLAIN_STACK;
        t->stack_bytes = PLAIN_STACK;
        return was;
    default:
        return false;
    }
}

enum { PLAIN = 5, TASK_PLAIN = 6 };

/* As early as possible, so that less has to run before it. */
static bool tick_sooner(struct shrinker *s)
{
    static const uint32_t steps[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512, 1024};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && steps[i] < s->best->tick_steps; i++) {
        begin(s);
        s->tried->tick_steps = steps[i];
        if (try_it(s)) {
            return true;
        }
    }
    return false;
}

static bool plainer(struct shrinker *s)
{
    bool any = tick_sooner(s);

    for (unsigned what = 0; what < PLAIN; what++) {
        begin(s);
        any = (make_plain(s->tried, what) && try_it(s)) || any;
    }
    for (unsigned i = 0; i < s->best->tasks; i++) {
        for (unsigned what = 0; what < TASK_PLAIN; what++) {
            begin(s);
            any = (make_task_plain(&s->tried->task[i], what) && try_it(s)) || any;
        }
    }
    return any;
}

static void shrink_all(struct shrinker *s)
{
    bool any = true;

    clear_unused(s);
    drop_tasks(s);
    for (unsigned round = 0; any && round < ROUNDS && !expired(s); round++) {
        any = plainer(s);
        any = drop_tasks(s) || any;
        any = empty_tasks(s) || any;
        for (unsigned i = 0; i < s->best->tasks; i++) {
            any = drop_insns(s, i) || any;
        }
        for (unsigned i = 0; i < s->best->tasks; i++) {
            if (load_values(s, i)) {
                any = true;
                drop_insns(s, i);
            }
        }
        for (unsigned i = 0; i < s->best->tasks; i++) {
            any = call_directly(s, i) || any;
            for (unsigned k = 0; k < i; k++) {
                any = drop_in_both(s, k, i) || any;
            }
        }
        for (unsigned i = 0; !any && i < s->best->tasks; i++) {
            any = drop_pairs(s, i);
        }
    }
}

enum hsx_status hsx_fuzz_shrink(struct hsx_fuzz_program *program, const struct hsx_shrink *shrink,
                                struct hsx_shrink_result *result)
{
    struct shrinker *s = calloc(1, sizeof *s);
    enum hsx_status status = HSX_ERR_MEMORY;

    *result = (struct hsx_shrink_result){0};
    if (s) {
        *s = (struct shrinker){
            .how = shrink, .best = malloc(sizeof *program), .tried = malloc(sizeof *program)};
    }
    if (s && s->best && s->tried) {
        *s->best = *program;
        *s->tried = *program;
        s->most = program->steps;
        status = HSX_ERR_ARGUMENT;
        if (try_it(s)) {
            shrink_all(s);
            *program = *s->best;
            status = HSX_OK;
        }
        *result = (struct hsx_shrink_result){
            .tries = s->tries, .tasks = program->tasks, .instructions = count_insns(program)};
    }
    if (s) {
        free(s->best);
        free(s->tried);
    }
    free(s);
    return status;
}
