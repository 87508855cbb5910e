// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "files.h"
#include "image_argument.h"
#include "memory_file.h"
#include "option_number.h"
#include "output.h"
#include <errno.h>
#include <hsx/machine.h>
#include <hsx/word.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CODE_BASE = 256, KEY_DATA_BASE, KEY_FULL };

/* The memories around a core (docs/integration.md): two banks of code, one of data. */
enum { EVEN, ODD, DATA, MEMORIES };

static const char *const memory_names[MEMORIES] = {"even", "odd", "data"};
static const size_t memory_words[MEMORIES] = {HSX_CODE_SIZE / 8, HSX_CODE_SIZE / 8,
                                              HSX_DATA_SIZE / 4};

struct request {
    const char *file;
    const char *output; /* NULL: only show the image */
    enum memory_format format;
    bool has_format;
    bool full;
    uint32_t code_base, data_base;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'f':
        for (int f = 0; f < MEMORY_FORMATS; f++) {
            if (strcmp(arg, memory_format_name((enum memory_format)f)) == 0) {
                request->format = (enum memory_format)f;
                request->has_format = true;
                return 0;
            }
        }
        argp_error(state, "--format is '%s', expected readmemh, bin, c or ihex", arg);
        return 0;
    case 'o':
        request->output = arg;
        return 0;
    case KEY_CODE_BASE:
    case KEY_DATA_BASE: {
        const char *name = key == KEY_CODE_BASE ? "--code-base" : "--data-base";
        uint32_t base = (uint32_t)hsx_option_number(state, name, arg, 0, HSX_DATA_SIZE - 4);

        if (base % 4 != 0) {
            argp_error(state, "%s is '%s', expected a multiple of 4", name, arg);
        }
        *(key == KEY_CODE_BASE ? &request->code_base : &request->data_base) = base;
        return 0;
    }
    case KEY_FULL:
        request->full = true;
        return 0;
    case ARGP_KEY_END:
        if (request->has_format != (request->output != NULL)) {
            argp_error(state, "--format and --output go together");
        }
        if (request->output && strcmp(request->output, "-") == 0) {
            argp_error(state, "--output - is one stream for three files, expected a PREFIX");
        }
        return 0;
    default:
        return image_argument_parse(key, arg, state, &request->file);
    }
}

static void show_parts(const struct hsx_image *image)
{
    printf("version    %u\n", image->version);
    printf("name       %s\n", image->name[0] ? image->name : "-");
    printf("flags      0x%04X%s%s\n", image->flags,
           image->flags & HSX_IMAGE_MANIFEST ? " manifest" : "",
           image->flags & HSX_IMAGE_MULTIPLE ? " several instances" : "");
    printf("entry      0x%04X\n", (unsigned)image->entry);
    printf("code       %u bytes, %u words\n", (unsigned)image->code_len,
           (unsigned)image->code_len / 4);
    printf("read-only  %u bytes\n", (unsigned)image->ro_len);
    printf("zeroed     %u bytes\n", (unsigned)image->bss_size);
    printf("crc32      0x%08X\n", (unsigned)image->crc);
    for (size_t i = 0; i < image->mailboxes.count; i++) {
        const struct hsx_image_mailbox *m = &image->mailboxes.items[i];

        printf("mailbox    %s, mode 0x%02X, capacity %u%s\n", m->target, m->mode, m->capacity,
               m->capacity == 0 ? " (the default)" : "");
    }
    if (image->other_sections != 0) {
        printf("sections   %u of other kinds, left alone\n", (unsigned)image->other_sections);
    }
}

/* The memories as the loader leaves them; all words must be zero. */
static void fill(const struct request *request, const struct hsx_image *image, uint32_t *code,
                 uint8_t *data, uint32_t *const words[MEMORIES], struct memory memories[MEMORIES])
{
    size_t code_first = request->code_base / 4;
    size_t code_end = code_first + image->code_len / 4;
    size_t data_len = image->ro_len + image->bss_size;

    hsx_image_words(image, code);
    for (size_t i = code_first; i < code_end; i++) {
        words[i % 2 == 0 ? EVEN : ODD][i / 2] = code[i - code_first];
    }
    if (image->ro_len != 0) {
        memcpy(data + request->data_base, image->ro, image->ro_len);
    }
    for (size_t i = 0; i < HSX_DATA_SIZE / 4; i++) {
        words[DATA][i] = hsx_load_word(data + 4 * i);
    }
    for (int m = 0; m < MEMORIES; m++) {
        size_t first = m == DATA ? request->data_base / 4 : (code_first + (m == EVEN)) / 2;
        size_t end =
            m == DATA ? (request->data_base + data_len + 3) / 4 : (code_end + (m == EVEN)) / 2;

        if (request->full) {
            first = 0;
            end = memory_words[m];
        }
        memories[m] = (struct memory){.name = memory_names[m],
                                      .words = words[m] + first,
                                      .first = first,
                                      .count = end - first};
    }
}

