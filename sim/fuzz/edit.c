// SPDX-License-Identifier: Apache-2.0
/* Programs that are made from others by small changes. */
#include "rng.h"
#include <hsx/fuzz.h>
#include <hsx/isa.h>

enum { LONGEST_RUN = 12, MOST_WORDS = 8 };

struct editor {
    struct rng rng;
    struct hsx_fuzz_program *program;
    struct hsx_fuzz_program *spare; /* parts of it are taken over */
};

static struct hsx_fuzz_task *any_task(struct editor *e)
{
    return &e->program->task[rng_below(&e->rng, e->program->tasks)];
}

/* Another program of the same size. */
static const struct hsx_fuzz_program *another(struct editor *e)
{
    const struct hsx_fuzz_program *p = e->program;

    hsx_fuzz_generate(rng_next(&e->rng), p->tasks, p->steps, p->units, e->spare);
    return e->spare;
}

/* A whole task: each has as much room as the one it replaces. */
static void take_task(struct editor *e)
{
    const struct hsx_fuzz_program *from = another(e);
    unsigned index = rng_below(&e->rng, e->program->tasks);

    e->program->task[index] = from->task[index];
    e->program->task[index].same_as = -1;
}

/* How the tasks run. */
static void take_frame(struct editor *e)
{
    const struct hsx_fuzz_program *from = another(e);
    unsigned index = rng_below(&e->rng, e->program->tasks);

    switch (rng_below(&e->rng, 4)) {
    case 0:
        e->program->tick_steps = from->tick_steps;
        break;
    case 1:
        e->program->trap_latency = from->trap_latency;
        break;
    case 2:
        e->program->actions = from->actions;
        break;
    default:
        e->program->task[index].slice = from->task[index].slice;
        break;
    }
}

/* One field of a word, or the whole opcode. */
static uint32_t change_word(struct editor *e, uint32_t word)
{
    const unsigned field = 12 + 4 * rng_below(&e->rng, 3);
    uint32_t op;

    switch (rng_below(&e->rng, 4)) {
    case 0:
        do {
            op = rng_below(&e->rng, 0x80);
        } while (!hsx_insn_table[op].name);
        return op << 24 | (word & 0xFFFFFF);
    case 1:
        return word ^ 1u << rng_below(&e->rng, 12);
    default:
        return (word & ~(0xFu << field)) | rng_below(&e->rng, 16) << field;
    }
}

static void change_words(struct editor *e)
{
    struct hsx_fuzz_task *task = any_task(e);

    for (uint32_t n = 1 + rng_below(&e->rng, MOST_WORDS); n > 0 && task->words > 0; n--) {
        uint32_t at = rng_below(&e->rng, (uint32_t)task->words);

        task->code[at] = change_word(e, task->code[at]);
    }
}

/* A run of words over others, of the same task or of one that may belong to another program. */
static void copy_words(struct editor *e, const struct hsx_fuzz_task *from)
{
    struct hsx_fuzz_task *to = any_task(e);
    uint32_t count = 1 + rng_below(&e->rng, LONGEST_RUN);

    if (count > from->words || count > to->words) {
        return;
    }
    uint32_t source = rng_below(&e->rng, (uint32_t)from->words - count + 1);
    uint32_t target = rng_below(&e->rng, (uint32_t)to->words - count + 1);

    for (uint32_t i = 0; i < count; i++) {
        to->code[target + i] = from->code[source + i];
    }
}

/* A task does what another one does, with its own data and stack. */
static void copy_code(struct editor *e)
{
    const struct hsx_fuzz_task *from = any_task(e);
    struct hsx_fuzz_task *to = any_task(e);

    for (size_t i = 0; i < from->words; i++) {
        to->code[i] = from->code[i];
    }
    to->words = from->words;
    to->entry = from->entry;
    to->version = from->version;
    to->same_as = -1;
}

void hsx_fuzz_edit(struct hsx_fuzz_program *program, uint64_t number,
                   struct hsx_fuzz_program *spare)
{
    struct editor e = {.rng = {number}, .program = program, .spare = spare};

    switch (rng_below(&e.rng, 8)) {
    case 0:
        take_task(&e);
        break;
    case 1:
        take_frame(&e);
        break;
    case 2:
        copy_code(&e);
        break;
    case 3:
    case 4:
        copy_words(&e, any_task(&e));
        break;
    case 5: {
        const struct hsx_fuzz_program *from = another(&e);

        copy_words(&e, &from->task[rng_below(&e.rng, from->tasks)]);
        break;
    }
    default:
        change_words(&e);
        break;
    }
}

void hsx_fuzz_make(const struct hsx_fuzz_recipe *recipe, unsigned tasks, uint64_t steps,
                   unsigned units, const struct hsx_fuzz_aim *aim, struct hsx_fuzz_program *program,
                   struct hsx_fuzz_program *spare)
{
    hsx_fuzz_generate_aimed(recipe->seed, tasks, steps, units, aim, program);
    for (unsigned i = 0; i < recipe->count; i++) {
        hsx_fuzz_edit(program, recipe->edits[i], spare);
    }
}
