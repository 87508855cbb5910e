// SPDX-License-Identifier: Apache-2.0
#include "program.h"
#include "code.h"
#include "data.h"
#include "memory.h"
#include "output.h"
#include "select.h"
#include "stack.h"
#include "symbols.h"
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>

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
        double weight = 0;

        for (size_t k = 0; k < block->count; k++) {
            weight += block->insns[k].op != MIR_NOTE;
        }
        size += weight;
        for (unsigned depth = 0; depth < block->depth && depth < 4; depth++) {
            weight *= 10;
        }
        executed += weight;
    }
    return executed / size;
}

/* Names that assembly of the library defines: the lines `.export NAME`. */
static void read_exports(const char *text, struct cc_list *names)
{
    static const char directive[] = ".export ";

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, directive, sizeof directive - 1) == 0) {
            const char *name = line + sizeof directive - 1;

            cc_list_add(names, cc_text("%.*s", (int)strcspn(name, " ;\r\n"), name));
        }
        if (*line == '\0') {
            break;
        }
    }
}

static bool known(const struct cc_list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* "file.c:3: " of the first place that uses a function, to be freed; empty where none is known. */
static char *place_of_use(struct cc_sources *sources, LLVMValueRef function)
{
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (LLVMIsAInstruction(user)) {
            struct cc_source source = cc_source_of_insn(sources, user);

            if (source.file) {
                return cc_text("%s:%u: ", source.file, source.line);
            }
        }
    }
    return cc_text("%s", "");
}

static bool refuse_function(struct cc_sources *sources, LLVMValueRef function, const char *name)
{
    static const char atomic[] = "__atomic_";
    char *place = place_of_use(sources, function);

    if (strncmp(name, atomic, sizeof atomic - 1) == 0) {
        fprintf(stderr, "hsx cc: %san atomic operation on more than 32 bits is not supported\n",
                place);
    } else {
        fprintf(stderr, "hsx cc: %sno file defines the function %s\n", place, name);
    }
    free(place);
    return false;
}

/* What would silently not be done. */
static bool check_supported(const struct cc_module *m)
{
    LLVMValueRef constructors = LLVMGetNamedGlobal(m->module, "llvm.global_ctors");
    LLVMValueRef destructors = LLVMGetNamedGlobal(m->module, "llvm.global_dtors");

    if (constructors || destructors) {
        fputs("hsx cc: functions that run before or after main (attributes constructor and "
              "destructor) are not supported\n",
              stderr);
        return false;
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;

        if (LLVMIsThreadLocal(g)) {
            fprintf(stderr, "hsx cc: the thread-local variable %s is not supported\n",
                    LLVMGetValueName2(g, &size));
            return false;
        }
    }
    return true;
}

static bool check_defined(const struct cc_module *m, struct cc_sources *sources,
                          const struct cc_list *assembly)
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
            complete = refuse_function(sources, f, name);
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

/* The code of the program, in the order in which it will lie. NULL: no errors. */
static char *generate(const struct cc_module *m, const struct cc_target *target,
                      struct compiled **all, size_t *count, struct code *code)
{
    char *error = NULL;
    size_t room = 0;

    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f && !error;
         f = LLVMGetNextFunction(f)) {
        struct mir_function *mir;

        if (LLVMIsDeclaration(f)) {
            continue;
        }
        mir = cc_select(target, f, &error);
        if (!mir) {
            break;
        }
        mir_empty_edges(mir);
        mir_allocate(mir);
        *all = cc_grow(*all, *count, &room, sizeof **all);
        (*all)[(*count)++] = (struct compiled){mir, cc_module_is_library(m, f), heat_of(mir)};
    }
    if (error) {
        return error;
    }
    qsort(*all, *count, sizeof **all, by_heat);
    code_begin(code);
    for (size_t i = 0; i < *count; i++) {
        code_add_function(code, (*all)[i].mir);
    }
    return code_lay_out(code) ? NULL : cc_text("the program has more than 64 KiB of code");
}

/* The program is called like its file, and may be loaded several times. */
static void write_name(const char *output, FILE *file)
{
    const char *slash = strrchr(output, '/');
    const char *name = slash ? slash + 1 : output;
    size_t length = strcspn(name, ".");
    bool good = length != 0 && length <= HSX_NAME_SIZE && strcmp(output, "-") != 0;

    for (size_t i = 0; i < length; i++) {
        good = good && name[i] > 0x20 && name[i] < 0x7F && !strchr("\"\\;", name[i]);
    }
    if (good) {
        fprintf(file, ".name \"%.*s\"\n.flags %d\n", (int)length, name, HSX_IMAGE_MULTIPLE);
    }
}

/* As text: code and data. */
static char *write_assembly(const struct cc_module *m, const struct cc_target *target,
                            const struct compiled *all, size_t count, const struct code *code,
                            FILE *file)
{
    code_write(code, file);
    fputs(".export __hsx_unwind\n", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, ".export %s\n", all[i].mir->name);
    }
    return cc_write_data(m->module, m->layout, target->names, file);
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

