// SPDX-License-Identifier: Apache-2.0
#include "generate.h"
#include <hsx/machine.h>
#include <hsx/svc.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* With up to FEW_TASKS each may have all the code that JMP reaches; with up to FEWER_TASKS one
 * may have a data segment that fills most of memory. */
enum { FEW_TASKS = 16, FEWER_TASKS = 8, SMALL_BSS = 64 };

static const struct mix mixes[] = {
    /* alu, constant, memory, window, stack, call, jump, svc, slow, onlook, stray */
    {20, 6, 8, 4, 6, 4, 5, 3, 4, 1, 1},  /* a bit of everything */
    {30, 4, 1, 1, 0, 0, 4, 0, 0, 0, 0},  /* registers only */
    {6, 4, 24, 10, 4, 0, 2, 1, 0, 0, 0}, /* memory */
    {6, 3, 4, 16, 8, 2, 2, 1, 1, 1, 0},  /* windows as memory */
    {4, 2, 2, 3, 16, 12, 3, 1, 0, 0, 0}, /* stack and calls */
    {4, 6, 0, 1, 1, 1, 2, 0, 14, 8, 0},  /* long instructions */
    {2, 1, 2, 2, 0, 0, 1, 0, 8, 16, 0},  /* the same, watched by other tasks */
    {5, 3, 2, 2, 2, 2, 2, 14, 1, 0, 0},  /* SVCs */
    {8, 4, 6, 4, 4, 2, 4, 2, 3, 1, 12},  /* noise */
};

/* A return word that is not a code address, for the RET that follows. Half of them differ from
 * one in a single bit. */
static void emit_bad_return_word(struct generator *g)
{
    uint32_t word = edge_value(&g->rng);

    word ^= rng_below(&g->rng, 4) << 16;

    if (rng_one_in(&g->rng, 2)) {
        word = 4 * (uint32_t)g->task->words | 1u << (16 + rng_below(&g->rng, 16));
    }
    emit_ldi32(g, R_POINTER, word);
    emit_op(g, HSX_OP_ST, 0, R_SP, R_POINTER, 0);
}

/* A subroutine; later ones may call earlier ones, so that all ends. */
static void emit_function(struct generator *g, const struct mix *mix)
{
    struct mix inner = *mix;
    uint16_t entry = (uint16_t)(4 * g->task->words);

    inner.svc /= 4;
    inner.stray /= 4;
    for (uint32_t n = rng_below(&g->rng, 5); n > 0; n--) {
        emit_fragment(g, &inner);
    }
    if (rng_one_in(&g->rng, 24)) {
        emit_bad_return_word(g);
    }
    emit_op(g, HSX_OP_RET, 0, 0, 0, (uint32_t)rng_next(&g->rng));
    if (g->function_count < sizeof g->functions / sizeof g->functions[0]) {
        g->functions[g->function_count++] = entry;
    }
}

/* SUB and JNZ back to the start of a loop, always within reach of JNZ. */
static void close_loop(struct generator *g, uint32_t start)
{
    emit_op(g, HSX_OP_SUB, R_COUNT, R_COUNT, R_ONE, 0);
    emit_op(g, HSX_OP_JNZ, 0, 0, 0, start);
}

/* The end of a task, if it gets there. A protected one loses nothing then if an access is refused.
 */
static void emit_end(struct generator *g, uint32_t loop)
{
    if (g->program->protect && rng_one_in(&g->rng, 2)) {
        emit_border(g);
    }
    switch (rng_below(&g->rng, 14)) {
    case 0:
        emit_op(g, HSX_OP_LDI, 0, 0, 0, rng_below(&g->rng, 200));
        emit_op(g, HSX_OP_SVC, 0, 0, 0, HSX_SVC_EXIT);
        break;
    case 1:
        /* The second word of the last LDI32 is missing: code ends here. */
        emit_op(g, HSX_OP_LDI32, emit_register(g), 0, 0, 0);
        return;
    case 2:
        return; /* runs off the end */
    case 3:
        emit_op(g, HSX_OP_POP, 1, 0, 0, 0);
        break;
    case 4:
    case 5:
        emit_op(g, HSX_OP_RET, 0, 0, 0, 0);
        break;
    case 6:
    case 7: /* calls what follows, so that there is a word to return to */
        emit_op(g, HSX_OP_CALL, 0, 0, 0, g->task->version == 2 ? 1 : 4);
        emit_bad_return_word(g);
        emit_op(g, HSX_OP_RET, 0, 0, 0, 0);
        break;
    case 8: /* a machine may take it for one of two words */
    case 9:
    case 10:
        emit_unknown(g);
        break;
    case 11: /* with its second word, and runs off the end */
        emit_edge_value(g);
        break;
    default:
        emit_op(g, HSX_OP_JMP, 0, 0, 0, loop);
        break;
    }
}

