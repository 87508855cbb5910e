// SPDX-License-Identifier: Apache-2.0
/*
 * hsx-cc: the C compiler, run by `hsx cc`. clang makes LLVM IR of each file; the rest is
 * done here, on all files and the library at once.
 */
#include "code.h"
#include "data.h"
#include "files.h"
#include "memory.h"
#include "module.h"
#include "output.h"
#include "select.h"
#include "signals.h"
#include <argp.h>
#include <errno.h>
#include <hsx/asm.h>
#include <libgen.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { EXIT_INPUT = 1, EXIT_USAGE = 2 };

const char *argp_program_version = "hsx-cc " HSX_VERSION;

struct list {
    const char **items;
    size_t count, room;
};

struct request {
    struct list files;
    struct list clang; /* arguments that go to clang as they are */
    const char *output;
    int level;
    bool assembly;
    bool debug;
};

static void add(struct list *list, const char *item)
{
    list->items = cc_grow(list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = item;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

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
    case 'I':
    case 'D':
    case 'U':
    case 'W':
        add(&request->clang, cc_text("-%c%s", key, arg ? arg : ""));
        return 0;
    case ARGP_KEY_ARG:
        add(&request->files, arg);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a C file is missing");
        return 0;
    case ARGP_KEY_END:
        if (!request->output) {
            argp_error(state, "-o OUT is missing");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"output", 'o', "OUT", 0, "Write the image to OUT", 0},
    {NULL, 'O', "0|1|2", 0, "How much to optimize; default 2", 0},
    {NULL, 'S', NULL, 0, "Write assembly, not an image", 0},
    {NULL, 'g', NULL, 0, "Name the lines of the source in errors", 0},
    {NULL, 'I', "DIR", 0, "Look for included files in DIR, too", 0},
    {NULL, 'D', "NAME[=VALUE]", 0, "Define a macro", 0},
    {NULL, 'U', "NAME", 0, "Undefine a macro", 0},
    {NULL, 'W', "WARNING", 0, "A warning of clang's, such as -Wall", 0},
    {0},
};

/* Headers, library and assembly lie in cc/ beside the program, or in
 * ../share/hsx/cc where it is installed. */
static char *find_home(void)
{
    const char *told = getenv("HSX_CC_HOME");
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    static const char *const places[] = {"cc", "../share/hsx/cc", "../../share/hsx/cc"};

    if (told) {
        return cc_text("%s", told);
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
    fputs("hsx cc: its library libhsx.bc is not where the program lies; set HSX_CC_HOME\n", stderr);
    return NULL;
}

/* clang on one file; what it says goes to standard error. */
static bool run_clang(const struct request *request, const char *home, const char *file,
                      const char *bitcode)
{
    const char *clang = getenv("HSX_CLANG");
    struct list args = {0};
    char *include = cc_text("%s/include", home);
    pid_t child;
    int status = 0;
    int error;

    clang = clang && *clang ? clang : "clang-16";
    add(&args, clang);
    add(&args, "--target=riscv32-unknown-elf");
    add(&args, "-march=rv32imf_zfh");
    add(&args, "-mabi=ilp32");
    add(&args, "-D__hsx__=1");
    add(&args, "-U__riscv");
    add(&args, "-std=c11");
    add(&args, "-fno-builtin");
    add(&args, "-fno-vectorize");
    add(&args, "-fno-slp-vectorize");
    add(&args, "-ffp-contract=off");
    add(&args, "-fno-common");
    add(&args, "-Xclang");
    add(&args, "-ffloat16-excess-precision=none");
    add(&args, "-nostdlibinc");
    add(&args, "-isystem");
    add(&args, include);
    if (request->level == 0) {
        add(&args, "-O0");
        add(&args, "-Xclang");
        add(&args, "-disable-O0-optnone");
    } else {
        add(&args, request->level == 1 ? "-O1" : "-O2");
        add(&args, "-Xclang");
        add(&args, "-disable-llvm-passes");
    }
    /* places of errors come from line tables, whether or not they are asked for */
    add(&args, request->debug ? "-g" : "-gline-tables-only");
    for (size_t i = 0; i < request->clang.count; i++) {
        add(&args, request->clang.items[i]);
    }
    add(&args, "-emit-llvm");
    add(&args, "-c");
    add(&args, "-o");
    add(&args, bitcode);
    add(&args, "--");
    add(&args, file);
    add(&args, NULL);
    error = posix_spawnp(&child, clang, NULL, NULL, (char **)args.items, environ);
    free(args.items);
    free(include);
    if (error != 0) {
        fprintf(stderr, "hsx cc: cannot run %s: %s; on Debian 12: apt-get install clang-16\n",
                clang, strerror(error));
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool compile_file(struct cc_module *m, const struct request *request, const char *home,
                         const char *file)
{
    char bitcode[] = "/tmp/hsx-cc-XXXXXX";
    int fd = mkstemp(bitcode);
    bool done;

    if (fd < 0) {
        fprintf(stderr, "hsx cc: cannot make a temporary file in /tmp: %s\n", strerror(errno));
        return false;
    }
    close(fd);
    done = run_clang(request, home, file, bitcode) && cc_module_add(m, bitcode, file);
    unlink(bitcode);
    return done;
}

struct compiled {
    struct mir_function *mir;
    bool library;
    double heat; /* instructions executed for each one there is, as loops tell */
};

/* Short loops first, and the program before its library: the first 4 KiB are what jumps
 * reach. */
static int by_heat(const void *a, const void *b)
{
    const struct compiled *x = a;
    const struct compiled *y = b;

    if (x->library != y->library) {
        return x->library ? 1 : -1;
    }
    if (x->heat != y->heat) {
        return x->heat > y->heat ? -1 : 1;
    }
    return strcmp(x->mir->name, y->mir->name);
}

static double heat_of(const struct mir_function *mir)
{
    double executed = 0;
    double size = 1;

    for (size_t i = 0; i < mir->block_count; i++) {
        const struct mir_block *block = &mir->blocks[i];
        double weight = (double)block->count;

        size += weight;
        for (unsigned depth = 0; depth < block->depth && depth < 4; depth++) {
            weight *= 10;
        }
        executed += weight;
    }
    return executed / size;
}

/* Names that assembly of the library defines: the lines `.export NAME`. */
static void read_exports(const char *text, struct list *names)
{
    static const char directive[] = ".export ";

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, directive, sizeof directive - 1) == 0) {
            const char *name = line + sizeof directive - 1;

            add(names, cc_text("%.*s", (int)strcspn(name, " ;\r\n"), name));
        }
        if (*line == '\0') {
            break;
        }
    }
}

static bool known(const struct list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_defined(const struct cc_module *m, const struct list *assembly)
{
    bool complete = true;

    if (!LLVMGetNamedFunction(m->module, "main") ||
        LLVMIsDeclaration(LLVMGetNamedFunction(m->module, "main"))) {
        fputs("hsx cc: no file defines main\n", stderr);
        return false;
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        size_t size;
        const char *name = LLVMGetValueName2(f, &size);

        if (LLVMIsDeclaration(f) && LLVMGetFirstUse(f) && strncmp(name, "llvm.", 5) != 0 &&
            strcmp(name, "__hsx_div") != 0 && !known(assembly, name)) {
            fprintf(stderr, "hsx cc: no file defines the function %s\n", name);
            complete = false;
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;
        const char *name = LLVMGetValueName2(g, &size);

        if (LLVMIsDeclaration(g) && LLVMGetFirstUse(g)) {
            fprintf(stderr, "hsx cc: no file defines the variable %s\n", name);
            complete = false;
        }
    }
    return complete;
}

static bool generate(const struct cc_module *m, FILE *file)
{
    struct cc_target target = {.layout = m->layout, .names = cc_names_new()};
    struct compiled *all = NULL;
    size_t count = 0;
    size_t room = 0;
    struct code code = {0};
    char *error = NULL;

    target.wide_arguments = true;
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f && !error;
         f = LLVMGetNextFunction(f)) {
        struct mir_function *mir;

        if (LLVMIsDeclaration(f)) {
            continue;
        }
        mir = cc_select(&target, f, &error);
        if (!mir) {
            break;
        }
        mir_empty_edges(mir);
        mir_allocate(mir);
        all = cc_grow(all, count, &room, sizeof *all);
        all[count++] = (struct compiled){mir, cc_module_is_library(m, f), heat_of(mir)};
    }
    if (!error) {
        qsort(all, count, sizeof *all, by_heat);
        code_begin(&code);
        for (size_t i = 0; i < count; i++) {
            code_add_function(&code, all[i].mir, target.wide_arguments);
        }
        if (!code_lay_out(&code)) {
            error = cc_text("the program has more than 64 KiB of code");
        } else {
            code_write(&code, file);
            fputs(".export __hsx_unwind\n", file);
            for (size_t i = 0; i < count; i++) {
                fprintf(file, ".export %s\n", all[i].mir->name);
            }
            error = cc_write_data(m->module, m->layout, target.names, file);
        }
    }
    if (error) {
        fprintf(stderr, "hsx cc: %s\n", error);
    }
    for (size_t i = 0; i < count; i++) {
        mir_free(all[i].mir);
    }
    free(all);
    free(code.items);
    cc_names_free(target.names);
    free(error);
    return !error;
}

struct sources {
    const char *generated, *library; /* texts */
    size_t generated_size, library_size;
};

static const char generated_name[] = "(generated assembly)";
static const char library_name[] = "(library)";

static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    const struct sources *sources = context;
    bool generated = strcmp(path, generated_name) == 0;
    const char *from = generated ? sources->generated : sources->library;

    *size = generated ? sources->generated_size : sources->library_size;
    *text = cc_allocate(*size + 1, 1);
    memcpy(*text, from, *size);
    return HSX_OK;
}

static void print_error(void *context, const struct hsx_asm_error *error)
{
    (void)context;
    fprintf(stderr, "hsx cc: %s:%u: %s\n", error->path, error->line, error->text);
}

static bool write_result(const struct request *request, struct sources *sources)
{
    static const char *const paths[] = {generated_name, library_name};
    struct hsx_asm_options assembler = {
        .read = read_source, .report = print_error, .context = sources};
    uint8_t *image = NULL;
    size_t size = 0;
    bool done;

    if (request->assembly) {
        done =
            hsx_write_file(request->output, sources->generated, sources->generated_size) == HSX_OK;
    } else {
        if (hsx_assemble(paths, 2, &assembler, &image, &size) != HSX_OK) {
            return false;
        }
        done = hsx_write_file(request->output, image, size) == HSX_OK;
        free(image);
    }
    if (!done) {
        fprintf(stderr, "%s: cannot write: %s\n", request->output, strerror(errno));
    }
    return done;
}

static bool compile(const struct request *request, const char *home)
{
    static const char *const keep[] = {"main", "exit", NULL};
    char *path = cc_text("%s/svc.mvasm", home);
    char *library = cc_text("%s/libhsx.bc", home);
    struct list exports = {0};
    struct sources sources = {0};
    struct cc_module module;
    char *assembly = NULL;
    char *text = NULL;
    FILE *file;
    bool done = cc_module_begin(&module);

    for (size_t i = 0; done && i < request->files.count; i++) {
        done = compile_file(&module, request, home, request->files.items[i]);
    }
    if (done && hsx_read_file(path, &assembly, &sources.library_size) != HSX_OK) {
        fprintf(stderr, "%s: cannot read: %s\n", path, strerror(errno));
        done = false;
    }
    if (done) {
        read_exports(assembly, &exports);
    }
    cc_module_note_program(&module);
    done = done && cc_module_add(&module, library, library) &&
           cc_module_finish(&module, request->level, keep) && check_defined(&module, &exports);
    file = done ? open_memstream(&text, &sources.generated_size) : NULL;
    if (file) {
        done = generate(&module, file);
        done = fclose(file) == 0 && done;
        sources.generated = text;
        sources.library = assembly;
        done = done && write_result(request, &sources);
    }
    cc_module_end(&module);
    free(exports.items);
    free(assembly);
    free(text);
    free(path);
    free(library);
    return done;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "FILE.c...",
        "Compile C files into one image."
        "\vErrors are told as file:line: what is wrong; then nothing is written and the exit "
        "status is 1.",
        0,
        0,
        0};
    struct request request = {.level = 2};
    char *home;
    bool done;

    hsx_signals_init();
    argp_err_exit_status = EXIT_USAGE;
    if (argp_parse(&argp, argc, argv, 0, NULL, &request) != 0) {
        return EXIT_INPUT;
    }
    home = find_home();
    done = home && compile(&request, home);
    free(home);
    free(request.files.items);
    free(request.clang.items);
    return done ? EXIT_SUCCESS : EXIT_INPUT;
}
