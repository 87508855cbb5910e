// SPDX-License-Identifier: Apache-2.0
/*
 * toggles FILE.fst...: the bits that both rise and fall in the waves, all of one design.
 * Prints a line for each bit of each variable but parameters, counters of loops and words of
 * memories: the place in the design, the name, the bit from the left and 1 if it rises and falls,
 * else 0, with tabs.
 */
#include <gtkwave/fstapi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATH = 1024 };

/* What is known of a bit: its value, and whether it has risen and fallen. */
enum { KNOWN = 1, HIGH = 2, ROSE = 4, FELL = 8, BOTH = ROSE | FELL };

struct signal {
    char *place;
    char *name;
    uint32_t width;
    fstHandle handle;
};

struct wave {
    struct signal *signals;
    size_t count;
    uint8_t **bits; /* of each handle, from 1 on */
    uint32_t *widths;
};

static void *needed(void *memory)
{
    if (memory == NULL) {
        fputs("toggles: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void changed(void *user, uint64_t time, fstHandle handle, const unsigned char *value)
{
    const struct wave *wave = user;
    uint8_t *bits = wave->bits[handle];

    (void)time;
    for (uint32_t i = 0; i < wave->widths[handle]; i++) {
        bool high = value[i] == '1';

        if (bits[i] & KNOWN && high != ((bits[i] & HIGH) != 0))
            bits[i] |= high ? ROSE : FELL;
        bits[i] = (uint8_t)((bits[i] & BOTH) | KNOWN | (high ? HIGH : 0));
    }
}

static void changed_varlen(void *user, uint64_t time, fstHandle handle, const unsigned char *value,
                           uint32_t length)
{
    (void)length;
    changed(user, time, handle, value);
}

/* A word of a memory is named "mem[3] [31:0]". */
static bool is_signal(const struct fstHier *h)
{
    const char *word = strchr(h->u.var.name, '[');

    return h->u.var.typ != FST_VT_VCD_PARAMETER && h->u.var.typ != FST_VT_VCD_INTEGER &&
           (word == NULL || word[-1] == ' ');
}

/* The signals with their places, in the order of the file. */
static void read_signals(void *reader, struct wave *wave)
{
    char place[MAX_PATH] = "";
    const struct fstHier *h;

    wave->signals = needed(calloc(fstReaderGetVarCount(reader) + 1, sizeof *wave->signals));
    while ((h = fstReaderIterateHier(reader)) != NULL) {
        char *dot = strrchr(place, '.');
        size_t length = strlen(place);

        if (h->htyp == FST_HT_SCOPE) {
            snprintf(place + length, sizeof place - length, ".%s", h->u.scope.name);
        } else if (h->htyp == FST_HT_UPSCOPE && dot != NULL) {
            *dot = '\0';
        } else if (h->htyp == FST_HT_VAR && is_signal(h)) {
            wave->signals[wave->count++] = (struct signal){.place = needed(strdup(place)),
                                                           .name = needed(strdup(h->u.var.name)),
                                                           .width = h->u.var.length,
                                                           .handle = h->u.var.handle};
        }
    }
}

/* The first wave says what signals there are. */
static void begin(void *reader, struct wave *wave)
{
    size_t handles = fstReaderGetMaxHandle(reader);

    read_signals(reader, wave);
    wave->bits = needed(calloc(handles + 1, sizeof(uint8_t *)));
    wave->widths = needed(calloc(handles + 1, sizeof *wave->widths));
    for (size_t i = 0; i < wave->count; i++) {
        const struct signal *signal = &wave->signals[i];

        if (wave->bits[signal->handle] == NULL)
            wave->bits[signal->handle] = needed(calloc(signal->width + 1, 1));
        wave->widths[signal->handle] = signal->width;
    }
}

static void end(struct wave *wave)
{
    for (size_t i = 0; i < wave->count; i++) {
        const struct signal *signal = &wave->signals[i];

        free(wave->bits[signal->handle]); /* of several signals, perhaps */
        wave->bits[signal->handle] = NULL;
        free(signal->place);
        free(signal->name);
    }
    free(wave->bits);
    free(wave->widths);
    free(wave->signals);
}

int main(int argc, char **argv)
{
    struct wave wave = {0};

    for (int i = 1; i < argc; i++) {
        void *reader = fstReaderOpen(argv[i]);

        if (reader == NULL) {
            fprintf(stderr, "toggles: %s: expected a wave in FST\n", argv[i]);
            return 1;
        }
        if (i == 1)
            begin(reader, &wave);
        fstReaderSetFacProcessMaskAll(reader);
        if (!fstReaderIterBlocks2(reader, changed, changed_varlen, &wave, NULL)) {
            fprintf(stderr, "toggles: %s: the wave is broken\n", argv[i]);
            return 1;
        }
        fstReaderClose(reader);
    }
    for (size_t i = 0; i < wave.count; i++) {
        const struct signal *signal = &wave.signals[i];

        for (uint32_t bit = 0; bit < signal->width; bit++)
            printf("%s\t%s\t%u\t%d\n", signal->place, signal->name, bit,
                   (wave.bits[signal->handle][bit] & BOTH) == BOTH);
    }
    end(&wave);
    return 0;
}
