// SPDX-License-Identifier: Apache-2.0
/* A symbol file. If it is accepted, it is written and gives the same when read again;
 * every address can be queried, and names resolve to their addresses. */
#include "fuzz.h"
#include <hsx/symbols.h>
#include <stdlib.h>
#include <string.h>

static void check_lookups(const struct hsx_symbols *symbols)
{
    char text[HSX_SYMBOL_TEXT_SIZE];
    struct hsx_symbols_error error;
    uint32_t address;
    bool data;

    for (uint32_t at = 0; at <= 0x10000; at += 0x3F) {
        hsx_symbols_code_text(symbols, at, text, sizeof text);
        hsx_symbols_data_text(symbols, at, text, sizeof text);
        hsx_symbols_line_at(symbols, at);
        for (size_t i = 0; hsx_symbols_local_at(symbols, at, &i);) {
        }
    }
    for (size_t i = 0; i < hsx_symbols_count(symbols) && i < 50; i++) {
        const struct hsx_symbol *symbol = hsx_symbols_get(symbols, i);

        hsx_symbols_resolve(symbols, symbol->name, &address, &data, &error);
        if (symbol->address > 0x10000) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct hsx_symbols *symbols, *again;
    struct hsx_symbols_error error;
    char *text, *second;
    uint32_t crc;

    if (hsx_symbols_parse((const char *)bytes, size, &symbols, &error) != HSX_OK) {
        if (symbols || error.text[0] == '\0') {
            abort();
        }
        return 0;
    }
    check_lookups(symbols);
    hsx_symbols_crc(symbols, &crc);
    text = hsx_symbols_format(symbols, "x.hxe", crc);
    if (!text || hsx_symbols_parse(text, strlen(text), &again, &error) != HSX_OK) {
        abort();
    }
    second = hsx_symbols_format(again, "x.hxe", crc);
    if (!second || strcmp(text, second) != 0) {
        abort();
    }
    free(second);
    free(text);
    hsx_symbols_destroy(again);
    hsx_symbols_destroy(symbols);
    return 0;
}
