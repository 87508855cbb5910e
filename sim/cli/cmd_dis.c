#include "commands.h"
#include "files.h"
#include <argp.h>
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/dis.h>
#include <hsx/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CALL = 256 };

struct request {
    const char *file;
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
    case ARGP_KEY_ARG:
        if (request->file) {
            argp_error(state, "more than one image");
        }
        request->file = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "an image is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print_listing(const struct request *request, const struct hsx_image *image)
{
    bool words = image->version == 2;
    char *text;

    if (request->call != HSX_CALL_DEFAULT) {
        words = request->call == HSX_CALL_WORD;
    }
    if (hsx_dis_image(image, words, &text) != HSX_OK) {
        fprintf(stderr, "%s: out of memory\n", request->file);
        return HSX_EXIT_INPUT;
    }
    fputs(text, stdout);
    free(text);
    return HSX_EXIT_OK;
}

int hsx_cmd_dis(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"call", KEY_CALL, "byte|word", 0,
         "Unit of CALL offsets in this image. Default: byte in version 1, word in version 2", 0},
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
    struct hsx_image_error error;
    struct hsx_image image;
    char *bytes;
    size_t size;
    int result;

    if (argp_parse(&argp, argc, argv, 0, 0, &request) != 0) {
        return HSX_EXIT_INPUT;
    }
    if (hsx_read_file(request.file, &bytes, &size) != HSX_OK) {
        fprintf(stderr, "%s: cannot read: %s\n", request.file, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    if (hsx_image_parse((const uint8_t *)bytes, size, &image, &error) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", request.file, error.text);
        free(bytes);
        return HSX_EXIT_INPUT;
    }
    result = print_listing(&request, &image);
    hsx_image_clear(&image);
    free(bytes);
    return result;
}
