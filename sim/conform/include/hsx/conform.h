// SPDX-License-Identifier: Apache-2.0
/*
 * One-instruction conformance cases in the format of docs/conformance.md, and
 * their check on any machine behind struct hsx_target.
 *
 * A case holds on a machine if after one step pc, psw, sp, all of data memory (including
 * the register window), state, stop and retirement record are as in the case. Cases run
 * without translation and protection.
 */
#ifndef HSX_CONFORM_H
#define HSX_CONFORM_H

#include <hsx/target.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hsx_conform_event {
    HSX_CONFORM_NONE,
    HSX_CONFORM_FAULT,
    HSX_CONFORM_RETURN,
    HSX_CONFORM_BREAK
};

struct hsx_conform_byte {
    uint16_t addr;
    uint8_t value;
};

struct hsx_conform_case {
    char *name;
    size_t line; /* in its file, from 1 */
    uint32_t insn;
    uint32_t ext; /* of LDI32, else 0 */
    bool call_words;
    uint16_t pc, sp, reg_base, stack_limit, stack_top, call_depth;
    uint8_t psw;
    uint32_t regs[HSX_REGISTERS];
    struct hsx_conform_byte *mem;
    size_t mem_count;

    uint16_t out_pc, out_sp;
    uint8_t out_psw;
    uint32_t out_regs[HSX_REGISTERS]; /* all sixteen, including unchanged ones */
    struct hsx_conform_byte *out_mem; /* outside the window */
    size_t out_mem_count;
    enum hsx_conform_event event;
    uint32_t fault; /* HSX_FAULT_* of a fault */
    bool retired;
};

struct hsx_conform_set {
    struct hsx_conform_case *cases;
    size_t count;
};

struct hsx_conform_error {
    char text[256]; /* one line: file:line: what is wrong, what was expected */
};

/* Parse size bytes of JSON Lines; name is the file's name in messages. Blank lines are
 * skipped, unknown members ignored. Free the set; after an error (HSX_ERR_FORMAT,
 * HSX_ERR_MEMORY) it is empty. */
enum hsx_status hsx_conform_parse(const char *text, size_t size, const char *name,
                                  struct hsx_conform_set *set, struct hsx_conform_error *error);
void hsx_conform_free(struct hsx_conform_set *set);

struct hsx_conform_outcome {
    unsigned differences; /* 0: the case holds */
    char text[512];       /* one line: the expected and the actual value */
};

struct hsx_conform_runner;

/* The target remains the caller's; the runner uses its slot 0, all of its memories, its
 * queue and its tick. */
enum hsx_status hsx_conform_runner_create(struct hsx_target *target,
                                          struct hsx_conform_runner **runner);
void hsx_conform_runner_destroy(struct hsx_conform_runner *runner);

/* Run one case. The result is HSX_OK unless the target itself fails. everything: compare all of
 * data memory; else the windows (section 4) that are not in the case are left to the next case
 * with everything, which then reports a stray write there. */
enum hsx_status hsx_conform_run(struct hsx_conform_runner *runner,
                                const struct hsx_conform_case *test, bool everything,
                                struct hsx_conform_outcome *outcome);

/* Only prepares the case: the target's next step is the case's instruction. */
enum hsx_status hsx_conform_prepare(struct hsx_conform_runner *runner,
                                    const struct hsx_conform_case *test);

#ifdef __cplusplus
}
#endif

#endif
