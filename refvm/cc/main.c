// SPDX-License-Identifier: Apache-2.0
/*
 * hsx-cc: the C compiler, run by `hsx cc`. clang turns each file into LLVM IR; the rest
 * is done here, on all files and the library at once.
 */
#include "assembly.h"
#include "clang.h"
#include "files.h"
#include "memory.h"
#include "module.h"
#include "option_number.h"
#include "program.h"
#include "signals.h"
#include <argp.h>
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/version.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_INPUT = 1, EXIT_USAGE = 2 };

enum { KEY_SYM = 256, KEY_NO_SYM, KEY_KINDS, KEY_HEAP };

enum { HEAP = 4096, MOST_HEAP = 0xC000 };

static const char c_suffix[] = ".c";
static const char assembly_suffix[] = ".mvasm";
static const char optimized_library[] = "libhsx0.bc";

static void parse_flag(struct argp_state *state, struct cc_request *request, const char *flag)
{
    if (strcmp(flag, "stack-usage") == 0) {
        request->stack_usage = true;
    } else {
        argp_error(state, "-f is '%s', expected stack-usage", flag);
    }
}

static bool ends_in(const char *file, const char *suffix)
{
    size_t length = strlen(file);

    return length > strlen(suffix) && strcmp(file + length - strlen(suffix), suffix) == 0;
}

static bool is_c(const char *file)
{
    return ends_in(file, c_suffix);
}

/* In the current folder, named after the first C file. */
static const char *default_output(struct cc_request *request)
{
    const char *file = request->files.items[0];
    const char *slash;

    for (size_t i = request->files.count; i-- > 0;) {
        file = is_c(request->files.items[i]) ? request->files.items[i] : file;
    }
    slash = strrchr(file, '/');
    file = slash ? slash + 1 : file;
    return request->made = cc_text("%.*s%s", (int)strcspn(file, "."), file,
                                   request->assembly ? assembly_suffix : ".hxe");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct cc_request *request = state->input;

    switch (key) {
    case 'o':
        request->output = arg;
        return 0;
    case 'O':
        if (strcmp(arg, "0") != 0 && strcmp(arg, "1") != 0 && strcmp(arg, "2") != 0) {
            argp_error(state, "-O is '%s', expected 0, 1 or 2", arg);
        }
        request->level = arg[0] - '0';
        return 0;
    case 'S':
        request->assembly = true;
        return 0;
    case 'g':
        request->debug = true;
        return 0;
    case 'f':
        parse_flag(state, request, arg);
        return 0;
    case KEY_SYM:
        request->symbols = arg;
        return 0;
    case KEY_NO_SYM:
        request->no_symbols = true;
        return 0;
    case KEY_HEAP:
        request->heap = (unsigned)hsx_option_number(state, "--heap", arg, 16, MOST_HEAP) & ~7u;
        return 0;
    case KEY_KINDS:
        request->kinds = arg;
        return 0;
    case 'I':
    case 'D':
    case 'U':
    case 'W':
        cc_list_add(&request->clang, cc_text("-%c%s", key, arg));
        return 0;
    case ARGP_KEY_ARG:
        cc_list_add(&request->files, arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a C file is missing");
        return 0;
    case ARGP_KEY_END:
        if (!request->output) {
            request->output = default_output(request);
        }
        if (request->symbols && request->no_symbols) {
            argp_error(state, "--sym and --no-sym exclude each other");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"output", 'o', "OUT", 0,
     "Write the image to OUT. Default: the name of the first C file with .hxe, in this folder", 0},
    {NULL, 'O', "0|1|2", 0, "Optimization level; default 2", 0},
    {NULL, 'S', NULL, 0, "Write the assembly of the C files and the library, not an image", 0},
    {NULL, 'g', NULL, 0, "Add the locations of variables to the symbol file", 0},
    {"sym", KEY_SYM, "FILE", 0,
     "Write the symbol file to FILE. Default: next to the image, with .sym in place of .hxe, if "
     "the "
     "image is a file",
     0},
    {"no-sym", KEY_NO_SYM, NULL, 0, "Write no symbol file", 0},
    {NULL, 'f', "stack-usage", 0,
     "Write the stack use of each function and the smallest stack for the program next to the "
     "image, with .su in place of .hxe",
     0},
    {"heap", KEY_HEAP, "BYTES", 0,
     "Size of the heap of malloc, in the task's data; default 4096, or no heap if nothing uses it",
     0},
    {"kinds", KEY_KINDS, "FILE", 0,
     "Write the purpose of each instruction to FILE, one line ADDRESS KIND each", 0},
    {NULL, 'I', "DIR", 0, "Also look for included files in DIR", 0},
    {NULL, 'D', "NAME[=VALUE]", 0, "Define a macro", 0},
    {NULL, 'U', "NAME", 0, "Undefine a macro", 0},
    {NULL, 'W', "WARNING", 0, "Pass a warning option to clang, such as -Wall", 0},
    {0},
};

static void print_version(FILE *stream, struct argp_state *state)
{
    (void)state;
    fprintf(stream, "hsx-cc %s\n", hsx_version());
}

/* Headers, library and assembly are in cc/ next to the program, or in ../share/hsx/cc of
 * an installation. */
static char *find_home(void)
{
    const char *given = getenv("HSX_CC_HOME");
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    static const char *const places[] = {"cc", "../share/hsx/cc", "../../share/hsx/cc"};

    if (given) {
        return cc_text("%s", given);
    }
    if (size > 0) {
        path[size] = '\0';
        dirname(path);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            char *home = cc_text("%s/%s", path, places[i]);
            char *library = cc_text("%s/libhsx.bc", home);
            bool there = access(library, R_OK) == 0;

            free(library);
            if (there) {
                return home;
            }
            free(home);
        }
    }
    fputs("hsx cc: cannot find its library libhsx.bc; set HSX_CC_HOME to its folder\n", stderr);
    return NULL;
}

static bool cannot_read(const char *path)
{
    fprintf(stderr, "%s: cannot read: %s\n", path, strerror(errno));
    return false;
}

static bool add_c(struct cc_module *m, const struct cc_request *request, const char *home,
                  const char *file)
{
    size_t size = 0;
    char *bitcode;
    bool done;

    if (access(file, R_OK) != 0) {
        return cannot_read(file);
    }
    bitcode = cc_clang(request, home, file, &size);
    done = bitcode && cc_module_add(m, bitcode, size, file);
    free(bitcode);
    return done;
}

static bool add_assembly(struct cc_assembly *assembly, const char *file)
{
    char *text = NULL;
    size_t size = 0;

    switch (hsx_read_file_up_to(file, HSX_ASM_MAX_SOURCE, &text, &size)) {
    case HSX_OK:
        cc_assembly_add(assembly, file, text, size);
        return true;
    case HSX_ERR_FORMAT:
        fprintf(stderr, "%s: expected a file of text\n", file);
        return false;
    case HSX_ERR_NO_ROOM:
        fprintf(stderr, "%s: expected at most 16 MiB of text\n", file);
        return false;
    default:
        return cannot_read(file);
    }
}

static bool add_file(struct cc_module *m, struct cc_assembly *assembly,
                     const struct cc_request *request, const char *home, const char *file)
{
    if (ends_in(file, assembly_suffix)) {
        return add_assembly(assembly, file);
    }
    if (is_c(file)) {
        return add_c(m, request, home, file);
    }
    fprintf(stderr, "%s: expected a file in C or assembly, whose name ends in .c or .mvasm\n",
            file);
    return false;
}

static bool read_part(const char *home, const char *name, char **text, size_t *size)
{
    char *path = cc_text("%s/%s", home, name);
    bool done = hsx_read_file(path, text, size) == HSX_OK;

    if (!done) {
        cannot_read(path);
    }
    free(path);
    return done;
}

/* False: it is incomplete, which has been reported. */
static bool read_library(struct cc_library *library, const char *home, const char *name)
{
    library->name = name;
    return read_part(home, name, &library->bitcode, &library->size);
}

static bool read_libraries(struct cc_libraries *libraries, const char *home)
{
    static const char *const names[] = {optimized_library, "libm.bc"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!read_library(&libraries->all[libraries->count++], home, names[i])) {
            return false;
        }
    }
    return true;
}

