// SPDX-License-Identifier: Apache-2.0
#include "stack.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

enum { WORD = 4 };

enum visit { NEW, ENTERED, DONE };

/* A function in C or in the library's assembly. */
struct function {
    const char *name;   /* assembly: owned */
    size_t first, last; /* its items; assembly: none */
    uint32_t own;       /* bytes below the return address */
    bool dynamic;
    bool assembly;
    bool address_taken; /* a call through a pointer may reach it */
    enum visit visit;
    uint32_t need; /* including all that it calls */
};

struct report {
    const struct code *code;
    struct function *functions;
    size_t count, room;
    char *why; /* why there is no minimal stack */
};

static struct function *add_function(struct report *r, const char *name)
{
    r->functions = cc_grow(r->functions, r->count, &r->room, sizeof *r->functions);
    r->functions[r->count] = (struct function){.name = name};
    return &r->functions[r->count++];
}

/* A jump that does not reach takes a word until it arrives. */
static uint32_t depth_at(const struct code_item *item)
{
    bool far_jump = item->far && item->kind != CODE_INSN;

    return item->note.depth + (far_jump ? WORD : 0);
}

static void add_compiled(struct report *r)
{
    struct function *function = NULL;

    for (size_t i = 0; i < r->code->count; i++) {
        const struct code_item *item = &r->code->items[i];

        if (item->kind == CODE_FUNCTION) {
            function = add_function(r, item->name);
            function->first = i;
        }
        if (function) {
            uint32_t depth = depth_at(item);

            function->last = i;
            function->own = depth > function->own ? depth : function->own;
            function->dynamic = function->dynamic || item->note.dynamic;
        }
    }
}

static bool begins(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* A function extends from `.export NAME` to the next one. It is straight-line code, so
 * each PUSH takes a word. */
static void add_assembly(struct report *r, const char *text)
{
    struct function *function = NULL;

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (begins(line, ".export ")) {
            const char *name = line + strlen(".export ");

            function = add_function(r, cc_text("%.*s", (int)strcspn(name, " ;\r\n"), name));
            function->assembly = true;
        }
        if (function && (begins(line, "    PUSH ") || begins(line, "    CALL "))) {
            function->own += WORD;
        }
    }
}

static struct function *find(struct report *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->functions[i].name, name) == 0) {
            return &r->functions[i];
        }
    }
    return NULL;
}

static bool is_call(const struct code_item *item)
{
    return item->kind == CODE_INSN && item->op == HSX_OP_CALL;
}

static void visit(struct report *r, struct function *function);

/* The bytes that a call of function takes: its return address and what it needs. */
static uint32_t below(struct report *r, struct function *function)
{
    visit(r, function);
    return WORD + function->need;
}

static uint32_t below_call(struct report *r, const struct code_item *item)
{
    uint32_t most = 0;

    if (item->name) {
        struct function *called = find(r, item->name);

        if (!called && !r->why) {
            r->why = cc_text("assembly of %s", item->name);
        }
        return called ? below(r, called) : WORD;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->functions[i].address_taken) {
            uint32_t bytes = below(r, &r->functions[i]);

            most = bytes > most ? bytes : most;
        }
    }
    return most;
}

static void visit(struct report *r, struct function *function)
{
    if (function->visit == ENTERED && !r->why) {
        r->why = cc_text("recursion of %s", function->name);
    }
    if (function->visit != NEW) {
        return;
    }
    function->visit = ENTERED;
    function->need = function->own;
    if (function->dynamic && !r->why) {
        r->why = cc_text("variable frame of %s", function->name);
    }
    for (size_t i = function->first; !function->assembly && i <= function->last; i++) {
        const struct code_item *item = &r->code->items[i];

        if (is_call(item)) {
            uint32_t need = item->note.depth + below_call(r, item);

            function->need = need > function->need ? need : function->need;
        }
    }
    function->visit = DONE;
}

/* Whether it is used other than as the target of a direct call. */
static bool address_taken(LLVMValueRef function)
{
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);

        if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != function) {
            return true;
        }
        for (unsigned i = 0; i < LLVMGetNumArgOperands(user); i++) {
            if (LLVMGetOperand(user, i) == function) {
                return true;
            }
        }
    }
    return false;
}

static void find_addresses(struct report *r, const struct cc_module *m, struct cc_names *names)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(m->module); f; f = LLVMGetNextFunction(f)) {
        struct function *function = find(r, cc_name_of(names, f));

        if (function) {
            function->address_taken = address_taken(f);
        }
    }
}

/* The start code calls main and exit through a register. */
static uint32_t need_of_program(struct report *r)
{
    struct function *start = find(r, "__hsx_start");
    struct function *main = find(r, "main");
    uint32_t need = main ? below(r, main) : 0;

    return (start ? start->own : 0) + need;
}

static void write_function(FILE *file, const struct report *r, const struct function *function)
{
    const struct code_note *note = &r->code->items[function->first].note;

    if (!function->assembly && note->file) {
        fprintf(file, "%s:%u:", note->file, note->line);
    } else {
        fputs("library:", file);
    }
    fprintf(file, "%s\t%lu\t%s\n", function->name, (unsigned long)function->own,
            function->dynamic ? "dynamic" : "static");
}

char *cc_stack_text(const struct code *code, const struct cc_module *m, struct cc_names *names,
                    const char *library)
{
    struct report r = {.code = code};
    char *text = NULL;
    size_t size = 0;
    FILE *file = cc_text_open(&text, &size);
    uint32_t need;

    add_compiled(&r);
    add_assembly(&r, library);
    find_addresses(&r, m, names);
    need = need_of_program(&r);
    for (size_t i = 0; i < r.count; i++) {
        /* of the library only functions that the program can reach */
        if (r.functions[i].visit == DONE ||
            (!r.functions[i].assembly && r.code->items[r.functions[i].first].note.file)) {
            write_function(file, &r, &r.functions[i]);
        }
    }
    if (r.why) {
        fprintf(file, "program\t-\t%s\n", r.why);
    } else {
        fprintf(file, "program\t%lu\tstatic\n", (unsigned long)need);
    }
    cc_text_close(file);
    for (size_t i = 0; i < r.count; i++) {
        free(r.functions[i].assembly ? (char *)r.functions[i].name : NULL);
    }
    free(r.functions);
    free(r.why);
    return text;
}
