// SPDX-License-Identifier: Apache-2.0
/*
 * hsx-bench-kinds IMAGE KINDS: runs a program on the C VM up to its first system call and counts
 * the instructions of each kind, from the file that `hsx cc --kinds KINDS` wrote. Prints "KIND
 * COUNT" lines and "all COUNT". An instruction without a kind is the library's assembly.
 */
#include "image_load.h"
#include <hsx/exec.h>
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXTS = 16, STACK_BYTES = 4096, BATCH = 4096, PLACES = 0x4000, MOST_KINDS = 16 };

struct kinds {
    char name[MOST_KINDS][16];
    uint64_t count[MOST_KINDS];
    size_t known;
    uint8_t of[PLACES]; /* by instruction word: an index of name */
};

static size_t kind_called(struct kinds *kinds, const char *name)
{
    size_t i = 0;

    while (i < kinds->known && strcmp(kinds->name[i], name) != 0) {
        i++;
    }
    if (i == kinds->known && i < MOST_KINDS) {
        snprintf(kinds->name[i], sizeof kinds->name[i], "%s", name);
        kinds->known++;
    }
    return i < MOST_KINDS ? i : 0;
}

static int read_kinds(struct kinds *kinds, const char *path)
{
    FILE *in = fopen(path, "r");
    char line[64];

    kind_called(kinds, "assembly");
    if (!in) {
        return 0;
    }
    while (fgets(line, sizeof line, in)) {
        char *name;
        unsigned long address = strtoul(line, &name, 16);

        name += strspn(name, " ");
        name[strcspn(name, " \n")] = '\0';
        if (address / 4 < PLACES) {
            kinds->of[address / 4] = (uint8_t)kind_called(kinds, name);
        }
    }
    fclose(in);
    return 1;
}

static enum hsx_status count(struct hsx_target *vm, struct kinds *kinds)
{
    static struct hsx_record records[BATCH];
    enum hsx_status status = HSX_OK;
    bool going = true;

    while (status == HSX_OK && going) {
        struct hsx_run run = {.max_steps = BATCH, .records = records, .capacity = BATCH};

        status = vm->ops->run(vm, &run);
        for (uint64_t i = 0; status == HSX_OK && i < run.retired; i++) {
            kinds->count[kinds->of[records[i].pc / 4]]++;
        }
        going = run.reason == HSX_STOP_STEPS || run.reason == HSX_STOP_RECORDS;
    }
    return status;
}

int main(int argc, char **argv)
{
    static struct kinds kinds;
    struct hsx_target *vm = NULL;
    struct hsx_exec *exec = NULL;
    struct hsx_exec_config config;
    enum hsx_status status;
    uint64_t all = 0;

    if (argc != 3) {
        fputs("usage: hsx-bench-kinds IMAGE KINDS\n", stderr);
        return 2;
    }
    if (!read_kinds(&kinds, argv[2])) {
        fprintf(stderr, "%s: cannot be read\n", argv[2]);
        return 1;
    }
    hsx_exec_config_init(&config);
    config.stack_bytes = STACK_BYTES;
    status = hsx_target_vm_create(CONTEXTS, &vm);
    if (status == HSX_OK) {
        status = hsx_exec_create(vm, &config, &exec);
    }
    if (status == HSX_OK) {
        status = bench_load_file(exec, argv[1]);
    }
    if (status == HSX_OK) {
        status = count(vm, &kinds);
    }
    hsx_exec_destroy(exec);
    if (vm) {
        vm->ops->destroy(vm);
    }
    for (size_t i = 0; i < kinds.known; i++) {
        printf("%s %" PRIu64 "\n", kinds.name[i], kinds.count[i]);
        all += kinds.count[i];
    }
    printf("all %" PRIu64 "\n", all);
    return status == HSX_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
