// SPDX-License-Identifier: Apache-2.0
/* What a run in lock-step did before it diverged: memory according to the records, and the last
 * writers. */
#ifndef HSX_CLI_BUNDLE_LOG_H
#define HSX_CLI_BUNDLE_LOG_H

#include <hsx/exec.h>
#include <hsx/fuzz.h>

enum bundle_writer_kind { WRITER_NONE, WRITER_LOAD, WRITER_INSTRUCTION, WRITER_EXECUTIVE };

struct bundle_writer {
    enum bundle_writer_kind kind;
    uint64_t order;
    uint64_t cycle;
    uint32_t pid;
    uint32_t insn, ext; /* of WRITER_INSTRUCTION; the SVC of WRITER_EXECUTIVE, if any */
    uint16_t pc;
};

struct bundle_log {
    uint8_t memory[HSX_DATA_SIZE];
    struct bundle_writer byte[HSX_DATA_SIZE];
    struct bundle_writer flags[HSX_MAX_CONTEXTS]; /* of psw, by slot; */
    struct bundle_writer stack[HSX_MAX_CONTEXTS]; /* of sp */
    uint8_t psw[HSX_MAX_CONTEXTS];
    uint16_t sp[HSX_MAX_CONTEXTS];
    bool has_sp[HSX_MAX_CONTEXTS];

    /* The last value that the instruction at a word of a task's code wrote. */
    uint32_t value[HSX_FUZZ_MAX_TASKS][HSX_FUZZ_MAX_CODE];
    bool has_value[HSX_FUZZ_MAX_TASKS][HSX_FUZZ_MAX_CODE];

    uint64_t steps; /* before the difference */

    /* Stores of the executive whose event is not reported yet. */
    struct {
        uint32_t addr, len;
    } stores[1024];
    size_t store_count;
};

/* *log must be zeroed. Attach the sink before anything is loaded. */
struct hsx_exec_sink bundle_log_sink(struct bundle_log *log);

/* "order 12, cycle 40, task 1 at 0x0010: ADD R1, R2, R3" */
void bundle_writer_text(const struct bundle_writer *writer, char *text, size_t size);

#endif
