// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <hsx/machine.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More mailboxes than any profile has descriptors; each is checked against all. */
enum { MAX_DEPTH = 32, MAX_MAILBOXES = 1024 };

static bool to_section(struct cursor *c, int section)
{
    c->assembler->current = (enum section_id)section;
    return true;
}

/* A bare .entry says that a unit can stand alone; the first of all units counts. */
static bool is_repeated(struct cursor *c, bool bare)
{
    struct assembler *a = c->assembler;

    if (!a->entry.at.file || (bare && a->entry_unit != a->unit_count)) {
        return false;
    }
    asm_fail(c, "a second .entry, the first is at %s:%u:%u", a->entry.at.file->path,
             a->entry.at.line, a->entry.at.column);
    return true;
}

static bool parse_entry(struct cursor *c, int unused)
{
    struct assembler *a = c->assembler;
    struct expression entry = {.at = asm_here(c)};
    bool bare = asm_at_end(c);

    (void)unused;
    if (is_repeated(c, bare)) {
        return false;
    }
    if (bare && a->current != SECTION_TEXT) {
        return asm_fail(c, ".entry without a label outside .text");
    }
    if (bare) {
        entry.addend = (int64_t)a->sections[SECTION_TEXT].size;
    } else if (!asm_parse_expression(c, &entry)) {
        return false;
    }
    if (entry.function != FUNCTION_NONE) {
        asm_report(a, &entry.at, "expected a label or an address");
        return false;
    }
    if (!a->entry.at.file) {
        a->entry = entry;
        a->entry_unit = a->unit_count;
    }
    return true;
}

enum { IMPORTED, EXTERNAL, EXPORTED };

static bool parse_names(struct cursor *c, int how)
{
    do {
        const char *name;
        size_t length = asm_take_name(c, &name);
        struct symbol *symbol;

        if (length == 0) {
            return asm_fail(c, "expected a label");
        }
        symbol = asm_get_symbol(c->assembler, name, length);
        if (!symbol) {
            return false;
        }
        c->p = name;
        if (how == EXPORTED && !symbol->exported.file) {
            symbol->exported = asm_here(c);
        } else if (how == EXTERNAL && !symbol->external.file) {
            symbol->external = asm_here(c);
        }
        c->p = name + length;
    } while (asm_accept(c, ','));
    return true;
}

/* path as seen from the file that includes it; malloc'ed */
static char *join(const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');
    int directory = slash && path[0] != '/' ? (int)(slash - from) + 1 : 0;
    size_t size = (size_t)directory + strlen(path) + 1;
    char *joined = malloc(size);

    if (joined) {
        snprintf(joined, size, "%.*s%s", directory, from, path);
    }
    return joined;
}

static bool include_file(struct cursor *c, const char *path, const struct position *at)
{
    const struct file *file;

    for (const struct include *i = c->include; i; i = i->parent) {
        if (strcmp(i->file->path, path) == 0) {
            asm_report(c->assembler, at, "'%s' includes itself", path);
            return false;
        }
    }
    if (c->include->depth == MAX_DEPTH) {
        asm_report(c->assembler, at, "includes are nested more than %d deep", MAX_DEPTH);
        return false;
    }
    file = asm_load_file(c->assembler, path, at);
    if (!file) {
        return false;
    }
    asm_parse_file(c->assembler, file, c->include);
    return true;
}

static bool parse_include(struct cursor *c, int unused)
{
    struct position at;
    char *name;
    char *path;
    size_t size;
    bool ok;

    (void)unused;
    asm_skip_space(c);
    at = asm_here(c);
    if (!asm_parse_string(c, &name, &size)) {
        return false;
    }
    if (size == 0 || strlen(name) != size) {
        asm_report(c->assembler, &at, "expected the name of a file");
        free(name);
        return false;
    }
    path = join(c->include->file->path, name);
    free(name);
    if (!path) {
        asm_out_of_memory(c->assembler);
        return false;
    }
    ok = include_file(c, path, &at);
    free(path);
    return ok;
}

