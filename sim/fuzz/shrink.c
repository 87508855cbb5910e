// SPDX-License-Identifier: Apache-2.0
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <hsx/shrink.h>
#include <stdlib.h>
#include <string.h>

enum { RD_FIELD = 0xF << 20, PLAIN_STACK = 0x400, ROUNDS = 12, MORE_STEPS = 300, FEW = 40 };

struct insn {
    uint32_t word, ext;
    bool has_ext;
    int target; /* index of the instruction it goes to; -1: it goes nowhere, or to no instruction */
};

/* A task's code, instruction by instruction. */
struct code {
    struct insn insns[HSX_FUZZ_MAX_CODE];
    int count;
    int entry;
};

struct shrinker {
    const struct hsx_shrink *how;
    struct hsx_fuzz_program *best;
    struct hsx_fuzz_program *tried;
    struct code code; /* of the task at work */
    struct code changed;
    struct code other; /* of a second one */
    struct code other_changed;
    uint64_t most; /* steps of the program as it came */
    unsigned tries;
};

/* ---- Code */

static bool is_jump(uint32_t word)
{
    uint32_t op = HSX_INSN_OPCODE(word);

    return op == HSX_OP_JMP || op == HSX_OP_JZ || op == HSX_OP_JNZ;
}

static bool is_relative_call(uint32_t word)
{
    return HSX_INSN_OPCODE(word) == HSX_OP_CALL && (word >> 16 & 0xF) == 0;
}

static int32_t signed_imm(uint32_t word)
{
    return (int32_t)(word << 20) >> 20;
}

static int32_t call_unit(const struct hsx_fuzz_task *task)
{
    return task->version == 2 ? 4 : 1;
}

/* Where the instruction at address goes to, or -1. */
static int64_t target_address(const struct hsx_fuzz_task *task, uint32_t word, uint32_t address)
{
    if (is_jump(word)) {
        return word & 0xFFF;
    }
    if (is_relative_call(word)) {
        return ((int64_t)address + signed_imm(word) * call_unit(task)) & 0xFFFF;
    }
    return -1;
}

static void take_apart(const struct hsx_fuzz_task *task, struct code *code)
{
    static const int none = -1;
    int index_at[HSX_FUZZ_MAX_CODE + 1];
    uint32_t address[HSX_FUZZ_MAX_CODE];

    memset(code, 0, sizeof *code);
    for (size_t i = 0; i <= task->words; i++) {
        index_at[i] = none;
    }
    for (size_t i = 0; i < task->words; i++) {
        struct insn *insn = &code->insns[code->count];

        insn->word = task->code[i];
        index_at[i] = code->count;
        address[code->count++] = 4 * (uint32_t)i;
        if (HSX_INSN_OPCODE(insn->word) == HSX_OP_LDI32 && i + 1 < task->words) {
            insn->has_ext = true;
            insn->ext = task->code[++i];
        }
    }
    index_at[task->words] = code->count;
    code->entry = task->entry / 4 < task->words ? index_at[task->entry / 4] : 0;
    for (int k = 0; k < code->count; k++) {
        int64_t to = target_address(task, code->insns[k].word, address[k]);
        bool inside = to >= 0 && to % 4 == 0 && to / 4 <= (int64_t)task->words;

        code->insns[k].target = inside ? index_at[to / 4] : none;
    }
}

/* False: a jump does not reach any more, or nothing is left to enter. */
static bool put_together(const struct code *code, struct hsx_fuzz_task *task)
{
    uint32_t address[HSX_FUZZ_MAX_CODE + 1];
    uint32_t end = 0;

    for (int k = 0; k < code->count; k++) {
        address[k] = end;
        end += code->insns[k].has_ext ? 8 : 4;
    }
    address[code->count] = end;
    if (code->entry < 0 || code->entry >= code->count) {
        return false;
    }
    task->words = 0;
    task->entry = address[code->entry];
    for (int k = 0; k < code->count; k++) {
        const struct insn *insn = &code->insns[k];
        uint32_t word = insn->word;

        if (insn->target >= 0 && is_jump(word)) {
            word = (word & ~0xFFFu) | address[insn->target];
        } else if (insn->target >= 0) {
            int32_t distance = (int32_t)address[insn->target] - (int32_t)address[k];

            if (distance % call_unit(task) != 0 || distance / call_unit(task) < -2048 ||
                distance / call_unit(task) > 2047) {
                return false;
            }
            word = (word & ~0xFFFu) | ((uint32_t)(distance / call_unit(task)) & 0xFFF);
        }
        task->code[task->words++] = word;
        if (insn->has_ext) {
            task->code[task->words++] = insn->ext;
        }
    }
    return true;
}

/* What went to an instruction that is gone goes to the one behind it. */
static void remove_insns(struct code *code, int from, int count)
{
    memmove(&code->insns[from], &code->insns[from + count],
            (size_t)(code->count - from - count) * sizeof code->insns[0]);
    code->count -= count;
    for (int k = 0; k < code->count; k++) {
        int target = code->insns[k].target;

        if (target >= from) {
            code->insns[k].target = target >= from + count ? target - count : from;
        }
    }
    if (code->entry >= from) {
        code->entry = code->entry >= from + count ? code->entry - count : from;
    }
    if (code->entry == code->count && code->count > 0) {
        code->entry--;
    }
}

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

