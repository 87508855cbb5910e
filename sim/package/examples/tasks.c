// SPDX-License-Identifier: Apache-2.0
/* Assembler, executive and virtual machine in one program: a task says hello. */
#include <hsx/asm.h>
#include <hsx/exec.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char source[] = ".data\n"
                             "hello: .ascii \"hello\\n\"\n"
                             ".text\n"
                             ".entry\n"
                             "    LDI32 R1, hello\n"
                             "    LDI   R2, 6\n"
                             "    SVC   0x101 ; uart_write\n"
                             "    LDI   R0, 0\n"
                             "    SVC   0x100 ; exit\n";

/* The only source, for any path. */
static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    (void)context;
    (void)path;
    *size = sizeof source - 1;
    *text = malloc(sizeof source);
    if (!*text) {
        return HSX_ERR_MEMORY;
    }
    memcpy(*text, source, sizeof source);
    return HSX_OK;
}

static void report(void *context, const struct hsx_asm_error *error)
{
    (void)context;
    fprintf(stderr, "%s:%u: %s\n", error->path, error->line, error->text);
}

static void print(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    printf("[%u] %.*s", (unsigned)pid, (int)len, (const char *)bytes);
}

static int run(const uint8_t *image, size_t size)
{
    struct hsx_exec_config config;
    struct hsx_exec_run run = {.max_steps = 1000};
    struct hsx_exec_error error;
    struct hsx_target *target;
    struct hsx_exec *exec;
    uint32_t pid;
    int status = 1;

    hsx_exec_config_init(&config);
    config.host.console = print;
    if (hsx_target_vm_create(16, &target) != HSX_OK) {
        return 1;
    }
    if (hsx_exec_create(target, &config, &exec) == HSX_OK) {
        if (hsx_exec_load(exec, image, size, NULL, &pid, &error) != HSX_OK) {
            fprintf(stderr, "%s\n", error.text);
        } else if (hsx_exec_run(exec, &run) == HSX_OK) {
            printf("%u instructions\n", (unsigned)run.steps);
            status = 0;
        }
        hsx_exec_destroy(exec);
    }
    target->ops->destroy(target);
    return status;
}

int main(void)
{
    static const char *const paths[] = {"hello.mvasm"};
    const struct hsx_asm_options options = {.read = read_source, .report = report};
    uint8_t *image;
    size_t size;
    int status;

    if (hsx_assemble(paths, 1, &options, &image, &size) != HSX_OK) {
        return 1;
    }
    status = run(image, size);
    free(image);
    return status;
}
