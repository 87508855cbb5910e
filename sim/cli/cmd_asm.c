// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "files.h"
#include "output.h"
#include "symbol_files.h"
#include <argp.h>
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_HXE = 256, KEY_NAME, KEY_CALL, KEY_SYM, KEY_NO_SYM, KEY_LISTING };

struct request {
    struct hsx_asm_options options;
    const char *output;
    const char *sym; /* NULL: next to the output */
    bool no_sym;
    bool listing;
    const char *listing_path; /* NULL: standard output */
    char **files;
    size_t count;
};

static bool is_argument(const struct request *request, const char *path)
{
    for (size_t i = 0; i < request->count; i++) {
        if (strcmp(request->files[i], path) == 0) {
            return true;
        }
    }
    return false;
}

/* Pipes are allowed only on the command line: an include would wait forever. */
static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    struct stat info;

    if (!is_argument(context, path) && stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        return HSX_ERR_FORMAT;
    }
    return hsx_read_file_up_to(path, HSX_ASM_MAX_SOURCE, text, size);
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
    case KEY_SYM:
        request->sym = arg;
        return 0;
    case KEY_NO_SYM:
        request->no_sym = true;
        return 0;
    case KEY_LISTING:
        request->listing = true;
        request->listing_path = arg;
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
        if (request->sym && request->no_sym) {
            argp_error(state, "--sym and --no-sym exclude each other");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"output", 'o', "OUT.hxe", 0, "Write the image to OUT.hxe", 0},
    {"hxe", KEY_HXE, "1|2", 0,
     "Version of the image. Default: from .hxe in the source, else 2 if the image has a "
     "name, mailboxes or word offsets, else 1",
     0},
    {"name", KEY_NAME, "APP", 0, "App name, needs version 2. Default: from .name", 0},
    {"call", KEY_CALL, "byte|word", 0,
     "Unit of CALL offsets. Default: from .call, else byte in version 1 and word in version 2. The "
     "image does not record it: if it is not the version's unit, also give --call to the commands "
     "that load the image",
     0},
    {"sym", KEY_SYM, "FILE", 0,
     "Write the symbol file to FILE. Default: next to the image, .sym in place of .hxe, if the "
     "image is a file",
     0},
    {"no-sym", KEY_NO_SYM, 0, 0, "Write no symbol file", 0},
    {"listing", KEY_LISTING, "FILE", OPTION_ARG_OPTIONAL,
     "Print a listing to FILE or standard output: each line of the sources with its addresses and "
     "words, then the symbols",
     0},
    {0},
};

/* The output files; the image is put in place last, after the files that belong to it. */
enum { IMAGE, SYMBOLS, LISTING, PARTS };

static uint32_t image_crc(const uint8_t *bytes, size_t size)
{
    struct hsx_image_error error;
    struct hsx_image image;
    uint32_t crc;

    hsx_image_parse(bytes, size, &image, &error);
    crc = image.crc;
    hsx_image_clear(&image);
    return crc;
}

static enum hsx_status write_result(const struct request *request, const uint8_t *image,
                                    size_t size)
{
    bool default_path =
        !request->sym && !request->no_sym && hsx_output_has_neighbours(request->output);
    char *path = default_path ? hsx_file_symbols_path(request->output) : NULL;
    const char *listing = request->listing ? *request->options.listing : NULL;
    const char *failed = NULL;
    char *symbols = NULL;
    struct hsx_output_part parts[PARTS] = {
        [IMAGE] = {.path = request->output, .bytes = (const char *)image, .size = size},
        [SYMBOLS] = {.path = request->no_sym ? NULL
                             : request->sym  ? request->sym
                                             : path},
        [LISTING] = {.path = listing ? request->listing_path : NULL}};
    enum hsx_status status = default_path && !path ? HSX_ERR_MEMORY : HSX_OK;

    if (status == HSX_OK && parts[SYMBOLS].path) {
        symbols =
            hsx_symbols_format(request->options.symbols, request->output, image_crc(image, size));
        status = symbols ? HSX_OK : HSX_ERR_MEMORY;
    }
    if (status == HSX_OK) {
        parts[SYMBOLS].bytes = symbols;
        parts[SYMBOLS].size = symbols ? strlen(symbols) : 0;
        parts[LISTING].bytes = listing;
        parts[LISTING].size = listing ? strlen(listing) : 0;
        status = hsx_output_write_parts(parts, PARTS, &failed);
    }
    if (failed) {
        fprintf(stderr, "%s: cannot write: %s\n", failed, strerror(errno));
    }
    if (status == HSX_OK && listing && !request->listing_path) {
        fputs(listing, stdout);
    }
    free(symbols);
    free(path);
    return status;
}

int hsx_cmd_asm(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE.mvasm...",
        "Assemble MVASM sources and link them, in the order given, into one image."
        "\vErrors are reported as file:line:column: message. After an error no image is written "
        "and the exit status is 1.",
        0,
        0,
        0};
    struct request request = {.options = {.read = read_source, .report = print_error}};
    enum hsx_status status;
    char *listing = NULL;
    uint8_t *image = NULL;
    size_t size = 0;

    if (!command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    request.options.context = &request;
    request.options.listing = request.listing ? &listing : NULL;
    status = hsx_symbols_create(&request.options.symbols);
    if (status == HSX_OK) {
        status = hsx_assemble((const char *const *)request.files, request.count, &request.options,
                              &image, &size);
    }
    if (status == HSX_OK) {
        status = write_result(&request, image, size);
    }
    if (status == HSX_ERR_MEMORY) {
        fprintf(stderr, "%s: %s\n", argv[0], hsx_status_name(status));
    }
    hsx_symbols_destroy(request.options.symbols);
    free(listing);
    free(image);
    return status == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}