/* The image takes its place last, when what belongs to it is there. */
enum { IMAGE, SYMBOLS, STACK, KINDS, PARTS };

/* PATH.hxe becomes PATH and the suffix. */
static char *beside(const char *path, const char *suffix)
{
    static const char hxe[] = ".hxe";
    size_t length = strlen(path);

    if (length > strlen(hxe) && strcmp(path + length - strlen(hxe), hxe) == 0) {
        length -= strlen(hxe);
    }
    return cc_text("%.*s%s", (int)length, path, suffix);
}

static bool write_parts(struct hsx_output_part *parts)
{
    const char *failed;

    if (hsx_output_write_parts(parts, PARTS, &failed) != HSX_OK) {
        fprintf(stderr, "%s: cannot write: %s\n", failed, strerror(errno));
        return false;
    }
    return true;
}

static void fill(struct hsx_output_part *part, const char *path, char *text)
{
    *part = (struct hsx_output_part){.path = path, .bytes = text, .size = strlen(text)};
}

static bool assemble(const struct cc_request *request, const struct cc_module *m,
                     const struct cc_target *target, const struct code *code,
                     struct sources *sources)
{
    static const char *const paths[] = {generated_name, library_name};
    bool neighbours = hsx_output_has_neighbours(request->output);
    struct hsx_asm_options assembler = {
        .read = read_source, .report = print_error, .context = sources};
    struct hsx_output_part parts[PARTS] = {{0}};
    char *stack_path = beside(request->output, ".su");
    char *symbols_path = beside(request->output, ".sym");
    char *symbols = NULL;
    char *stack = NULL;
    char *kinds = NULL;
    uint8_t *image = NULL;
    size_t size = 0;
    bool done = hsx_symbols_create(&assembler.symbols) == HSX_OK &&
                hsx_assemble(paths, 2, &assembler, &image, &size) == HSX_OK;

    if (done) {
        parts[IMAGE] = (struct hsx_output_part){
            .path = request->output, .bytes = (const char *)image, .size = size};
        if (!request->no_symbols && (request->symbols || neighbours)) {
            symbols =
                cc_symbols_text(assembler.symbols, m, target, code, request->output, image, size);
            fill(&parts[SYMBOLS], request->symbols ? request->symbols : symbols_path, symbols);
        }
        if (request->stack_usage) {
            stack = cc_stack_text(code, m, target->names, sources->library);
            fill(&parts[STACK], stack_path, stack);
        }
        if (request->kinds) {
            kinds = code_kinds(code);
            fill(&parts[KINDS], request->kinds, kinds);
        }
        done = write_parts(parts);
    }
    hsx_symbols_destroy(assembler.symbols);
    free(image);
    free(symbols);
    free(stack);
    free(kinds);
    free(stack_path);
    free(symbols_path);
    return done;
}

static bool write_result(const struct cc_request *request, const struct cc_module *m,
                         const struct cc_target *target, const struct code *code,
                         struct sources *sources)
{
    struct hsx_output_part parts[PARTS] = {{0}};

    if (!request->assembly) {
        return assemble(request, m, target, code, sources);
    }
    parts[IMAGE] = (struct hsx_output_part){
        .path = request->output, .bytes = sources->generated, .size = sources->generated_size};
    return write_parts(parts);
}

bool cc_program_write(const struct cc_request *request, const struct cc_module *m,
                      const char *library, size_t library_size)
{
    struct cc_target target = {
        .layout = m->layout, .names = cc_names_new(), .sources = cc_sources_new()};
    struct sources sources = {.library = library, .library_size = library_size};
    struct cc_list exports = {0};
    struct compiled *all = NULL;
    struct code code = {0};
    char *text = NULL;
    size_t count = 0;
    char *error = NULL;
    bool done;

    read_exports(library, &exports);
    done = check_supported(m) && check_defined(m, target.sources, &exports);
    if (done) {
        FILE *file = open_memstream(&text, &sources.generated_size);

        error = generate(m, &target, &all, &count, &code);
        if (!error && file) {
            write_name(request->output, file);
            error = write_assembly(m, &target, all, count, &code, file);
        }
        done = file && fclose(file) == 0 && !error;
    }
    if (error) {
        fprintf(stderr, "hsx cc: %s\n", error);
    }
    sources.generated = text;
    done = done && write_result(request, m, &target, &code, &sources);
    for (size_t i = 0; i < count; i++) {
        mir_free(all[i].mir);
    }
    for (size_t i = 0; i < exports.count; i++) {
        free((char *)exports.items[i]);
    }
    free(exports.items);
    free(all);
    free(code.items);
    free(code.places);
    free(text);
    free(error);
    cc_names_free(target.names);
    cc_sources_free(target.sources);
    return done;
}