/* Enough unreachable code that addresses after it use all their bits. */
static void emit_padding(struct generator *g)
{
    uint32_t room = (uint32_t)(g->code_words - g->task->words);

    for (uint32_t n = room > 400 ? rng_below(&g->rng, room - 300) : 0; n > 0; n--) {
        emit(g, (uint32_t)rng_next(&g->rng));
    }
}

static void emit_main(struct generator *g, const struct mix *mix)
{
    uint32_t fragments =
        rng_one_in(&g->rng, 4) ? rng_below(&g->rng, 3) + 1 : rng_below(&g->rng, 60);

    if (rng_one_in(&g->rng, 6)) {
        emit_padding(g);
    }
    g->task->entry = 4 * (uint32_t)g->task->words;
    emit_op(g, HSX_OP_LDI, R_ONE, 0, 0, 1);
    for (unsigned reg = 1; reg <= g->registers; reg++) {
        if (rng_one_in(&g->rng, 2)) {
            emit_ldi32(g, reg, edge_value(&g->rng));
        }
    }
    uint32_t outer = 4 * (uint32_t)g->task->words;

    /* Tasks with one or two iterations reach their end. */
    emit_op(g, HSX_OP_LDI, R_COUNT, 0, 0, rng_below(&g->rng, rng_one_in(&g->rng, 3) ? 2 : 30) + 1);
    uint32_t loop = 4 * (uint32_t)g->task->words;

    if (g->program->protect && rng_one_in(&g->rng, 4)) {
        fragments = 0; /* it surely ends */
    }
    for (; fragments > 0 && emit_room(g, 40); fragments--) {
        if (g->aim && rng_one_in(&g->rng, 2)) {
            emit_aimed(g);
        } else if (g->watches && !rng_one_in(&g->rng, 4)) {
            emit_watch(g);
        } else {
            emit_fragment(g, mix);
        }
    }
    close_loop(g, loop);
    emit_end(g, outer);
}

/* Where tasks are few, one may have a segment whose length needs all its bits, or each one that
 * needs most. */
static uint32_t large_bss(struct generator *g)
{
    const uint32_t most = 0x9000;

    if (g->program->tasks > FEWER_TASKS || rng_one_in(&g->rng, 2)) {
        return rng_below(&g->rng, SMALL_BSS);
    }
    if (!g->one_large) {
        return rng_below(&g->rng, most / g->program->tasks);
    }
    if (g->index != 0) {
        return rng_below(&g->rng, SMALL_BSS);
    }
    return rng_one_in(&g->rng, 2) ? HSX_DATA_LINK + rng_below(&g->rng, 0x400)
                                  : rng_below(&g->rng, most);
}

static void make_data(struct generator *g)
{
    static const char names[NAMES][NAME_SIZE] = {"app:a",    "app:b",    "svc:in",
                                                 "shared:s", "svc:in@1", "pid:2"};
    struct hsx_fuzz_task *t = g->task;

    memcpy(t->data, names, sizeof names);
    for (size_t i = NAMES_SIZE; i < sizeof t->data; i++) {
        t->data[i] = (uint8_t)rng_next(&g->rng);
    }
    t->ro_len = NAMES_SIZE + rng_below(&g->rng, sizeof t->data - NAMES_SIZE);
    t->bss_size = large_bss(g);
    g->data_len = t->ro_len + t->bss_size;
}

static void place_odd_stack(struct generator *g)
{
    const uint32_t in_window = g->reg_base + 4 * rng_below(&g->rng, 24);
    const uint32_t at_page = HSX_SHARED_PAGE - 16 + 4 * rng_below(&g->rng, 40);
    const uint32_t at_zero = rng_below(&g->rng, 8);
    const uint32_t at_end = HSX_DATA_SIZE - 16 - 4 * rng_below(&g->rng, 8);
    const uint32_t starts[] = {g->reg_base,         in_window, at_page,
                               HSX_WINDOW_END - 24, at_zero,   at_end};
    struct hsx_fuzz_task *t = g->task;
    uint32_t low = rng_pick(&g->rng, starts, COUNT(starts));
    uint32_t top = low + 4 * (2 + rng_below(&g->rng, 24));

    if (rng_one_in(&g->rng, 3)) {
        top += rng_below(&g->rng, 4); /* sp is then never aligned */
    }
    t->odd |= HSX_FUZZ_ODD_STACK;
    t->stack_limit = (uint16_t)low;
    t->stack_top = (uint16_t)(top > 0xFFFF ? 0xFFFF : top);
    g->stack_limit = t->stack_limit;
    g->stack_top = t->stack_top;
}

