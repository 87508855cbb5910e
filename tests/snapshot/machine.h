// SPDX-License-Identifier: Apache-2.0
/* A machine under an executive whose record order is recorded. */
#ifndef HSX_TEST_MACHINE_H
#define HSX_TEST_MACHINE_H

#include <hsx/exec.h>
#include <hsx/trace.h>

struct machine {
    struct hsx_target *target;
    struct hsx_exec *exec;
    struct hsx_trace *trace; /* NULL: none */
    FILE *out;
    char *text;
    size_t text_size;
};

/* rtl: the Verilated core, else the C VM. Its ticks come every 50 steps. */
void machine_open(struct machine *m, bool rtl);
void machine_close(struct machine *m);
/* Loads test images by path. */
void machine_load(struct machine *m, const char *path, uint8_t slice);
/* From now on the trace is recorded. */
void machine_trace(struct machine *m);
/* The trace so far without the cycles, which belong to a target; freed by the caller. */
char *machine_text(struct machine *m);
/* Retire exactly so many instructions, or until nothing is left to run. */
void machine_run(struct machine *m, uint64_t steps);

void machine_save(struct machine *m, uint8_t **bytes, size_t *size);
/* Fails the test when the snapshot is refused. */
void machine_restore(struct machine *m, const uint8_t *bytes, size_t size);

#endif