/* Adds the functions that the program calls. The mathematical library is large, so it is added
 * only if something is still missing. */
static bool add_libraries(struct cc_module *m, const struct cc_library *optimizable,
                          const struct cc_libraries *libraries)
{
    bool done =
        cc_module_add_library(m, optimizable->bitcode, optimizable->size, optimizable->name);

    for (size_t i = 1; done && i < libraries->count; i++) {
        const struct cc_library *library = &libraries->all[i];

        done = !cc_module_is_incomplete(m, libraries->assembly) ||
               cc_module_add_library(m, library->bitcode, library->size, library->name);
    }
    return done;
}

static bool compile(const struct cc_request *request, const char *home)
{
    struct cc_assembly assembly = {0};
    struct cc_libraries libraries = {.assembly = &assembly};
    struct cc_library library = {0};
    const char **keep = NULL;
    char *text = NULL;
    size_t text_size = 0;
    struct cc_module module;
    bool done = cc_module_begin(&module) && read_part(home, "svc.mvasm", &text, &text_size) &&
                read_libraries(&libraries, home) &&
                (request->level == 0 || read_library(&library, home, "libhsx.bc"));

    if (done) {
        cc_assembly_add(&assembly, "(library)", text, text_size);
        text = NULL;
    }
    for (size_t i = 0; done && i < request->files.count; i++) {
        done = add_file(&module, &assembly, request, home, request->files.items[i]);
    }
    if (done) {
        cc_module_note_program(&module);
        keep = cc_module_kept(&module, &assembly);
        done =
            add_libraries(&module, request->level == 0 ? &libraries.all[0] : &library, &libraries);
    }
    if (done) {
        cc_module_fit_library(&module, request->heap);
        done = cc_module_finish(&module, request->level, keep, &libraries) &&
               cc_program_write(request, &module, &assembly);
    }
    cc_module_end(&module);
    cc_assembly_clear(&assembly);
    for (size_t i = 0; i < libraries.count; i++) {
        free(libraries.all[i].bitcode);
    }
    free(library.bitcode);
    free(keep);
    free(text);
    return done;
}

static void check_stdout(void)
{
    if (!hsx_stdout_written("hsx-cc")) {
        _exit(EXIT_INPUT);
    }
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE.c... [FILE.mvasm...]",
        "Compile C files and assembly files into one image."
        "\vErrors are reported as file:line: message. After an error nothing is written and the "
        "exit status is 1.",
        0,
        0,
        0};
    struct cc_request request = {.level = 2, .heap = HEAP};
    char *home;
    bool done;

    hsx_signals_init();
    argp_err_exit_status = EXIT_USAGE;
    argp_program_version_hook = print_version;
    if (atexit(check_stdout) != 0 || argp_parse(&argp, argc, argv, 0, NULL, &request) != 0) {
        cc_no_memory();
    }
    home = find_home();
    done = home && compile(&request, home);
    free(home);
    free(request.made);
    free(request.files.items);
    for (size_t i = 0; i < request.clang.count; i++) {
        free((char *)request.clang.items[i]);
    }
    free(request.clang.items);
    return done ? EXIT_SUCCESS : EXIT_INPUT;
}
