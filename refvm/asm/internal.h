// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the assembler. */
#ifndef HSX_ASM_INTERNAL_H
#define HSX_ASM_INTERNAL_H

#include <hsx/asm.h>
#include <hsx/image.h>
#include <stdarg.h>
#include <stdbool.h>

enum section_id {
    SECTION_TEXT,
    SECTION_DATA,
    SECTION_BSS,
    SECTIONS,
    SECTION_NONE,
    SECTION_CONSTANT /* no place: a number named by .equ */
};

struct file {
    char *path;
    char *text;
    size_t size;
};

struct position {
    const struct file *file; /* NULL: nowhere */
    unsigned line;
    unsigned column;
};

/* A label or constant of one input file, or a name from another file that it uses. */
struct symbol {
    const char *name; /* in the source text, not terminated */
    size_t length;
    enum section_id section; /* SECTION_NONE: not defined in this file */
    uint32_t offset;         /* in the section */
    int64_t constant;        /* of SECTION_CONSTANT */
    struct position defined;
    struct position exported; /* of .export */
    struct position external; /* of .extern: exports a name that the file defines */
    bool reported;            /* as unknown */
    bool called;              /* by a CALL, or it is the entry */
    struct symbol *next;      /* in order of first mention, over all units */
};

enum function { FUNCTION_NONE, FUNCTION_LO16, FUNCTION_HI16, FUNCTION_OFF16 };

/* function(symbol + addend); without a symbol, addend is the value. */
struct expression {
    struct symbol *symbol;
    int64_t addend;
    enum function function;
    struct position at;
};

/* The destination of a value. */
enum field {
    FIELD_SIMM,     /* imm of LDI and memory offsets */
    FIELD_TARGET,   /* imm of JMP, JZ, JNZ */
    FIELD_CALL,     /* imm of the pc-relative CALL */
    FIELD_CALL_REG, /* imm of CALL Rn */
    FIELD_CODE,     /* a whole word of code */
    FIELD_BYTE,
    FIELD_HALF,
    FIELD_WORD,
    FIELDS
};

/* A value that is known only after all files are read. */
struct fixup {
    enum field field;
    uint32_t offset; /* in the text or data section */
    struct expression value;
};

/* An instruction, or a word of .word, and the line that it comes from. */
struct origin {
    uint32_t offset; /* in the text section */
    const struct file *file;
    unsigned line;
};

/* A line of the listing. */
struct listed {
    const struct file *file;
    unsigned line;
    const char *text; /* without the end of the line */
    size_t length;
    enum section_id section; /* where its bytes are */
    uint32_t offset, size;
};

struct section {
    uint8_t *bytes; /* NULL for .bss */
    size_t size;
    size_t capacity;
    size_t alignment; /* of .bss: the start is a multiple of it */
};

struct assembler {
    const struct hsx_asm_options *options;
    enum hsx_status status; /* the worst so far */
    unsigned errors;
    bool stop; /* nothing more can or should be read */

    struct file **files; /* all that were read */
    size_t file_count;

    void **units; /* one tsearch tree of struct symbol for each input file */
    size_t unit_count;
    struct symbol *first_symbol, *last_symbol; /* list of the symbols of all units */
    void *exports;                             /* tree of exported symbols of all units */

    struct section sections[SECTIONS];
    enum section_id current;

    struct fixup *fixups;
    size_t fixup_count;
    struct origin *origins;
    size_t origin_count;
    struct symbol **places; /* symbols with a place, by section and offset; NULL: not built yet */
    size_t place_count;
    struct listed *listed; /* NULL: no listing requested */
    size_t listed_count;
    bool linking; /* all files were read without an error, so addresses are final */

    size_t entry_unit;       /* unit_count when .entry was read */
    struct expression entry; /* of .entry; at.file is NULL when there was none */
    uint32_t start;          /* the entry, once it is linked */
    unsigned version;        /* of .hxe; 0: none */
    enum hsx_call_unit call; /* of .call */
    char name[HSX_NAME_SIZE + 1];
    uint16_t flags;
    uint32_t caps;
    struct hsx_mailbox_list mailboxes;
};

/* Files being read, innermost first. */
struct include {
    const struct file *file;
    const struct include *parent;
    unsigned depth;
};

/* A place in the line being parsed. */
struct cursor {
    struct assembler *assembler;
    const struct include *include;
    unsigned line;
    const char *start; /* of the line */
    const char *p;
    const char *end; /* of the line */
};

/* hsx.inc, generated from refvm/include/hsx/svc.def. */
extern const char asm_standard_include[];

