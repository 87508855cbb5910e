// SPDX-License-Identifier: Apache-2.0
/* Writes recordings (recording.h) of the cores of a process: HSX_GATES_RECORD.PID.NUMBER. Where a
 * process forks, the core of each child has a recording of its own, which begins as the parent's.
 * A recording is written through a mapping, so that it is whole in whatever way a process ends. */
#include "gates.h"
#include "recording.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void hsx_gates_record_begin(void);
void hsx_gates_record(const uint32_t *inputs, const uint32_t *outputs);

enum { SEGMENT = 1 << 20 /* bytes that are mapped at a time */ };

static char path[4096];
static int file = -1;
static uint32_t *segment; /* NULL: no core is recorded */
static off_t start;       /* of the segment in the file */
static size_t used;       /* words of it */
static uint32_t last[RECORDING_WORDS];
static int input_words, output_words;

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    abort();
}

static void map(void)
{
    void *at = MAP_FAILED;

    /* A word 0 is always behind it. */
    if (ftruncate(file, start + SEGMENT + (off_t)sizeof *segment) == 0) {
        at = mmap(NULL, SEGMENT, PROT_READ | PROT_WRITE, MAP_SHARED, file, start);
    }
    if (at == MAP_FAILED) {
        fail("cannot be written");
    }
    segment = at;
    used = 0;
}

static void put(uint32_t word)
{
    if (used == SEGMENT / sizeof *segment) {
        munmap(segment, SEGMENT);
        start += SEGMENT;
        map();
    }
    segment[used++] = word;
}

static void create(void)
{
    static unsigned number;
    const char *prefix = getenv("HSX_GATES_RECORD");

    snprintf(path, sizeof path, "%s.%d.%u", prefix ? prefix : "", (int)getpid(), number++);
    if (!prefix) {
        fail("HSX_GATES_RECORD names no files");
    }
    file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        fail("cannot be written");
    }
    start = 0;
    map();
}

static void in_child(void)
{
    if (!segment) {
        return;
    }
    int parents = file;
    off_t size = start + (off_t)(used * sizeof *segment);
    uint32_t block[1024];

    munmap(segment, SEGMENT);
    create();
    for (off_t at = 0; at < size;) {
        off_t left = size - at;
        size_t bytes = left < (off_t)sizeof block ? (size_t)left : sizeof block;

        if (pread(parents, block, bytes, at) != (ssize_t)bytes) {
            fail("the parent's recording cannot be read");
        }
        for (size_t i = 0; i < bytes / sizeof block[0]; i++) {
            put(block[i]);
        }
        at += (off_t)bytes;
    }
    close(parents);
}

void hsx_gates_record_begin(void)
{
    static bool prepared;

    input_words = recording_words(gates_input_count);
    output_words = recording_words(gates_output_count);
    if (input_words + output_words > RECORDING_WORDS ||
        (!prepared && pthread_atfork(NULL, NULL, in_child) != 0)) {
        fail("the recorder does not fit");
    }
    prepared = true;
    if (segment) {
        munmap(segment, SEGMENT);
        close(file);
    }
    create();
    memset(last, 0, sizeof last);
}

static int note(const uint32_t *words, int count, int place, uint32_t *changed, int length)
{
    for (int i = 0; i < count; i++) {
        if (words[i] != last[place + i]) {
            last[place + i] = words[i];
            changed[0] |= UINT32_C(1) << (place + i);
            changed[length++] = words[i];
        }
    }
    return length;
}

void hsx_gates_record(const uint32_t *inputs, const uint32_t *outputs)
{
    uint32_t changed[1 + RECORDING_WORDS] = {RECORDING_CLOCK};
    int length = note(inputs, input_words, 0, changed, 1);

    length = note(outputs, output_words, input_words, changed, length);
    for (int i = 0; i < length; i++) {
        put(changed[i]);
    }
}