static bool parse_org(struct cursor *c, int unused)
{
    struct section *text = &c->assembler->sections[SECTION_TEXT];
    struct position at;
    uint32_t offset;
    int64_t address;

    (void)unused;
    asm_skip_space(c);
    at = asm_here(c);
    if (!asm_parse_constant(c, 0, HSX_CODE_SIZE, &address)) {
        return false;
    }
    if (address % 4 != 0) {
        asm_report(c->assembler, &at, "0x%" PRIx64 ", expected a multiple of 4", address);
        return false;
    }
    if ((size_t)address < text->size) {
        asm_report(c->assembler, &at, "0x%" PRIx64 " is too low, the code has reached 0x%zx",
                   address, text->size);
        return false;
    }
    return asm_reserve(c, (size_t)address - text->size, &offset);
}

/* Is there a string at the cursor, not a character such as 'c'? */
static bool is_string(struct cursor *c)
{
    const char *p;

    asm_skip_space(c);
    p = c->p;
    if (p == c->end || (*p != '"' && *p != '\'')) {
        return false;
    }
    if (*p == '"' || c->end - p < 3) {
        return true;
    }
    return p[1] == '\\'
               ? !memchr(p + 2, '\'', (size_t)(c->end - p - 2)) ||
                     (p[2] == 'x' ? c->end - p < 6 || p[5] != '\'' : c->end - p < 4 || p[3] != '\'')
               : p[1] == '\'' || p[2] != '\'';
}

static bool put_string(struct cursor *c, bool terminated)
{
    uint32_t offset;
    char *bytes;
    size_t size;

    if (!asm_parse_string(c, &bytes, &size)) {
        return false;
    }
    if (!asm_reserve(c, size + (terminated ? 1 : 0), &offset)) {
        free(bytes);
        return false;
    }
    memcpy(c->assembler->sections[SECTION_DATA].bytes + offset, bytes, size);
    free(bytes);
    return true;
}

/* .byte .half .hword .word; .word in .text is a raw instruction word. */
static bool parse_values(struct cursor *c, int field)
{
    static const size_t sizes[FIELDS] = {[FIELD_BYTE] = 1, [FIELD_HALF] = 2, [FIELD_WORD] = 4};
    size_t size = sizes[field];

    if (c->assembler->current == SECTION_TEXT) {
        field = FIELD_CODE;
    }
    do {
        struct expression value;
        uint32_t offset;

        if (field == FIELD_BYTE && is_string(c)) {
            if (!put_string(c, false)) {
                return false;
            }
            continue;
        }
        if (!asm_reserve(c, size, &offset) || !asm_parse_expression(c, &value) ||
            !asm_put_value(c, (enum field)field, offset, &value) ||
            (field == FIELD_CODE && !asm_note_origin(c, offset))) {
            return false;
        }
    } while (asm_accept(c, ','));
    return true;
}