/* Around high_code, which may be all of the code, its middle, or begin where the code ends. */
static void place_odd_code(struct generator *g)
{
    struct hsx_fuzz_task *t = g->task;

    if (rng_one_in(&g->rng, 3)) {
        t->code_len = HSX_CODE_SIZE;
        return;
    }
    t->code_base = (uint16_t)(4 * rng_below(&g->rng, HSX_FUZZ_HIGH_START / 4));
    t->code_len =
        HSX_FUZZ_HIGH_START - t->code_base + 4 * rng_below(&g->rng, HSX_FUZZ_HIGH_WORDS + 1);
}

/* The rest of the unusual contexts that only a debugger can make. */
static void make_odd(struct generator *g)
{
    static const uint32_t depths[] = {0xFFFF, 0xFFFE, 1, 3};
    static const uint32_t lengths[] = {0, 1, 5, 64, 0x1000, 0x4001, 0x7FFE, 0x8003, 0xBFFF, 0xC000};
    const uint32_t bases[] = {0,
                              HSX_SHARED_PAGE - 8,
                              g->reg_base,
                              HSX_WINDOW_START + 64 * g->program->tasks - 8,
                              HSX_DATA_SIZE - 64,
                              rng_below(&g->rng, HSX_DATA_SIZE)};
    struct hsx_fuzz_task *t = g->task;

    if (rng_one_in(&g->rng, 6)) {
        t->odd |= HSX_FUZZ_ODD_DATA;
        t->data_base = (uint16_t)(rng_pick(&g->rng, bases, COUNT(bases)) & ~3u);
        t->data_len = (uint16_t)rng_pick(&g->rng, lengths, COUNT(lengths));
        g->data_len = t->data_len;
    }
    if (rng_one_in(&g->rng, 12)) {
        t->odd |= HSX_FUZZ_ODD_DEPTH;
        t->call_depth = (uint16_t)rng_pick(&g->rng, depths, COUNT(depths));
    }
    if (rng_one_in(&g->rng, 12)) {
        t->odd |= HSX_FUZZ_ODD_CODE;
        place_odd_code(g);
    }
}

/* Mostly plain words, so that the end of code memory is reached and passed. */
static void make_high_code(struct rng *rng, struct hsx_fuzz_program *program)
{
    static const uint32_t ops[] = {HSX_OP_ADD,   HSX_OP_SUB,  HSX_OP_LDI, HSX_OP_CMP, HSX_OP_JZ,
                                   HSX_OP_LDI32, HSX_OP_CALL, HSX_OP_MUL, HSX_OP_JMP};

    for (size_t i = 0; i < HSX_FUZZ_HIGH_WORDS; i++) {
        uint32_t op = rng_pick(rng, ops, rng_one_in(rng, 4) ? COUNT(ops) : 4);

        program->high_code[i] = op << 24 | ((uint32_t)rng_next(rng) & 0xFFFFFC);
    }
}

static void spoil_high_code(struct rng *rng, struct hsx_fuzz_program *program)
{
    if (rng_one_in(rng, 4)) {
        uint32_t opcode = edge_opcode(rng), operands = (uint32_t)rng_next(rng) & 0xFFFFFF;

        program->high_code[rng_below(rng, HSX_FUZZ_HIGH_WORDS)] = opcode << 24 | operands;
    }
}

/* Arenas as section 4 assigns them to loads in this order. */
static void place_arenas(struct generator *g, uint32_t *next_stack)
{
    static const uint32_t sizes[] = {16, 32, 64, 256, 0x400};
    struct hsx_fuzz_task *t = g->task;
    uint32_t end = *next_stack;

    t->stack_bytes = rng_pick(&g->rng, sizes, g->program->tasks > FEW_TASKS ? 2 : COUNT(sizes));
    if (g->program->tasks <= FEW_TASKS && rng_one_in(&g->rng, 2)) {
        t->stack_bytes = 16 * (1 + rng_below(&g->rng, 64));
    }
    *next_stack -= t->stack_bytes;
    g->reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * g->index);
    g->stack_limit = (uint16_t)*next_stack;
    g->stack_top = (uint16_t)(end > 0xFFFC ? 0xFFFC : end);
    if (!g->program->protect && rng_one_in(&g->rng, 8)) {
        place_odd_stack(g);
    }
}

