// SPDX-License-Identifier: Apache-2.0
/*
 * Makes the ROM of hsx_boot.v: the host's writes that start two tasks of one image on the
 * example board, one write per line as 20 bits of address and 32 of data, in hexadecimal.
 *
 *   hsx_example_boot IMAGE.hxe OUT.hex PAUSE_A PAUSE_B
 */
#include "files.h"
#include "host.h"
#include "signals.h"
#include <errno.h>
#include <hsx/image.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROM_ENTRIES = 128,    /* of hsx_boot.v */
    LINE = 14,            /* 13 digits and the newline */
    LED_REGISTER = 0x800, /* of hsx_example_top.v; a byte for each task */
    CODE_BYTES = 2048,    /* of its code memory */
    STACK_BYTES = 256
};

static const char end_of_list[] = "FFFFFFFFFFFFF\n";

struct rom {
    char text[ROM_ENTRIES * LINE + 1];
    size_t count;
};

static void record_write(void *ctx, uint32_t addr, uint32_t value)
{
    struct rom *rom = ctx;

    if (rom->count < ROM_ENTRIES) {
        snprintf(rom->text + rom->count * LINE, LINE + 1, "%05" PRIX32 "%08" PRIX32 "\n", addr,
                 value);
    }
    rom->count++;
}

static void start_task(const struct hsx_host *host, const struct hsx_image *image, uint8_t slot,
                       uint32_t pause)
{
    const uint32_t regs[HSX_REGISTERS] = {[1] = LED_REGISTER + slot, [2] = pause};
    /* Stacks from the end of data memory down. The first one's top is 0xFFFC,
     * because sp has 16 bits. */
    const uint32_t limit = HSX_DATA_SIZE - (slot + 1u) * STACK_BYTES;
    const uint16_t top = (uint16_t)(slot == 0 ? HSX_DATA_SIZE - 4 : limit + STACK_BYTES);
    const struct hsx_context ctx = {
        .pc = (uint16_t)image->entry,
        .sp = top,
        .reg_base = (uint16_t)(HSX_WINDOW_START + slot * HSX_WINDOW_SIZE),
        .stack_limit = (uint16_t)limit,
        .stack_top = top,
        .code_len = image->code_len,
        .data_base = HSX_DATA_LINK,
        .slice = 1,
        .flags = HSX_CTX_PROTECT | (image->version == 2 ? HSX_CTX_CALL_WORDS : 0),
    };

    hsx_host_start(host, slot, &ctx, regs);
}

static bool make_rom(const struct hsx_image *image, const uint32_t pause[2], struct rom *rom)
{
    const struct hsx_host host = {.ctx = rom, .write = record_write};
    uint32_t words[CODE_BYTES / 4];

    hsx_image_words(image, words);
    hsx_host_load_code(&host, 0, words, image->code_len / 4);
    for (uint8_t slot = 0; slot < 2; slot++) {
        start_task(&host, image, slot, pause[slot]);
    }
    hsx_host_go(&host, 0); /* no host is needed: faulted tasks just stop */
    if (rom->count >= ROM_ENTRIES) {
        return false;
    }
    while (rom->count < ROM_ENTRIES) {
        memcpy(rom->text + rom->count++ * LINE, end_of_list, LINE + 1);
    }
    return true;
}

static int complain(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    return EXIT_FAILURE;
}

static int write_rom(const char *in, const char *out, const uint32_t pause[2])
{
    struct hsx_image image;
    struct hsx_image_error error;
    struct rom rom = {.count = 0};
    char *bytes;
    size_t size;
    int code = EXIT_SUCCESS;

    if (hsx_read_file(in, &bytes, &size) != HSX_OK) {
        return complain(in, strerror(errno));
    }
    if (hsx_image_parse((const uint8_t *)bytes, size, &image, &error) != HSX_OK) {
        free(bytes);
        return complain(in, error.text);
    }
    if (image.code_len > CODE_BYTES || image.ro_len + image.bss_size != 0 ||
        !make_rom(&image, pause, &rom)) {
        code = complain(in, "does not fit, expected little code and no data");
    } else if (hsx_write_file(out, rom.text, strlen(rom.text)) != HSX_OK) {
        code = complain(out, strerror(errno));
    }
    hsx_image_clear(&image);
    free(bytes);
    return code;
}

int main(int argc, char **argv)
{
    uint32_t pause[2];

    hsx_signals_init();
    if (argc != 5) {
        fprintf(stderr, "usage: hsx_example_boot IMAGE.hxe OUT.hex PAUSE_A PAUSE_B\n");
        return 2;
    }
    for (int i = 0; i < 2; i++) {
        char *end;
        unsigned long value = strtoul(argv[3 + i], &end, 0);

        if (end == argv[3 + i] || *end != '\0' || value == 0 || value > UINT32_MAX) {
            fprintf(stderr, "hsx_example_boot: '%s', expected a pause from 1 on\n", argv[3 + i]);
            return 2;
        }
        pause[i] = (uint32_t)value;
    }
    return write_rom(argv[1], argv[2], pause);
}
