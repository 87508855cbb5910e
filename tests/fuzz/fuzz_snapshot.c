// SPDX-License-Identifier: Apache-2.0
/* A snapshot after a valid header: if it is refused, nothing changes and there is a
 * message; if it is accepted, the machine can be saved, restored again, and run. */
#include "fuzz.h"
#include <hsx/exec.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { HEADER_SIZE = 20, CRC_AT = 16 }; /* docs/snapshot.md */

static struct hsx_exec *machine(void)
{
    static struct hsx_exec *exec;
    struct hsx_exec_config config;
    struct hsx_target *target;

    if (!exec) {
        hsx_exec_config_init(&config);
        if (hsx_target_vm_create(16, &target) != HSX_OK ||
            hsx_exec_create(target, &config, &exec) != HSX_OK) {
            abort();
        }
    }
    return exec;
}

static void put_word(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

/* The checksum would reject random changes, so it is corrected. */
static void make_header(uint8_t *bytes, size_t size)
{
    memcpy(bytes, "HSXSNAP\n", 8);
    put_word(bytes + 8, 2);
    put_word(bytes + 12, (uint32_t)(size - HEADER_SIZE));

    uLong crc = crc32(0, bytes, CRC_AT);

    put_word(bytes + CRC_AT, (uint32_t)crc32(crc, bytes + HEADER_SIZE, (uInt)(size - HEADER_SIZE)));
}

static void save(struct hsx_exec *exec, uint8_t **bytes, size_t *size)
{
    if (hsx_exec_save(exec, bytes, size) != HSX_OK) {
        abort();
    }
}

static void check_accepted(struct hsx_exec *exec)
{
    struct hsx_exec_run run = {.max_steps = 300};
    uint8_t *once, *again;
    size_t size, size_again;

    save(exec, &once, &size);
    if (hsx_exec_restore(exec, once, size, NULL) != HSX_OK) {
        abort();
    }
    save(exec, &again, &size_again);
    if (size != size_again || memcmp(once, again, size) != 0) {
        abort();
    }
    free(once);
    free(again);
    if (hsx_exec_run(exec, &run) != HSX_OK) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct hsx_exec *exec = machine();
    struct hsx_exec_error error = {""};
    uint8_t *before, *after;
    size_t size_before, size_after;
    uint8_t *snapshot = malloc(size + 1);

    if (!snapshot) {
        return 0;
    }
    memcpy(snapshot, bytes, size);
    if (size >= HEADER_SIZE) {
        make_header(snapshot, size);
    }
    save(exec, &before, &size_before);
    if (hsx_exec_restore(exec, snapshot, size, &error) == HSX_OK) {
        check_accepted(exec);
    } else {
        save(exec, &after, &size_after);
        if (error.text[0] == '\0' || size_before != size_after ||
            memcmp(before, after, size_after) != 0) {
            abort();
        }
        free(after);
    }
    free(before);
    free(snapshot);
    return 0;
}
