// SPDX-License-Identifier: Apache-2.0
/*
 * Random multi-task programs from all instructions, biased to the edges of the
 * contract: guards, windows as memory, straddling accesses, faults, SVCs,
 * ends of code, slices, ticks, actions from outside. Everything is determined by the seed
 * and the requested sizes.
 */
#ifndef HSX_FUZZ_H
#define HSX_FUZZ_H

#include <hsx/exec.h>
#include <hsx/image.h>
#include <hsx/status.h>
#include <hsx/target.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HSX_FUZZ_MAX_TASKS = 128, HSX_FUZZ_MAX_CODE = 1000 /* words; JMP reaches 0xFFF */ };

struct hsx_fuzz_task {
    uint32_t code[HSX_FUZZ_MAX_CODE];
    size_t words;
    uint32_t entry;    /* bytes */
    uint16_t version;  /* of the image: 1 has byte offsets in CALL, 2 words */
    const uint8_t *ro; /* instead of data, or NULL; not owned */
    const struct hsx_mailbox_list *mailboxes; /* of the image, or NULL; not owned */
    uint8_t data[256]; /* read-only data: names and messages for SVCs, then noise */
    uint32_t ro_len;   /* bytes */
    uint32_t bss_size; /* bytes */
    uint32_t stack_bytes;
    uint8_t slice;
    int same_as;  /* task whose image this one shares, or -1 */
    unsigned odd; /* union of HSX_FUZZ_ODD_*; the values are below */
    uint16_t stack_limit;
    uint16_t stack_top;
    uint16_t data_base;
    uint16_t data_len;
    uint16_t call_depth;
    uint16_t code_base;
    uint32_t code_len;
};

/* Unusual contexts that no load gives, but a debugger can make. */
enum {
    HSX_FUZZ_ODD_STACK = 1, /* over windows, across a border, at an end of memory, unaligned */
    HSX_FUZZ_ODD_DATA = 2,  /* the data segment anywhere, up to the maximal length */
    HSX_FUZZ_ODD_DEPTH = 4,
    HSX_FUZZ_ODD_CODE = 8 /* its code starts anywhere, and the task at high_code */
};

enum { HSX_FUZZ_HIGH_WORDS = 8, HSX_FUZZ_HIGH_START = HSX_CODE_SIZE - 4 * HSX_FUZZ_HIGH_WORDS };

struct hsx_fuzz_program {
    uint64_t seed;
    uint64_t steps; /* after which the program is stopped */
    unsigned units; /* HSX_UNIT_* that its instructions may need */
    unsigned tasks; /* 1 .. HSX_FUZZ_MAX_TASKS */
    bool protect;
    uint32_t tick_steps;
    uint64_t trap_latency;
    bool plain;    /* one run only, and tasks stopped by a BRK stay stopped */
    bool calls;    /* CALL offsets do not depend on an image's version: they count */
    bool words;    /* in words, else in bytes */
    bool embedded; /* the limits of that profile */
    bool actions;  /* pauses, kills, pokes from outside between runs */
    uint32_t high_code[HSX_FUZZ_HIGH_WORDS]; /* last words of code memory: pc wraps */
    struct hsx_fuzz_task task[HSX_FUZZ_MAX_TASKS];
};

/* The same seed, tasks, steps and units give the same program. units: HSX_UNIT_* of the
 * machine; few of the instructions need others. */
void hsx_fuzz_generate(uint64_t seed, unsigned tasks, uint64_t steps, unsigned units,
                       struct hsx_fuzz_program *program);

/* What programs have not reached: the points of <hsx/coverage.h> whose count is 0. NULL: out of
 * memory. */
struct hsx_fuzz_aim;
struct hsx_fuzz_aim *hsx_fuzz_aim_create(const uint64_t *counts);
void hsx_fuzz_aim_destroy(struct hsx_fuzz_aim *aim);

/* The same, aimed at unreached points; aim may be NULL. The program then also depends on
 * the aim. */
void hsx_fuzz_generate_aimed(uint64_t seed, unsigned tasks, uint64_t steps, unsigned units,
                             const struct hsx_fuzz_aim *aim, struct hsx_fuzz_program *program);

/* A small change of a program, which follows from its number and from the program: words, a whole
 * task, how tasks run. Parts of other programs are made in *spare. */
void hsx_fuzz_edit(struct hsx_fuzz_program *program, uint64_t number,
                   struct hsx_fuzz_program *spare);

/* The program of a seed, and changes of it, one after another. */
enum { HSX_FUZZ_MAX_EDITS = 24 };
struct hsx_fuzz_recipe {
    uint64_t seed;
    unsigned count; /* of edits */
    uint64_t edits[HSX_FUZZ_MAX_EDITS];
};

/* hsx_fuzz_generate_aimed, then hsx_fuzz_edit with each number. */
void hsx_fuzz_make(const struct hsx_fuzz_recipe *recipe, unsigned tasks, uint64_t steps,
                   unsigned units, const struct hsx_fuzz_aim *aim, struct hsx_fuzz_program *program,
                   struct hsx_fuzz_program *spare);

/* The image of a task; the caller frees *bytes. */
enum hsx_status hsx_fuzz_image(const struct hsx_fuzz_task *task, uint8_t **bytes, size_t *size);

/* Totals of a program, for tests of the generator. */
struct hsx_fuzz_result {
    uint64_t steps;
    uint64_t faults;
    uint64_t svcs;
    uint64_t actions; /* from outside */
};

/*
 * Run a program under an executive on a fresh target, with one load per task and the
 * program's actions from outside. HSX_OK even if tasks fault; an error of the target is
 * passed on.
 */
enum hsx_status hsx_fuzz_run(const struct hsx_fuzz_program *program, struct hsx_target *target,
                             struct hsx_fuzz_result *result);

/* Only loads: returns the executive, to be destroyed before the target, and the tasks' ids. */
enum hsx_status hsx_fuzz_load(const struct hsx_fuzz_program *program, struct hsx_target *target,
                              uint32_t pids[HSX_FUZZ_MAX_TASKS], struct hsx_exec **exec);

/* Options for the caller of a run; all zero: none. */
struct hsx_fuzz_watch {
    const volatile sig_atomic_t *interrupt;           /* as in struct hsx_exec_run */
    void (*loaded)(void *ctx, struct hsx_exec *exec); /* called when all are loaded; or NULL */
    void (*look)(void *ctx, struct hsx_exec *exec);   /* called after each part; or NULL */
    void *ctx;
    const struct hsx_exec_sink *sink; /* attached before the tasks are loaded, or NULL */
};

/* The same; the program also stops at an interrupt. */
enum hsx_status hsx_fuzz_run_watched(const struct hsx_fuzz_program *program,
                                     struct hsx_target *target, const struct hsx_fuzz_watch *watch,
                                     struct hsx_fuzz_result *result);

#ifdef __cplusplus
}
#endif

#endif
