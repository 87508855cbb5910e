// SPDX-License-Identifier: Apache-2.0
/*
 * Names of places in an image: functions, labels, data and source lines, and the
 * symbol file that keeps them beside the image (docs/symbols.md).
 *
 * Addresses are those of the image: bytes from the start of its code, and data
 * from 0x4000 on. A set of symbols is filled, sealed, and then only looked at.
 * Functions that look take NULL for "no symbols are known".
 */
#ifndef HSX_SYMBOLS_H
#define HSX_SYMBOLS_H

#include <hsx/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_symbols;

enum hsx_symbol_kind {
    HSX_SYMBOL_FUNCTION, /* in code: the entry, what is called or exported */
    HSX_SYMBOL_LABEL,    /* any other place in code */
    HSX_SYMBOL_DATA
};

struct hsx_symbol {
    const char *name; /* printable ASCII without a space */
    enum hsx_symbol_kind kind;
    bool global; /* known to other source files */
    uint32_t address;
    uint32_t size;    /* bytes; 0: not known */
    const char *file; /* NULL: not known */
    unsigned line;    /* from 1; 0: not known */
};

/* Where an instruction comes from. */
struct hsx_symbol_line {
    uint32_t pc, word;
    const char *file;
    unsigned line;
};

/* Where a local variable is while the pc is from `from` up to before `to`. */
enum hsx_symbol_form { HSX_FORM_SIGNED, HSX_FORM_UNSIGNED, HSX_FORM_FLOAT, HSX_FORM_BYTES };
enum hsx_symbol_store {
    HSX_STORE_REGISTER, /* in reg, its low bytes */
    HSX_STORE_MEMORY,   /* at the address in reg, plus offset */
    HSX_STORE_CONSTANT  /* nowhere: it is offset */
};
struct hsx_symbol_local {
    const char *name; /* printable ASCII without a space */
    const char *type; /* as C writes it, printable ASCII */
    enum hsx_symbol_form form;
    uint32_t size; /* bytes */
    uint32_t from, to;
    enum hsx_symbol_store store;
    unsigned reg;
    int32_t offset;
};

/* Why a symbol file or a name was refused: one line without a newline. */
struct hsx_symbols_error {
    char text[240];
};

enum { HSX_SYMBOL_TEXT_SIZE = 280 }; /* room for any "name+0x1234" */

enum hsx_status hsx_symbols_create(struct hsx_symbols **symbols);
void hsx_symbols_destroy(struct hsx_symbols *symbols);

/* Strings are copied. HSX_ERR_MEMORY changes nothing. */
enum hsx_status hsx_symbols_add(struct hsx_symbols *symbols, const struct hsx_symbol *symbol);
enum hsx_status hsx_symbols_add_line(struct hsx_symbols *symbols,
                                     const struct hsx_symbol_line *line);
enum hsx_status hsx_symbols_add_local(struct hsx_symbols *symbols,
                                      const struct hsx_symbol_local *local);
/* The last of filling. */
void hsx_symbols_seal(struct hsx_symbols *symbols);

/* The text of a symbol file, NUL-terminated, freed with free(); NULL: out of memory.
 * crc is the header's of the image at path. */
char *hsx_symbols_format(const struct hsx_symbols *symbols, const char *path, uint32_t crc);

/* From such a text, sealed. HSX_ERR_FORMAT: *error tells why. */
enum hsx_status hsx_symbols_parse(const char *text, size_t size, struct hsx_symbols **symbols,
                                  struct hsx_symbols_error *error);
/* What the file says of its image; false: nothing. */
bool hsx_symbols_crc(const struct hsx_symbols *symbols, uint32_t *crc);

/* Code before data, by address. */
size_t hsx_symbols_count(const struct hsx_symbols *symbols);
const struct hsx_symbol *hsx_symbols_get(const struct hsx_symbols *symbols, size_t index);

/* What an address is in: the nearest symbol at or before it, rather a function
 * than a label at the same place, and none that begins with a dot where there is
 * another. NULL: nothing is known there. */
const struct hsx_symbol *hsx_symbols_at_code(const struct hsx_symbols *symbols, uint32_t pc);
const struct hsx_symbol *hsx_symbols_at_data(const struct hsx_symbols *symbols, uint32_t address);

/* "name" or "name+0x10"; false, and an empty text: nothing is known there. */
bool hsx_symbols_code_text(const struct hsx_symbols *symbols, uint32_t pc, char *text, size_t size);
bool hsx_symbols_data_text(const struct hsx_symbols *symbols, uint32_t address, char *text,
                           size_t size);

/* The line that made the instruction at pc; NULL: not known. */
const struct hsx_symbol_line *hsx_symbols_line_at(const struct hsx_symbols *symbols, uint32_t pc);

/* "file.c:12", without the folder; false, and an empty text: not known. */
bool hsx_symbols_line_text(const struct hsx_symbols *symbols, uint32_t pc, char *text, size_t size);

/* The local variables that are somewhere at pc, in the order in which they were added: the first
 * from index *at on, which moves past it; NULL: no more. *at is 0 to begin with. */
const struct hsx_symbol_local *hsx_symbols_local_at(const struct hsx_symbols *symbols, uint32_t pc,
                                                    size_t *at);

/* An address as a user names it: "name", "name+4", "name-0x10", and "file:12" for
 * the first instruction of that line or of the next that has any. A name that
 * several files define needs to be the global one. *data: whether it is one of
 * data. HSX_ERR_ARGUMENT: *error tells why. */
enum hsx_status hsx_symbols_resolve(const struct hsx_symbols *symbols, const char *text,
                                    uint32_t *address, bool *data, struct hsx_symbols_error *error);

#ifdef __cplusplus
}
#endif

#endif
