// SPDX-License-Identifier: Apache-2.0
/* The input is one source, and after a NUL a second one that every .include
 * reads. If it assembles, it is listed with and without symbols, and both listings
 * assemble to the same bytes. */
#include "fuzz.h"
#include <hsx/asm.h>
#include <hsx/dis.h>
#include <stdlib.h>
#include <string.h>

static const char main_path[] = "main.mvasm";

struct sources {
    const char *main;
    size_t main_size;
    const char *other;
    size_t other_size;
    unsigned errors;
};

static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    const struct sources *s = context;
    const char *from = strcmp(path, main_path) == 0 ? s->main : s->other;

    *size = from == s->main ? s->main_size : s->other_size;
    *text = malloc(*size ? *size : 1);
    if (!*text) {
        return HSX_ERR_MEMORY;
    }
    memcpy(*text, from, *size);
    return HSX_OK;
}

static void count_error(void *context, const struct hsx_asm_error *error)
{
    struct sources *s = context;

    s->errors += error->text[0] != '\0';
}

static enum hsx_status assemble(struct sources *sources, struct hsx_symbols *symbols,
                                char **listing, uint8_t **bytes, size_t *size)
{
    const char *const paths[] = {main_path};
    struct hsx_asm_options options = {.symbols = symbols,
                                      .listing = listing,
                                      .context = sources,
                                      .read = read_source,
                                      .report = count_error};
    enum hsx_status status = hsx_assemble(paths, 1, &options, bytes, size);

    if ((status == HSX_OK) != (sources->errors == 0)) {
        abort();
    }
    return status;
}

static void check_listing(const uint8_t *bytes, size_t size, const struct hsx_symbols *symbols)
{
    struct sources listing = {.other = ""};
    struct hsx_image_error error;
    struct hsx_image image;
    uint8_t *back;
    size_t back_size;
    char *text;

    if (hsx_image_parse(bytes, size, &image, &error) != HSX_OK ||
        hsx_dis_image(&image, image.version == 2, symbols, &text) != HSX_OK) {
        abort();
    }
    listing.main = text;
    listing.main_size = strlen(text);
    if (assemble(&listing, NULL, NULL, &back, &back_size) != HSX_OK || back_size != size ||
        memcmp(back, bytes, size) != 0) {
        abort();
    }
    free(back);
    free(text);
    hsx_image_clear(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    const char *nul = size ? memchr(text, '\0', size) : NULL;
    struct sources sources = {text, size, "", 0, 0};
    struct hsx_symbols *symbols;
    char *listing = NULL;
    uint8_t *image;
    size_t image_size;

    if (nul) {
        sources.main_size = (size_t)(nul - text);
        sources.other = nul + 1;
        sources.other_size = size - sources.main_size - 1;
    }
    if (hsx_symbols_create(&symbols) != HSX_OK) {
        return 0;
    }
    if (assemble(&sources, symbols, &listing, &image, &image_size) == HSX_OK) {
        check_listing(image, image_size, NULL);
        check_listing(image, image_size, symbols);
        free(image);
    }
    free(listing);
    hsx_symbols_destroy(symbols);
    return 0;
}
