// SPDX-License-Identifier: Apache-2.0
#include "program.h"
#include "code.h"
#include "data.h"
#include "files.h"
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
    double heat; /* executions per instruction, estimated from loops */
};

/* Short loops first, and the program before its library: jumps reach only the first 4
 * KiB. */
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

static struct cc_source find_use(struct cc_sources *sources, LLVMValueRef global)
{
    for (LLVMUseRef use = LLVMGetFirstUse(global); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        struct cc_source source = {NULL, 0};

        if (LLVMIsAInstruction(user)) {
            source = cc_source_of_insn(sources, user);
        } else if (LLVMIsAConstantExpr(user)) {
            source = find_use(sources, user);
        }
        if (source.file) {
            return source;
        }
    }
    return (struct cc_source){NULL, 0};
}

/* "file.c:3: " for a variable with -g, else for the first use of a variable or function, to be
 * freed; empty if unknown. */
static char *place_of(struct cc_sources *sources, LLVMValueRef global)
{
    struct cc_source source = {NULL, 0};

    if (LLVMIsAGlobalVariable(global)) {
        source = cc_source_of_variable(sources, global);
    }
    source = source.file ? source : find_use(sources, global);
    return source.file ? cc_text("%s:%u: ", source.file, source.line) : cc_text("%s", "");
}

static bool refuse_function(struct cc_sources *sources, LLVMValueRef function, const char *name)
{
    static const char atomic[] = "__atomic_";
    char *place = place_of(sources, function);

    if (strncmp(name, atomic, sizeof atomic - 1) == 0) {
        fprintf(stderr, "hsx cc: %san atomic operation on more than 32 bits is not supported\n",
                place);
    } else {
        fprintf(stderr, "hsx cc: %sno file defines the function %s\n", place, name);
    }
    free(place);
    return false;
}

static bool check_variables(const struct cc_module *m, struct cc_sources *sources)
{
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;

        if (LLVMIsThreadLocal(g)) {
            char *place = place_of(sources, g);

            fprintf(stderr, "hsx cc: %sthe thread-local variable %s is not supported\n", place,
                    LLVMGetValueName2(g, &size));
            free(place);
            return false;
        }
    }
    return true;
}

static bool check_defined(const struct cc_module *m, struct cc_sources *sources,
                          const struct cc_assembly *assembly)
{
    LLVMValueRef main = LLVMGetNamedFunction(m->module, "main");
    bool complete = true;

    if ((!main || LLVMIsDeclaration(main)) && !cc_assembly_exports(assembly, "main")) {
        fputs("hsx cc: no file defines main\n", stderr);
        return false;
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        size_t size;
        const char *name = LLVMGetValueName2(f, &size);

        if (LLVMIsDeclaration(f) && LLVMGetFirstUse(f) && strncmp(name, "llvm.", 5) != 0 &&
            strcmp(name, "__hsx_div") != 0 && !cc_assembly_exports(assembly, name)) {
            complete = refuse_function(sources, f, name);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        size_t size;
        const char *name = LLVMGetValueName2(g, &size);

        if (LLVMIsDeclaration(g) && LLVMGetFirstUse(g) && !cc_assembly_exports(assembly, name)) {
            char *place = place_of(sources, g);

            fprintf(stderr, "hsx cc: %sno file defines the variable %s\n", place, name);
            free(place);
            complete = false;
        }
    }
    return complete;
}

/* Compiles the functions of the program, in their final order. NULL: no errors. */
static char *compile_functions(const struct cc_module *m, const struct cc_target *target,
                               struct compiled **all, size_t *count)
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
    if (*count != 0) {
        qsort(*all, *count, sizeof **all, by_heat);
    }
    return error;
}

static char *lay_out(const struct compiled *all, size_t count, struct code *code)
{
    code_begin(code);
    for (size_t i = 0; i < count; i++) {
        code_add_function(code, all[i].mir);
    }
    return code_lay_out(code) ? NULL : cc_text("the program has more than 64 KiB of code");
}

/* The app name is the file's, and it may be loaded several times. */
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

/* An .export line for each name that other units may use. */
static void write_exports(const struct cc_module *m, const struct cc_target *target,
                          const struct compiled *all, size_t count, FILE *file)
{
    fputs(".export __hsx_unwind\n", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, ".export %s\n", all[i].mir->name);
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        if (!LLVMIsDeclaration(g) && LLVMGetLinkage(g) == LLVMExternalLinkage) {
            fprintf(file, ".export %s\n", cc_name_of(target->names, g));
        }
    }
}

