// SPDX-License-Identifier: Apache-2.0
#include "memory.h"
#include "textstream.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

_Noreturn void cc_no_memory(void)
{
    fputs("hsx cc: out of memory\n", stderr);
    exit(1);
}

void *cc_allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    if (!memory) {
        cc_no_memory();
    }
    return memory;
}

void *cc_grow(void *array, size_t count, size_t *room, size_t size)
{
    size_t wanted = *room ? *room * 2 : 8;

    if (count < *room) {
        return array;
    }
    array = wanted > SIZE_MAX / size ? NULL : realloc(array, wanted * size);
    if (!array) {
        cc_no_memory();
    }
    *room = wanted;
    return array;
}

char *cc_text(const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = cc_allocate((size_t)length + 1, 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

FILE *cc_text_open(char **text, size_t *size)
{
    FILE *stream = textstream_open(text, size);

    if (!stream) {
        cc_no_memory();
    }
    return stream;
}

void cc_text_close(FILE *stream)
{
    if (fclose(stream) != 0) {
        cc_no_memory();
    }
}
