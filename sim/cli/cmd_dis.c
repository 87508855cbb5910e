// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "image_argument.h"
#include "symbol_files.h"
#include <hsx/asm.h>
#include <hsx/dis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CALL = 256, KEY_SYM, KEY_NO_SYM };

struct request {
    const char *file;
    const char *sym; /* NULL: the one next to the image */
    bool no_sym;
    enum hsx_call_unit call;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_CALL:
        if (strcmp(arg, "byte") != 0 && strcmp(arg, "word") != 0) {
            argp_error(state, "--call is '%s', expected byte or word", arg);
        }
        request->call = arg[0] == 'b' ? HSX_CALL_BYTE : HSX_CALL_WORD;
        return 0;
    case KEY_SYM:
        request->sym = arg;
        return 0;
    case KEY_NO_SYM:
        request->no_sym = true;
        return 0;
    default:
        return image_argument_parse(key, arg, state, &request->file);
    }
}

static int print_listing(const struct request *request, const struct hsx_image *image,
                         const struct hsx_symbols *symbols)
{
    bool words = image->version == 2;
    char *text;

    if (request->call != HSX_CALL_DEFAULT) {
        words = request->call == HSX_CALL_WORD;
    }
    if (hsx_dis_image(image, words, symbols, &text) != HSX_OK) {
        fprintf(stderr, "%s: out of memory\n", request->file);
        return HSX_EXIT_INPUT;
    }
    fputs(text, stdout);
    free(text);
    return HSX_EXIT_OK;
}

static int print_image(const struct request *request, const struct image_file *file)
{
    struct hsx_symbols *symbols = NULL;
    struct hsx_symbols_error bad;
    int result;

    if (request->sym &&
        hsx_file_symbols(request->sym, file->bytes, file->size, &symbols, &bad) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", request->sym, bad.text);
        return HSX_EXIT_INPUT;
    }
    if (!request->sym && !request->no_sym) {
        symbols = hsx_file_symbols_of(file->path, file->bytes, file->size, stderr);
    }
    result = print_listing(request, &file->image, symbols);
    hsx_symbols_destroy(symbols);
    return result;
}

int hsx_cmd_dis(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"call", KEY_CALL, "byte|word", 0,
         "Unit of CALL offsets in this image. Default: byte in version 1, word in version 2", 0},
        {"sym", KEY_SYM, "FILE", 0,
         "Take names from the symbol file FILE. Default: the one next to the image, .sym in place "
         "of .hxe, if it is there",
         0},
        {"no-sym", KEY_NO_SYM, 0, 0, "Use no symbol file", 0},
        {0},
    };
    static const struct argp argp = {
        options,
        parse,
        "FILE.hxe",
        "Print an image as MVASM, with addresses and words as comments, that 'hsx asm' assembles "
        "to the same code and data.",
        0,
        0,
        0};
    struct request request = {0};
    struct image_file file;
    int result;

    if (!command_line_parse(&argp, argc, argv, 0, &request) ||
        !image_file_read(&file, request.file)) {
        return HSX_EXIT_INPUT;
    }
    result = print_image(&request, &file);
    image_file_clear(&file);
    return result;
}
