// SPDX-License-Identifier: Apache-2.0
#include "trace_options.h"
#include "files.h"
#include "option_number.h"
#include "symbol_files.h"
#include "target_select.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_TRACE = 0x5000,
    KEY_TRACE_VM,
    KEY_TRACE_FORMAT,
    KEY_TRACE_FROM,
    KEY_TRACE_TO,
    KEY_TRACE_TASK,
    KEY_TRACE_PC
};

void trace_options_init(struct trace_options *options)
{
    *options = (struct trace_options){0};
    hsx_trace_window_init(&options->window);
}

/* LOW-HIGH, one address, or the name of a function. */
static void parse_range(const struct argp_state *state, const char *arg,
                        struct trace_options *options)
{
    struct hsx_trace_window *window = &options->window;
    const char *dash = strchr(arg, '-');
    char low[24];

    if (arg[0] < '0' || arg[0] > '9') {
        options->pc_name = arg;
        return;
    }
    if (dash && (size_t)(dash - arg) >= sizeof low) {
        argp_error(state, "--trace-pc is '%s', expected LOW-HIGH", arg);
    }
    snprintf(low, sizeof low, "%.*s", dash ? (int)(dash - arg) : (int)sizeof low - 1, arg);
    window->has_pc = true;
    window->pc_low = (uint16_t)hsx_option_number(state, "--trace-pc", low, 0, UINT16_MAX);
    window->pc_high = (uint16_t)hsx_option_number(state, "--trace-pc", dash ? dash + 1 : low,
                                                  window->pc_low, UINT16_MAX);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct trace_options *options = state->input;