static char *path_of(const struct request *request, int memory)
{
    const char *ending = memory_format_ending(request->format);
    size_t size = strlen(request->output) + strlen(memory_names[memory]) + strlen(ending) + 2;
    char *path = malloc(size);

    if (path) {
        snprintf(path, size, "%s_%s%s", request->output, memory_names[memory], ending);
    }
    return path;
}

/* All three or, nearly always, none: everything that is likely to fail is done before the
 * first is put in place. */
static bool write_files(const struct request *request, const struct memory memories[MEMORIES])
{
    struct hsx_output outputs[MEMORIES] = {{0}};
    char *paths[MEMORIES] = {NULL};
    const char *failed = NULL;

    for (int m = 0; m < MEMORIES && !failed; m++) {
        paths[m] = path_of(request, m);
        if (!paths[m] || hsx_output_open(&outputs[m], paths[m]) != HSX_OK) {
            failed = paths[m] ? paths[m] : request->output;
            break;
        }
        memory_write(outputs[m].file, request->format, &memories[m]);
        if (!hsx_file_written(outputs[m].file)) {
            failed = paths[m];
        }
    }
    for (int m = 0; m < MEMORIES && !failed; m++) {
        if (hsx_output_commit(&outputs[m]) != HSX_OK) {
            failed = paths[m];
        }
    }
    if (failed) {
        fprintf(stderr, "%s: cannot write: %s\n", failed, strerror(errno));
    }
    for (int m = 0; m < MEMORIES; m++) {
        hsx_output_discard(&outputs[m]);
        free(paths[m]);
    }
    return !failed;
}

static int write_memories(const struct request *request, const struct hsx_image *image)
{
    struct memory memories[MEMORIES];
    uint32_t *code;
    uint8_t *data;
    bool ok;

    if (request->code_base + image->code_len > HSX_CODE_SIZE) {
        fprintf(stderr, "%s: %u bytes of code do not fit from 0x%04X on\n", request->file,
                (unsigned)image->code_len, (unsigned)request->code_base);
        return HSX_EXIT_INPUT;
    }
    if (request->data_base + image->ro_len + image->bss_size > HSX_DATA_SIZE) {
        fprintf(stderr, "%s: %u bytes of data do not fit from 0x%04X on\n", request->file,
                (unsigned)(image->ro_len + image->bss_size), (unsigned)request->data_base);
        return HSX_EXIT_INPUT;
    }
    /* The code, the bytes of data, and the memories. */
    code = calloc(2 * HSX_CODE_SIZE / 4 + HSX_DATA_SIZE / 4, sizeof *code);
    data = calloc(1, HSX_DATA_SIZE);
    ok = code && data;
    if (ok) {
        uint32_t *even = code + HSX_CODE_SIZE / 4;
        uint32_t *const words[MEMORIES] = {even, even + HSX_CODE_SIZE / 8,
                                           even + HSX_CODE_SIZE / 4};

        fill(request, image, code, data, words, memories);
        ok = write_files(request, memories);
    } else {
        fprintf(stderr, "%s: out of memory\n", request->file);
    }
    free(code);
    free(data);
    return ok ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

int hsx_cmd_image(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"format", 'f', "FORMAT", 0,
         "Write memories as readmemh (Verilog), bin (bytes of each word, lowest first), c (arrays) "
         "or ihex (Intel HEX of the same bytes)",
         0},
        {"output", 'o', "PREFIX", 0,
         "Write to PREFIX_even, PREFIX_odd and PREFIX_data with .mem, .bin, .h or .hex", 0},
        {"code-base", KEY_CODE_BASE, "ADDR", 0,
         "Byte address of the code in code memory. Default: 0", 0},
        {"data-base", KEY_DATA_BASE, "ADDR", 0,
         "Byte address of the data in data memory. Default: 0x4000, where it was linked", 0},
        {"full", KEY_FULL, 0, 0, "Write all words of the memories, with zeros around the image", 0},
        {0},
    };
    static const struct argp argp = {
        options,
        parse,
        "IMAGE.hxe",
        "Show the parts of an image, or write what the memories hold when it is loaded."
        "\vThe words of code lie in two banks: those with an even number in one, the others in "
        "the other, each at half its number. Data is a memory of 32-bit words, little-endian.",
        0,
        0,
        0};
    struct request request = {.data_base = HSX_DATA_LINK};
    struct image_file file;
    int result = HSX_EXIT_OK;

    if (!command_line_parse(&argp, argc, argv, 0, &request) ||
        !image_file_read(&file, request.file)) {
        return HSX_EXIT_INPUT;
    }
    if (request.output) {
        result = write_memories(&request, &file.image);
    } else {
        show_parts(&file.image);
    }
    image_file_clear(&file);
    return result;
}