static bool parse_strings(struct cursor *c, int terminated)
{
    do {
        if (!put_string(c, terminated)) {
            return false;
        }
    } while (asm_accept(c, ','));
    return true;
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b != 0) {
        size_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* Pad to a multiple of n from the start of .data. .bss begins at a place that suits all
 * of its alignments. */
static bool parse_align(struct cursor *c, int unused)
{
    struct section *section = &c->assembler->sections[c->assembler->current];
    struct position at;
    uint32_t offset;
    int64_t n;

    (void)unused;
    asm_skip_space(c);
    at = asm_here(c);
    if (!asm_parse_constant(c, 1, HSX_DATA_SIZE - HSX_DATA_LINK, &n)) {
        return false;
    }
    if (c->assembler->current == SECTION_BSS) {
        size_t alignment = section->alignment ? section->alignment : 1;

        alignment = alignment / common_divisor(alignment, (size_t)n) * (size_t)n;
        if (alignment > HSX_DATA_SIZE - HSX_DATA_LINK) {
            asm_report(c->assembler, &at,
                       "no place in .bss suits this and the alignments before it");
            return false;
        }
        section->alignment = alignment;
    }
    return asm_reserve(c, ((size_t)n - section->size % (size_t)n) % (size_t)n, &offset);
}

static bool parse_zero(struct cursor *c, int unused)
{
    uint32_t offset;
    int64_t n;

    (void)unused;
    return asm_parse_constant(c, 0, HSX_DATA_SIZE, &n) && asm_reserve(c, (size_t)n, &offset);
}

/* The JSON value at the cursor ends where the parser says, not at a ';', which may be
 * part of a string. */
static bool json_length(struct cursor *c, size_t *length)
{
    json_error_t error;
    json_t *value;

    asm_skip_space(c);
    value = json_loadb(c->p, (size_t)(c->end - c->p), JSON_DISABLE_EOF_CHECK, &error);
    if (!value) {
        if (error.position > 0 && error.position <= c->end - c->p) {
            c->p += error.position - 1;
        }
        return asm_fail(c, "bad JSON: %s", error.text);
    }
    json_decref(value);
    *length = (size_t)error.position;
    return true;
}

static bool parse_mailbox(struct cursor *c, int unused)
{
    static const char prefix[] = "mailbox 0: ";
    struct hsx_image_error cause;
    enum hsx_status status;
    size_t length = 0;
    char *document;

    (void)unused;
    if (c->assembler->mailboxes.count == MAX_MAILBOXES) {
        c->assembler->stop = true;
        return asm_fail(c, "more than %d mailboxes", MAX_MAILBOXES);
    }
    if (!json_length(c, &length)) {
        return false;
    }
    if (asprintf(&document, "{\"version\":1,\"mailboxes\":[%.*s]}", (int)length, c->p) < 0) {
        asm_out_of_memory(c->assembler);
        return false;
    }
    status = hsx_mailboxes_parse(document, strlen(document), &c->assembler->mailboxes, &cause);
    free(document);
    if (status == HSX_ERR_MEMORY) {
        asm_out_of_memory(c->assembler);
        return false;
    }
    if (status != HSX_OK) {
        bool prefixed = strncmp(cause.text, prefix, strlen(prefix)) == 0;

        return asm_fail(c, "%s", cause.text + (prefixed ? strlen(prefix) : 0));
    }
    c->p += length;
    return true;
}

static bool parse_version(struct cursor *c, int unused)
{
    int64_t version;

    (void)unused;
    if (!asm_parse_constant(c, 1, 2, &version)) {
        return false;
    }
    c->assembler->version = (unsigned)version;
    return true;
}

static bool parse_equ(struct cursor *c, int unused)
{
    const char *name;
    size_t length = asm_take_name(c, &name);
    int64_t value;

    (void)unused;
    if (length == 0) {
        return asm_fail(c, "expected a name");
    }
    return asm_expect(c, ',') && asm_parse_constant(c, INT32_MIN, UINT32_MAX, &value) &&
           asm_define_constant(c, name, length, value);
}

static bool parse_app_name(struct cursor *c, int unused)
{
    struct assembler *a = c->assembler;
    struct position at;
    char *name;
    size_t size;
    bool ok;

    (void)unused;
    asm_skip_space(c);
    at = asm_here(c);
    if (!asm_parse_string(c, &name, &size)) {
        return false;
    }
    ok = size > 0 && size <= HSX_NAME_SIZE;
    for (size_t i = 0; ok && i < size; i++) {
        ok = name[i] >= 0x20 && name[i] <= 0x7E;
    }
    if (ok) {
        memcpy(a->name, name, size + 1);
    } else {
        asm_report(a, &at, "expected a name of 1 to %d printable ASCII characters", HSX_NAME_SIZE);
    }
    free(name);
    return ok;
}

static bool parse_call_unit(struct cursor *c, int unused)
{
    const char *name;
    size_t length = asm_take_name(c, &name);

    (void)unused;
    if (asm_name_is(name, length, "byte")) {
        c->assembler->call = HSX_CALL_BYTE;
    } else if (asm_name_is(name, length, "word")) {
        c->assembler->call = HSX_CALL_WORD;
    } else {
        c->p = name;
        return asm_fail(c, "expected byte or word");
    }
    return true;
}

static bool parse_flags(struct cursor *c, int unused)
{
    int64_t flags;

    (void)unused;
    if (!asm_parse_constant(c, 0, UINT16_MAX, &flags)) {
        return false;
    }
    c->assembler->flags = (uint16_t)flags;
    return true;
}

static bool parse_caps(struct cursor *c, int unused)
{
    int64_t caps;

    (void)unused;
    if (!asm_parse_constant(c, 0, UINT32_MAX, &caps)) {
        return false;
    }
    c->assembler->caps = (uint32_t)caps;
    return true;
}

enum { IN_TEXT = 1 << SECTION_TEXT, IN_DATA = 1 << SECTION_DATA, IN_BSS = 1 << SECTION_BSS };
enum { ANYWHERE = IN_TEXT | IN_DATA | IN_BSS };

static const struct directive {
    const char *name;
    bool (*parse)(struct cursor *c, int argument);
    int argument;
    unsigned sections; /* where it is allowed */
} directives[] = {
    {".text", to_section, SECTION_TEXT, ANYWHERE},
    {".data", to_section, SECTION_DATA, ANYWHERE},
    {".bss", to_section, SECTION_BSS, ANYWHERE},
    {".entry", parse_entry, 0, ANYWHERE},
    {".extern", parse_names, EXTERNAL, ANYWHERE},
    {".import", parse_names, IMPORTED, ANYWHERE},
    {".export", parse_names, EXPORTED, ANYWHERE},
    {".include", parse_include, 0, ANYWHERE},
    {".org", parse_org, 0, IN_TEXT},
    {".byte", parse_values, FIELD_BYTE, IN_DATA},
    {".half", parse_values, FIELD_HALF, IN_DATA},
    {".hword", parse_values, FIELD_HALF, IN_DATA},
    {".word", parse_values, FIELD_WORD, IN_TEXT | IN_DATA},
    {".ascii", parse_strings, false, IN_DATA},
    {".asciz", parse_strings, true, IN_DATA},
    {".string", parse_strings, true, IN_DATA},
    {".align", parse_align, 0, IN_DATA | IN_BSS},
    {".zero", parse_zero, 0, IN_DATA | IN_BSS},
    {".equ", parse_equ, 0, ANYWHERE},
    {".mailbox", parse_mailbox, 0, ANYWHERE},
    {".hxe", parse_version, 0, ANYWHERE},
    {".name", parse_app_name, 0, ANYWHERE},
    {".call", parse_call_unit, 0, ANYWHERE},
    {".flags", parse_flags, 0, ANYWHERE},
    {".caps", parse_caps, 0, ANYWHERE},
};

bool asm_parse_directive(struct cursor *c, const char *name, size_t length)
{
    static const char *const section_names[SECTIONS] = {".text", ".data", ".bss"};
    enum section_id section = c->assembler->current;

    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        const struct directive *d = &directives[i];

        if (!asm_name_is(name, length, d->name)) {
            continue;
        }
        if (!(d->sections & 1u << section)) {
            c->p = name;
            return asm_fail(c, "%s is not allowed in %s", d->name, section_names[section]);
        }
        return d->parse(c, d->argument);
    }
    c->p = name;
    if (asm_name_is(name, length, ".value") || asm_name_is(name, length, ".cmd")) {
        return asm_fail(c, "'%.*s' is not supported", (int)length, name);
    }
    return asm_fail(c, "unknown directive '%.*s'", (int)length, name);
}
