// SPDX-License-Identifier: Apache-2.0
/* The input is a script for the shell, whose first byte chooses text or JSON. There are
 * two tasks, which call, push, wait, communicate and fault. */
#include "fuzz.h"
#include <hsx/image.h>
#include <hsx/isa.h>
#include <hsx/shell.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_STEPS = 3000 };

#define WORD(op, rest) ((uint32_t)HSX_OP_##op << 24 | (rest))

/* Prints a byte, sleeps, calls, receives with a timeout, and starts again. */
static const uint32_t program[] = {WORD(LDI, 1u << 20 | 0),
                                   WORD(LDI, 2u << 20 | 1),
                                   WORD(SVC, 0x101),
                                   WORD(LDI, 0 << 20 | 2),
                                   WORD(SVC, 0x600),
                                   WORD(CALL, 3),
                                   WORD(JMP, 0),
                                   WORD(BRK, 1),
                                   WORD(PUSH, 1u << 16),
                                   WORD(LDI, 1u << 20 | 1),
                                   WORD(LDI, 3u << 20 | 4),
                                   WORD(LDI, 4u << 20 | 3),
                                   WORD(SVC, 0x503),
                                   WORD(POP, 1u << 20),
                                   WORD(RET, 0)};

static void write_image(char *path)
{
    uint8_t code[sizeof program];
    struct hsx_image image = {.version = 2,
                              .flags = HSX_IMAGE_MULTIPLE,
                              .code = code,
                              .code_len = sizeof code,
                              .name = "fuzz"};
    struct hsx_image_error error;
    uint8_t *bytes;
    size_t size;
    int fd = mkstemp(path);

    for (size_t i = 0; i < sizeof code; i++) {
        code[i] = (uint8_t)(program[i / 4] >> (24 - 8 * (i % 4)));
    }
    if (fd < 0 || hsx_image_write(&image, &bytes, &size, &error) != HSX_OK ||
        write(fd, bytes, size) != (ssize_t)size) {
        abort();
    }
    close(fd);
    free(bytes);
}

static struct hsx_shell *open_shell(struct hsx_target *target, FILE *out, bool json)
{
    static char path[] = "/tmp/hsx_fuzz_XXXXXX";
    static bool written;
    struct hsx_shell_config config = {
        .target = target, .out = out, .err = out, .json = json, .max_steps = MAX_STEPS};
    struct hsx_shell *shell;

    if (!written) {
        write_image(path);
        written = true;
    }
    hsx_exec_config_init(&config.exec);
    config.exec.profile = HSX_PROFILE_EMBEDDED;
    config.exec.tick_steps = 20;
    config.exec.stack_bytes = 256;
    if (hsx_shell_create(&config, &shell) != HSX_OK ||
        hsx_shell_load(shell, path) != HSX_SHELL_OK ||
        hsx_shell_load(shell, path) != HSX_SHELL_OK) {
        abort();
    }
    hsx_shell_seal(shell);
    return shell;
}

static void run_script(struct hsx_shell *shell, char *script)
{
    char *line = script;
    size_t start;

    while (line && !hsx_shell_has_quit(shell)) {
        char *end = strchr(line, '\n');

        if (end) {
            *end = '\0';
        }
        hsx_shell_free_completions(hsx_shell_complete(shell, line, &start));
        hsx_shell_line(shell, line, "script");
        line = end ? end + 1 : NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *script = malloc(size + 1);
    FILE *out = fopen("/dev/null", "w");
    struct hsx_target *target;
    struct hsx_shell *shell;

    if (!script || !out || hsx_target_vm_create(4, &target) != HSX_OK) {
        abort();
    }
    memcpy(script, data, size);
    script[size] = '\0';
    shell = open_shell(target, out, size != 0 && (data[0] & 1) != 0);
    run_script(shell, size != 0 ? script + 1 : script);
    hsx_shell_finish(shell);
    hsx_shell_destroy(shell);
    target->ops->destroy(target);
    fclose(out);
    free(script);
    return 0;
}