static void make_task(struct generator *g, uint32_t *next_stack)
{
    static const uint32_t slices[] = {1, 1, 1, 1, 1, 2, 3, 4, 8, 9, 33, 0, 128, 255};
    static const uint32_t widths[] = {2, 3, 4, 10, 10};
    const struct mix *mix = &mixes[rng_below(&g->rng, COUNT(mixes))];
    struct hsx_fuzz_task *t = g->task;

    t->version = rng_one_in(&g->rng, 2) ? 2 : 1;
    t->slice = (uint8_t)rng_pick(&g->rng, slices, COUNT(slices));
    t->same_as = -1;
    g->registers = rng_pick(&g->rng, widths, COUNT(widths));
    make_data(g);
    place_arenas(g, next_stack);
    make_odd(g);
    for (uint32_t n = rng_below(&g->rng, 5); n > 0 && emit_room(g, 100); n--) {
        emit_function(g, mix);
    }
    emit_main(g, mix);
}

/* Another instance of an earlier task's image: shared code, everything else separate. */
static void copy_task(struct hsx_fuzz_program *p, unsigned index, unsigned from,
                      uint32_t *next_stack)
{
    p->task[index] = p->task[from];
    p->task[index].same_as = p->task[from].same_as >= 0 ? p->task[from].same_as : (int)from;
    p->task[index].odd = 0;
    *next_stack -= p->task[index].stack_bytes;
}

void hsx_fuzz_generate(uint64_t seed, unsigned tasks, uint64_t steps, unsigned units,
                       struct hsx_fuzz_program *program)
{
    hsx_fuzz_generate_aimed(seed, tasks, steps, units, NULL, program);
}

void hsx_fuzz_generate_aimed(uint64_t seed, unsigned tasks, uint64_t steps, unsigned units,
                             const struct hsx_fuzz_aim *aim, struct hsx_fuzz_program *program)
{
    /* The last ones give at most one tick in a program, but use each bit of the count to it. */
    static const uint32_t ticks[] = {0,   1,    2,    7,    10,     50,      100,
                                     500, 1000, 1025, 1540, 0x8001, 0x40002, HSX_MAX_TICK_STEPS};
    static const uint32_t latencies[] = {0, 0, 0, 0, 1, 3, 20};
    struct rng rng = {seed};
    struct rng theme = {~seed};
    uint32_t next_stack = HSX_DATA_SIZE;

    memset(program, 0, sizeof *program);
    program->seed = seed;
    program->steps = steps;
    program->tasks = tasks;
    program->units = units;
    program->protect = rng_one_in(&rng, 2);
    program->tick_steps = rng_pick(&rng, ticks, COUNT(ticks));
    program->trap_latency = rng_pick(&rng, latencies, COUNT(latencies));
    program->actions = rng_one_in(&rng, 3);
    make_high_code(&rng, program);

    /* Many programs are about no one thing, some unprotected ones about results that come late. */
    const bool watches = !program->protect && rng_one_in(&theme, 3);
    const unsigned watched = rng_below(&theme, tasks);
    const bool one_large = rng_one_in(&theme, 2);
    size_t code_words = (HSX_CODE_SIZE / 4 - HSX_FUZZ_HIGH_WORDS) / tasks;

    code_words = code_words < HSX_FUZZ_MAX_CODE ? code_words : HSX_FUZZ_MAX_CODE;
    for (unsigned i = 0; i < tasks; i++) {
        struct generator g = {.rng = {rng_next(&rng)},
                              .program = program,
                              .index = i,
                              .code_words = code_words,
                              .watches = watches,
                              .watched = watched,
                              .one_large = one_large,
                              .aim = aim && aim->count > 0 ? aim : NULL};

        if (i > 0 && rng_one_in(&rng, 5)) {
            unsigned from = rng_below(&rng, i);

            if (program->task[from].bss_size <= SMALL_BSS) {
                copy_task(program, i, from, &next_stack);
                continue;
            }
        }
        g.task = &program->task[i];
        make_task(&g, &next_stack);
    }
    spoil_high_code(&rng, program);
}