    switch (key) {
    case KEY_TRACE:
        options->path = arg;
        return 0;
    case KEY_TRACE_VM:
        options->vm_path = arg;
        return 0;
    case KEY_TRACE_FORMAT:
        if (strcmp(arg, "text") != 0 && strcmp(arg, "binary") != 0) {
            argp_error(state, "--trace-format is '%s', expected text or binary", arg);
        }
        options->format = arg;
        return 0;
    case KEY_TRACE_FROM:
        options->window.from = hsx_option_number(state, "--trace-from", arg, 0, UINT64_MAX);
        options->windowed = true;
        return 0;
    case KEY_TRACE_TO:
        options->window.to = hsx_option_number(state, "--trace-to", arg, 0, UINT64_MAX);
        options->windowed = true;
        return 0;
    case KEY_TRACE_TASK:
        options->window.pid =
            (uint32_t)hsx_option_number(state, "--trace-task", arg, 1, UINT32_MAX);
        options->windowed = true;
        return 0;
    case KEY_TRACE_PC:
        parse_range(state, arg, options);
        options->windowed = true;
        return 0;
    case ARGP_KEY_END:
        if (!options->path && !options->vm_path && (options->windowed || options->format)) {
            argp_error(state, "options of a trace need --trace FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option table[] = {
    {"trace", KEY_TRACE, "FILE", 0,
     "Write every event of the machine to FILE, '-' is standard output", 0},
    {"trace-vm", KEY_TRACE_VM, "FILE", 0,
     "In lock-step: write every event of the C VM to FILE, --trace writes the core's", 0},
    {"trace-format", KEY_TRACE_FORMAT, "text|binary", 0,
     "Form of the trace. Default: binary if the name ends in .hsxt, else text, which is JSON Lines",
     0},
    {"trace-from", KEY_TRACE_FROM, "STEP", 0, "Omit events before so many instructions", 0},
    {"trace-to", KEY_TRACE_TO, "STEP", 0, "Omit events after so many instructions", 0},
    {"trace-task", KEY_TRACE_TASK, "PID", 0, "Omit events of other tasks", 0},
    {"trace-pc", KEY_TRACE_PC, "LOW-HIGH|NAME", 0,
     "Omit all but instructions at these addresses of their image, or of the function "
     "NAME",
     0},
    {0},
};

const struct argp trace_options_argp = {table, parse, 0, 0, 0, 0, 0};

bool trace_options_use_stdout(const struct trace_options *options)
{
    return (options->path && strcmp(options->path, "-") == 0) ||
           (options->vm_path && strcmp(options->vm_path, "-") == 0);
}

/* Where the function is, if the image at path has one of that name. */
static bool find_function(const char *path, const char *name, struct hsx_trace_window *window)
{
    struct hsx_symbols_error error;
    struct hsx_symbols *symbols;
    uint32_t address = 0;
    bool data = true;
    bool found;
    char *bytes;
    size_t size;

    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        return false; /* reported when it is loaded */
    }
    symbols = hsx_file_symbols_of(path, bytes, size, NULL);
    found = hsx_symbols_resolve(symbols, name, &address, &data, &error) == HSX_OK && !data;
    if (found) {
        const struct hsx_symbol *symbol = hsx_symbols_at_code(symbols, address);
        uint32_t length =
            symbol && symbol->size > 4 && symbol->address == address ? symbol->size : 4;

        window->has_pc = true;
        window->pc_low = (uint16_t)address;
        window->pc_high = (uint16_t)(address + length - 1);
    }
    hsx_symbols_destroy(symbols);
    free(bytes);
    return found;
}

enum hsx_status trace_options_resolve(struct trace_options *options,
                                      const struct hsx_run_options *images)
{
    for (size_t i = 0; options->pc_name && i < images->count; i++) {
        if (find_function(images->files[i], options->pc_name, &options->window)) {
            return HSX_OK;
        }
    }
    if (options->pc_name) {
        fprintf(stderr, "--trace-pc is '%s', which no symbol file next to an image has\n",
                options->pc_name);
        return HSX_ERR_ARGUMENT;
    }
    return HSX_OK;
}

static enum hsx_status failed(const char *path, const char *why, enum hsx_status status)
{
    fprintf(stderr, "%s: %s\n", path, why);
    return status;
}

/* Reports the failure of the machine. */
static enum hsx_status machine_failed(const struct trace_file *file, const char *path,
                                      enum hsx_status status)
{
    const char *why = hsx_target_trouble(file->target);

    return failed(path, why ? why : hsx_status_name(status), status);
}

enum hsx_status trace_file_open(struct trace_file *file, const struct trace_options *options,
                                const char *path, struct hsx_target *target)
{
    enum hsx_trace_format format;
    enum hsx_status status;

    if (!path) {
        return HSX_OK;
    }
    format = options->format ? (options->format[0] == 'b' ? HSX_TRACE_BINARY : HSX_TRACE_TEXT)
                             : hsx_trace_format_of(path);
    if (hsx_output_open(&file->output, path) != HSX_OK) {
        return failed(path, strerror(errno), HSX_ERR_IO);
    }
    file->target = target;
    status = hsx_trace_create(target, file->output.file, format, &options->window, &file->trace);
    if (status != HSX_OK) {
        trace_file_discard(file);
        return machine_failed(file, path, status);
    }
    return HSX_OK;
}

struct trace_images trace_images_of(const struct hsx_run_options *options)
{
    return (struct trace_images){
        .files = options->files, .hashes = options->hashes, .count = options->count};
}

enum hsx_status trace_file_begin(struct trace_file *file, struct hsx_exec *exec, const char *target,
                                 const struct trace_images *images)
{
    struct hsx_trace_header header;
    enum hsx_status status;

    if (!file->trace) {
        return HSX_OK;
    }
    status = hsx_trace_header_take(exec, &header);
    if (status != HSX_OK) {
        return machine_failed(file, file->output.path, status);
    }
    snprintf(header.target, sizeof header.target, "%s", target);
    for (size_t i = 0; i < header.image_count; i++) {
        uint32_t place = header.images[i].pid - 1;

        if (images && place < images->count) {
            header.images[i].has_hash = true;
            header.images[i].hash = images->hashes[place];
            if (images->files && strlen(images->files[place]) < sizeof header.images[i].file) {
                snprintf(header.images[i].file, sizeof header.images[i].file, "%s",
                         images->files[place]);
            }
        }
    }
    status = hsx_trace_begin(file->trace, &header);
    hsx_trace_header_clear(&header);
    return status == HSX_OK ? HSX_OK : machine_failed(file, file->output.path, status);
}

enum hsx_status trace_file_close(struct trace_file *file, bool checked)
{
    const char *path = file->output.path;
    uint32_t addr = 0;
    enum hsx_status status;

    if (!file->trace) {
        return HSX_OK;
    }
    status = hsx_trace_end(file->trace);
    if (status == HSX_OK && checked) {
        status = hsx_trace_check(file->trace, &addr);
    }
    if (status == HSX_ERR_DIVERGED) {
        fprintf(stderr, "%s: records and data memory disagree at address 0x%04X\n", path,
                (unsigned)addr);
    } else if (status != HSX_OK) {
        machine_failed(file, path, status);
    } else if (hsx_output_commit(&file->output) != HSX_OK) {
        status = failed(path, strerror(errno), HSX_ERR_IO);
    }
    trace_file_discard(file);
    return status;
}

void trace_file_discard(struct trace_file *file)
{
    hsx_trace_destroy(file->trace);
    file->trace = NULL;
    hsx_output_discard(&file->output);
}