/* Code and data as text. */
static char *write_assembly(const struct cc_module *m, const struct cc_target *target,
                            const struct compiled *all, size_t count, const struct code *code,
                            FILE *file)
{
    code_write(code, file);
    write_exports(m, target, all, count, file);
    return cc_write_data(m->module, m->layout, target->names, file);
}

/* The assembler's input: the generated unit and others. */
struct sources {
    const struct cc_assembly *assembly;
    char *generated;
    size_t generated_size;
    bool user_first; /* the user's units precede the generated one */
};

/* Jumps reach 4 KiB; half of it is reserved for C. */
enum { MOST_ASSEMBLY_FIRST = 2048 };

static const char generated_name[] = "(generated assembly)";
static const char start_name[] = "__hsx_start";

/* A copy that the assembler frees. */
static void give(char **to, size_t *size, const char *text, size_t length)
{
    *size = length;
    *to = cc_allocate(length + 1, 1);
    memcpy(*to, text, length);
}

static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    const struct sources *sources = context;

    if (strcmp(path, generated_name) == 0) {
        give(text, size, sources->generated, sources->generated_size);
        return HSX_OK;
    }
    for (size_t i = 0; i < sources->assembly->count; i++) {
        const struct cc_unit *unit = &sources->assembly->units[i];

        if (strcmp(path, unit->path) == 0) {
            give(text, size, unit->text, unit->size);
            return HSX_OK;
        }
    }
    return hsx_read_file_up_to(path, HSX_ASM_MAX_SOURCE, text, size);
}

static void print_error(void *context, const struct hsx_asm_error *error)
{
    (void)context;
    fprintf(stderr, "hsx cc: %s:%u: %s\n", error->path, error->line, error->text);
}

/* The image is written last, after the files that belong to it. */
enum { IMAGE, SYMBOLS, STACK, KINDS, PARTS };

/* Replaces the .hxe of PATH by the suffix. */
static char *with_suffix(const char *path, const char *suffix)
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

/* The user's units come first, where their jumps reach; the generated one follows, if enough of
 * the reach of jumps is left for it. */
static enum hsx_status run_assembler(struct sources *sources, struct hsx_symbols *symbols,
                                     uint8_t **image, size_t *size)
{
    const struct cc_assembly *assembly = sources->assembly;
    struct hsx_asm_options options = {
        .read = read_source, .report = print_error, .context = sources, .symbols = symbols};
    struct cc_list paths = {0};
    enum hsx_status status;

    if (!sources->user_first) {
        cc_list_add(&paths, generated_name);
    }
    for (size_t i = 1; i < assembly->count; i++) {
        cc_list_add(&paths, assembly->units[i].path);
    }
    if (sources->user_first) {
        cc_list_add(&paths, generated_name);
    }
    cc_list_add(&paths, assembly->units[0].path);
    status = hsx_assemble(paths.items, paths.count, &options, image, size);
    free(paths.items);
    if (status == HSX_ERR_MEMORY) {
        cc_no_memory();
    }
    return status;
}

static struct hsx_symbols *new_symbols(void)
{
    struct hsx_symbols *symbols;

    if (hsx_symbols_create(&symbols) != HSX_OK) {
        cc_no_memory();
    }
    return symbols;
}

/* Bytes of code of the user's units, assembled with a unit that only defines the names that will
 * be generated. False: they have errors, which have been printed. */
