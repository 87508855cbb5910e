// SPDX-License-Identifier: Apache-2.0
/*
 * Names of places in an image: functions, labels, data and source lines, and the symbol
 * file that stores them next to the image (docs/symbols.md).
 *
 * Addresses are those of the image: bytes from the start of its code, and data
 * from 0x4000 on. A set of symbols is filled, sealed, and then only read. Functions that
 * read accept NULL for "no symbols are known".
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
    HSX_SYMBOL_FUNCTION, /* in code: the entry, and what is called or exported */
    HSX_SYMBOL_LABEL,    /* any other place in code */
    HSX_SYMBOL_DATA
};

struct hsx_symbol {
    const char *name; /* printable ASCII without a space */
    enum hsx_symbol_kind kind;
    bool global; /* visible to other source files */
    uint32_t address;
    uint32_t size;    /* bytes; 0: not known */
    const char *file; /* NULL: not known */
    unsigned line;    /* from 1; 0: not known */
};

/* The source line of an instruction. */
struct hsx_symbol_line {
    uint32_t pc, word;
    const char *file;
    unsigned line;
};

/* The location of a local variable while the pc is in [from, to). */
enum hsx_symbol_form { HSX_FORM_SIGNED, HSX_FORM_UNSIGNED, HSX_FORM_FLOAT, HSX_FORM_BYTES };
enum hsx_symbol_store {
    HSX_STORE_REGISTER, /* in reg, its low bytes */
    HSX_STORE_MEMORY,   /* at the address in reg, plus offset */
    HSX_STORE_CONSTANT  /* not stored: its value is offset */
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
/* Ends the filling. */
void hsx_symbols_seal(struct hsx_symbols *symbols);

/* The text of a symbol file, NUL-terminated, freed with free(); NULL: out of memory.
 * crc is that in the header of the image at path. */
char *hsx_symbols_format(const struct hsx_symbols *symbols, const char *path, uint32_t crc);

/* Reads such a text into a sealed set. HSX_ERR_FORMAT: *error says why. */
enum hsx_status hsx_symbols_parse(const char *text, size_t size, struct hsx_symbols **symbols,
                                  struct hsx_symbols_error *error);
/* The CRC that the symbol file has for its image; false: it has none. */
bool hsx_symbols_crc(const struct hsx_symbols *symbols, uint32_t *crc);

/* Code before data, by address. */
size_t hsx_symbols_count(const struct hsx_symbols *symbols);
const struct hsx_symbol *hsx_symbols_get(const struct hsx_symbols *symbols, size_t index);

/* The symbol of an address: the nearest at or before it. At the same place a function is
 * preferred to a label. Names that begin with a dot are used only if there is no other.
 * NULL: no symbol is known there. */
const struct hsx_symbol *hsx_symbols_at_code(const struct hsx_symbols *symbols, uint32_t pc);
const struct hsx_symbol *hsx_symbols_at_data(const struct hsx_symbols *symbols, uint32_t address);

/* "name" or "name+0x10"; false, and an empty text: no symbol is known there. */
bool hsx_symbols_code_text(const struct hsx_symbols *symbols, uint32_t pc, char *text, size_t size);
bool hsx_symbols_data_text(const struct hsx_symbols *symbols, uint32_t address, char *text,
                           size_t size);

/* The source line of the instruction at pc; NULL: not known. */
const struct hsx_symbol_line *hsx_symbols_line_at(const struct hsx_symbols *symbols, uint32_t pc);

/* "file.c:12", without the folder; false, and an empty text: not known. */
bool hsx_symbols_line_text(const struct hsx_symbols *symbols, uint32_t pc, char *text, size_t size);

/* Iterates over the local variables with a location at pc, in the order in which they were
 * added: returns the first from index *at on and moves *at past it; NULL: no more. Start with
 * *at 0. */
const struct hsx_symbol_local *hsx_symbols_local_at(const struct hsx_symbols *symbols, uint32_t pc,
                                                    size_t *at);

/* Resolves an address as users write it: "name", "name+4", "name-0x10", and "file:12" for
 * the first instruction of that line or of the next one that has any. Of a name that
 * several files define, one must be global. *data: whether it is a data address.
 * HSX_ERR_ARGUMENT: *error says why. */
enum hsx_status hsx_symbols_resolve(const struct hsx_symbols *symbols, const char *text,
                                    uint32_t *address, bool *data, struct hsx_symbols_error *error);

#ifdef __cplusplus
}
#endif

#endif