/* Takes s->tried over if it shows the difference. */
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

/* What is left out may make the difference come later. */
static void begin(struct shrinker *s)
{
    uint64_t more =
        s->best->steps < UINT64_MAX - MORE_STEPS ? s->best->steps + MORE_STEPS : UINT64_MAX;

    *s->tried = *s->best;
    s->tried->steps = more < s->most ? more : s->most;
}

/* ---- What to leave out */

static void drop_task(struct hsx_fuzz_program *p, unsigned i)
{
    memmove(&p->task[i], &p->task[i + 1], (p->tasks - i - 1) * sizeof p->task[0]);
    p->tasks--;
    for (unsigned k = 0; k < p->tasks; k++) {
        p->task[k].same_as = -1;
    }
}

/* Windows of the tasks behind one that is gone lie lower by one: so do constants that point
 * at them. */
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

/* One that must be there, for others are counted from it, may still do nothing. */
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

    take_apart(&s->best->task[task], &s->code);
    for (int run = (s->code.count + 1) / 2; run > 0; run /= 2) {
        for (int at = s->code.count - run; at > -run && !expired(s);) {
            int from = at < 0 ? 0 : at;

            begin(s);
            s->changed = s->code;
            remove_insns(&s->changed, from, run);
            if (s->code.count > run && put_together(&s->changed, &s->tried->task[task]) &&
                try_it(s)) {
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

/* The same place of two tasks, so that their turns still meet. */
static bool drop_in_both(struct shrinker *s, unsigned a, unsigned b)
{
    bool any = false;
    int least;

    take_apart(&s->best->task[a], &s->code);
    take_apart(&s->best->task[b], &s->other);
    least = s->code.count < s->other.count ? s->code.count : s->other.count;
    for (int run = least / 2; run > 0; run /= 2) {
        for (int at = 0; at + run < least && !expired(s);) {
            struct code *of_b = &s->other_changed;

            begin(s);
            s->changed = s->code;
            *of_b = s->other;
            remove_insns(&s->changed, at, run);
            remove_insns(of_b, at, run);
            if (put_together(&s->changed, &s->tried->task[a]) &&
                put_together(of_b, &s->tried->task[b]) && try_it(s)) {
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

/* A CALL through a register becomes one that keeps its target. */
static bool call_directly(struct shrinker *s, unsigned task)
{
    bool any = false;

    take_apart(&s->best->task[task], &s->code);
    for (int k = 1; k < s->code.count; k++) {
        uint32_t word = s->code.insns[k].word;
        uint32_t at = 0;
        int64_t to = -1;

        if (HSX_INSN_OPCODE(word) != HSX_OP_CALL || is_relative_call(word)) {
            continue;
        }
        for (int i = k - 1; i >= 0 && to < 0; i--) {
            const struct insn *load = &s->code.insns[i];

            if (load->has_ext && (load->word >> 20 & 0xF) == (word >> 16 & 0xF)) {
                to = (load->ext + (uint32_t)(signed_imm(word) * call_unit(&s->best->task[task]))) &
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
        if (s->changed.insns[k].target >= 0 && put_together(&s->changed, &s->tried->task[task]) &&
            try_it(s)) {
            s->code = s->changed;
            any = true;
        }
    }
    return any;
}

/* Noise in fields that an instruction does not use. */
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

/* Two instructions that are there for each other, such as a PUSH and its POP. */
static bool drop_pairs(struct shrinker *s, unsigned task)
{
    bool any = false;

    take_apart(&s->best->task[task], &s->code);
    for (int a = s->code.count - 1; a > 0 && s->code.count <= FEW; a--) {
        for (int b = a - 1; b >= 0 && a < s->code.count && !expired(s); b--) {
            begin(s);
            s->changed = s->code;
            remove_insns(&s->changed, a, 1);
            remove_insns(&s->changed, b, 1);
            if (s->changed.count > 0 && put_together(&s->changed, &s->tried->task[task]) &&
                try_it(s)) {
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

/* A value that took many instructions to make is loaded as it was. */
static bool load_values(struct shrinker *s, unsigned task)
{
    uint32_t values[HSX_FUZZ_MAX_CODE];
    bool known[HSX_FUZZ_MAX_CODE] = {false};
    uint32_t at = 0;
    bool any = false;

    if (!s->how->values || !s->how->values(s->how->ctx, s->best, task, values, known)) {
        return false;
    }
    take_apart(&s->best->task[task], &s->code);
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
        if (put_together(&s->changed, &s->tried->task[task]) && try_it(s)) {
            s->code.insns[k] = s->changed.insns[k];
            any = true;
        }
    }
    return any;
}

/* What is unusual about a program, one thing after another. False: it was not. */
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

static bool plainer(struct shrinker *s)
{
    bool any = false;

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
