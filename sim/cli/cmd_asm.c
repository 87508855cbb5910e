#include "commands.h"
#include "files.h"
#include <argp.h>
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_HXE = 256, KEY_NAME, KEY_CALL };

struct request {
    struct hsx_asm_options options;
    const char *output;
    char **files;
    size_t count;
};

static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    (void)context;
    return hsx_read_file(path, text, size);
}

static void print_error(void *context, const struct hsx_asm_error *error)
{
    (void)context;
    if (error->line == 0) {
        fprintf(stderr, "%s: %s\n", error->path, error->text);
    } else {
        fprintf(stderr, "%s:%u:%u: %s\n", error->path, error->line, error->column, error->text);
    }
}

static void parse_name(struct argp_state *state, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length; i++) {
        if (name[i] < 0x20 || name[i] > 0x7E) {
            length = 0;
        }
    }
    if (length == 0 || length > HSX_NAME_SIZE) {
        argp_error(state, "--name takes 1 to %d printable ASCII characters", HSX_NAME_SIZE);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'o':
        request->output = arg;
        return 0;
    case KEY_HXE:
        if (strcmp(arg, "1") != 0 && strcmp(arg, "2") != 0) {
            argp_error(state, "--hxe is '%s', expected 1 or 2", arg);
        }
        request->options.version = (unsigned)(arg[0] - '0');
        return 0;
    case KEY_NAME:
        parse_name(state, arg);
        request->options.name = arg;
        return 0;
    case KEY_CALL:
        if (strcmp(arg, "byte") != 0 && strcmp(arg, "word") != 0) {
            argp_error(state, "--call is '%s', expected byte or word", arg);
        }
        request->options.call = arg[0] == 'b' ? HSX_CALL_BYTE : HSX_CALL_WORD;
        return 0;
    case ARGP_KEY_ARGS:
        request->files = state->argv + state->next;
        request->count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a source file is missing");
        return 0;
    case ARGP_KEY_END:
        if (!request->output) {
            argp_error(state, "-o OUT.hxe is missing");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"output", 'o', "OUT.hxe", 0, "Write the image to OUT.hxe", 0},
    {"hxe", KEY_HXE, "1|2", 0,
     "Version of the image. Default: what .hxe in the source says, else 2 if the image has a "
     "name, mailboxes or word offsets, else 1",
     0},
    {"name", KEY_NAME, "APP", 0, "App name, needs version 2. Default: what .name says", 0},
    {"call", KEY_CALL, "byte|word", 0,
     "Unit of CALL offsets. Default: what .call says, else byte in version 1 and word in version "
     "2. The image does not record it: where it is not the version's, give --call to the commands "
     "that load the image, too",
     0},
    {0},
};

int hsx_cmd_asm(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE.mvasm...",
        "Assemble MVASM sources and link them, in the order given, into one image."
        "\vErrors are told as file:line:column: what is wrong; then no image is written and the "
        "exit status is 1.",
        0,
        0,
        0};
    struct request request = {.options = {.read = read_source, .report = print_error}};
    enum hsx_status status;
    uint8_t *image;
    size_t size;

    if (argp_parse(&argp, argc, argv, 0, 0, &request) != 0) {
        return HSX_EXIT_INPUT;
    }
    status = hsx_assemble((const char *const *)request.files, request.count, &request.options,
                          &image, &size);
    if (status == HSX_OK && hsx_write_file(request.output, image, size) != HSX_OK) {
        fprintf(stderr, "%s: cannot write: %s\n", request.output, strerror(errno));
        status = HSX_ERR_IO;
    } else if (status == HSX_ERR_MEMORY) {
        fprintf(stderr, "%s: %s\n", argv[0], hsx_status_name(status));
    }
    free(image);
    return status == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}