/* source.c */
__attribute__((format(printf, 3, 4))) void
asm_report(struct assembler *a, const struct position *at, const char *format, ...);
__attribute__((format(printf, 3, 0))) void
asm_vreport(struct assembler *a, const struct position *at, const char *format, va_list args);
void asm_out_of_memory(struct assembler *a);
/* Reads path; NULL on failure, which is reported at `at` or, if that is NULL, for the file. */
const struct file *asm_load_file(struct assembler *a, const char *path, const struct position *at);
void asm_parse_file(struct assembler *a, const struct file *file, const struct include *parent);

/* lex.c: each returns false after reporting what is wrong at the cursor. */
struct position asm_here(const struct cursor *c);
__attribute__((format(printf, 2, 3))) bool asm_fail(struct cursor *c, const char *format, ...);
void asm_skip_space(struct cursor *c);
bool asm_at_end(struct cursor *c); /* of the statement */
bool asm_accept(struct cursor *c, char wanted);
bool asm_expect(struct cursor *c, char wanted);
/* Between operands: the comma is optional, but an operand must follow. */
bool asm_comma(struct cursor *c);
/* Takes [A-Za-z_.][A-Za-z0-9_.$]*; returns the length, 0 if there is no name. */
size_t asm_take_name(struct cursor *c, const char **name);
bool asm_name_is(const char *name, size_t length, const char *wanted); /* in any case */
bool asm_register_number(const char *name, size_t length, unsigned *number);
bool asm_parse_register(struct cursor *c, unsigned *number);
/* The byte at the cursor, or the escape that starts there; quote is for the message. */
bool asm_take_char(struct cursor *c, char quote, char *byte);
/* A string in "..." or '...'; *bytes is malloced and has a NUL after its size bytes. */
bool asm_parse_string(struct cursor *c, char **bytes, size_t *size);

/* expression.c */
bool asm_parse_expression(struct cursor *c, struct expression *value);
bool asm_parse_constant(struct cursor *c, int64_t min, int64_t max, int64_t *value);

/* statement.c */
void asm_parse_line(struct cursor *c);

/* insn.c */
bool asm_parse_instruction(struct cursor *c, const char *name, size_t length);

/* directive.c */
bool asm_parse_directive(struct cursor *c, const char *name, size_t length);

/* section.c */
/* Adds size zero bytes to the current section; false when it is full. */
bool asm_reserve(struct cursor *c, size_t size, uint32_t *offset);
/* Stores now if the value is a number, else when linking. */
bool asm_put_value(struct cursor *c, enum field field, uint32_t offset,
                   const struct expression *value);
uint32_t asm_get_code(const struct assembler *a, uint32_t offset);
void asm_set_code(struct assembler *a, uint32_t offset, uint32_t word);
/* Checks the range and stores; false after reporting. */
bool asm_store(struct assembler *a, enum field field, uint32_t offset, int64_t value,
               const struct position *at);

/* symbol.c */
struct symbol *asm_get_symbol(struct assembler *a, const char *name, size_t length);
bool asm_define_label(struct cursor *c, const char *name, size_t length);
/* Allowed for a name that has the same value already. */
bool asm_define_constant(struct cursor *c, const char *name, size_t length, int64_t value);
void asm_collect_exports(struct assembler *a);
/* The definition that symbol refers to, or NULL after reporting it as unknown. */
struct symbol *asm_find_definition(struct assembler *a, struct symbol *symbol,
                                   const struct position *at);
int64_t asm_symbol_value(const struct assembler *a, const struct symbol *definition);
/* Calls visit for the symbols of all units, in the order of their first mention. */
void asm_each_symbol(struct assembler *a,
                     void (*visit)(struct assembler *a, struct symbol *symbol));
void asm_free_symbols(struct assembler *a);

/* trail.c: information about places, in addition to the image */
/* Records that the instruction or word at offset comes from the cursor's line. */
bool asm_note_origin(struct cursor *c, uint32_t offset);
/* Called before a line is read; returns its index for asm_end_line. */
size_t asm_begin_line(struct cursor *c);
void asm_end_line(struct cursor *c, size_t index);
/* Fill options->symbols and *options->listing. */
enum hsx_status asm_fill_symbols(struct assembler *a);
enum hsx_status asm_write_listing(struct assembler *a);

/* link.c */
enum hsx_call_unit asm_call_unit(const struct assembler *a);
unsigned asm_image_version(const struct assembler *a);
void asm_link_fixups(struct assembler *a);
uint32_t asm_link_entry(struct assembler *a);

#endif
