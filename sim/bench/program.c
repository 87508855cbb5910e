// SPDX-License-Identifier: Apache-2.0
#include "program.h"
#include "files.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STACK_BYTES = 256 /* enough for every program, and 64 fit next to the largest data */
};

const struct bench_program bench_programs[BENCH_PROGRAMS] = {
    {"xorshift", BENCH_KERNEL, "xorshift.hxe"}, {"sieve", BENCH_KERNEL, "sieve.hxe"},
    {"crc32", BENCH_KERNEL, "crc32.hxe"},       {"fir16", BENCH_DEMO, "fir16.hxe"},
    {"stackmix", BENCH_DEMO, "stackmix.hxe"},   {"crc32-demo", BENCH_DEMO, "crc32.hxe"},
};

enum hsx_status bench_failed(const char *what, enum hsx_status status)
{
    fprintf(stderr, "hsx-bench: %s: %s\n", what, hsx_status_name(status));
    return status;
}

enum hsx_status bench_exec_create(struct hsx_target *target, enum bench_kind kind,
                                  struct hsx_exec **exec)
{
    struct hsx_exec_config config;
    enum hsx_status status;

    hsx_exec_config_init(&config);
    config.protect = kind == BENCH_DEMO;
    config.stack_bytes = STACK_BYTES;
    config.tick_steps = 0;
    config.ring = 0;
    status = hsx_exec_create(target, &config, exec);
    return status == HSX_OK ? status : bench_failed("the executive", status);
}

static enum hsx_status read_image(const struct bench_program *program, enum bench_size size,
                                  uint8_t **bytes, size_t *count)
{
    static const char *const sizes[] = {"small", "own"};
    char path[4096];
    char *text = NULL;
    enum hsx_status status;

    if (program->kind == BENCH_DEMO) {
        snprintf(path, sizeof path, "%s/%s", HSX_BENCH_DEMOS, program->file);
    } else {
        snprintf(path, sizeof path, "%s/%s/%s", HSX_BENCH_IMAGES, sizes[size], program->file);
    }
    status = hsx_read_file(path, &text, count);
    *bytes = (uint8_t *)text;
    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    return status;
}

enum hsx_status bench_load(struct hsx_exec *exec, const struct bench_program *program,
                           enum bench_size size, unsigned count, unsigned stagger)
{
    const struct hsx_exec_load load = {0};
    uint8_t *bytes;
    size_t length;
    enum hsx_status status = read_image(program, size, &bytes, &length);

    if (status != HSX_OK) {
        return status;
    }
    for (unsigned i = 0; status == HSX_OK && i < count; i++) {
        struct hsx_exec_run run = {.max_steps = stagger};
        struct hsx_exec_error error;
        uint32_t pid;

        status = hsx_exec_load(exec, bytes, length, &load, &pid, &error);
        if (status != HSX_OK) {
            fprintf(stderr, "hsx-bench: task %u of %s: %s\n", i + 1, program->name, error.text);
        } else if (stagger != 0) {
            status = hsx_exec_run(exec, &run);
        }
    }
    free(bytes);
    return status;
}