static bool measure_assembly(const struct cc_module *m, const struct cc_target *target,
                             const struct compiled *all, size_t count, struct sources *sources,
                             uint32_t *bytes)
{
    FILE *file = cc_text_open(&sources->generated, &sources->generated_size);
    struct hsx_symbols *symbols = new_symbols();
    uint8_t *image = NULL;
    size_t size = 0;

    fprintf(file, ".hxe 2\n.entry %s\n.text\n%s:\n__hsx_unwind:\n", start_name, start_name);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%s:\n", all[i].mir->name);
    }
    fputs("    RET\n", file);
    write_exports(m, target, all, count, file);
    fputs(".data\n", file);
    for (LLVMValueRef g = LLVMGetFirstGlobal(m->module); g; g = LLVMGetNextGlobal(g)) {
        if (!LLVMIsDeclaration(g) && LLVMGetLinkage(g) == LLVMExternalLinkage) {
            fprintf(file, "%s:\n", cc_name_of(target->names, g));
        }
    }
    fputs("    .byte 0\n", file);
    cc_text_close(file);
    sources->user_first = true;

    bool done = run_assembler(sources, symbols, &image, &size) == HSX_OK;

    for (size_t i = 0; done && i < hsx_symbols_count(symbols); i++) {
        const struct hsx_symbol *symbol = hsx_symbols_get(symbols, i);

        if (strcmp(symbol->name, start_name) == 0) {
            *bytes = symbol->address;
        }
    }
    hsx_symbols_destroy(symbols);
    free(image);
    free(sources->generated);
    sources->generated = NULL;
    return done;
}

static bool assemble(const struct cc_request *request, const struct cc_module *m,
                     const struct cc_target *target, const struct code *code,
                     struct sources *sources)
{
    bool neighbours = hsx_output_has_neighbours(request->output);
    struct hsx_output_part parts[PARTS] = {{0}};
    char *stack_path = with_suffix(request->output, ".su");
    char *symbols_path = with_suffix(request->output, ".sym");
    struct hsx_symbols *assembled = new_symbols();
    char *symbols = NULL;
    char *stack = NULL;
    char *kinds = NULL;
    uint8_t *image = NULL;
    size_t size = 0;
    bool done = run_assembler(sources, assembled, &image, &size) == HSX_OK;

    if (done) {
        parts[IMAGE] = (struct hsx_output_part){
            .path = request->output, .bytes = (const char *)image, .size = size};
        if (!request->no_symbols && (request->symbols || neighbours)) {
            symbols = cc_symbols_text(assembled, m, target, code, sources->assembly,
                                      request->output, image, size);
            fill(&parts[SYMBOLS], request->symbols ? request->symbols : symbols_path, symbols);
        }
        if (request->stack_usage) {
            stack = cc_stack_text(code, m, target->names, sources->assembly->units[0].text);
            fill(&parts[STACK], stack_path, stack);
        }
        if (request->kinds) {
            kinds = code_kinds(code);
            fill(&parts[KINDS], request->kinds, kinds);
        }
        done = write_parts(parts);
    }
    hsx_symbols_destroy(assembled);
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
    char *text;
    bool done;

    if (!request->assembly) {
        return assemble(request, m, target, code, sources);
    }
    text = cc_text("%s%s", sources->generated, sources->assembly->units[0].text);
    fill(&parts[IMAGE], request->output, text);
    done = write_parts(parts);
    free(text);
    return done;
}

bool cc_program_write(const struct cc_request *request, const struct cc_module *m,
                      const struct cc_assembly *assembly)
{
    struct cc_target target = {
        .layout = m->layout, .names = cc_names_new(), .sources = cc_sources_new()};
    struct sources sources = {.assembly = assembly};
    struct compiled *all = NULL;
    struct code code = {0};
    size_t count = 0;
    char *error = NULL;
    bool done = check_variables(m, target.sources) && check_defined(m, target.sources, assembly);

    if (done) {
        error = compile_functions(m, &target, &all, &count);
    }
    if (done && !error && assembly->count > 1) {
        done = measure_assembly(m, &target, all, count, &sources, &code.base);
        sources.user_first = code.base <= MOST_ASSEMBLY_FIRST;
        code.base = sources.user_first ? code.base : 0;
    }
    if (done && !error) {
        error = lay_out(all, count, &code);
    }
    if (done && !error) {
        FILE *file = cc_text_open(&sources.generated, &sources.generated_size);

        write_name(request->output, file);
        error = write_assembly(m, &target, all, count, &code, file);
        cc_text_close(file);
    }
    done = done && !error;
    if (error) {
        fprintf(stderr, "hsx cc: %s\n", error);
    }
    done = done && write_result(request, m, &target, &code, &sources);
    for (size_t i = 0; i < count; i++) {
        mir_free(all[i].mir);
    }
    free(all);
    free(code.items);
    free(code.places);
    free(sources.generated);
    free(error);
    cc_names_free(target.names);
    cc_sources_free(target.sources);
    return done;
}
