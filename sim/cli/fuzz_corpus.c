// SPDX-License-Identifier: Apache-2.0
#include "fuzz_corpus.h"
#include "files.h"
#include "option_number.h"
#include "output.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { PATH_SIZE = 4096 };

static const char suffix[] = ".program";

static const char *expected_at(unsigned line)
{
    static const char *const head[] = {"\"hsx-corpus/1\"", "\"tasks\" and 1 to 128",
                                       "\"steps\" and a number", "\"seed\" and a number"};

    return line >= 1 && line <= 4 ? head[line - 1]
                                  : "\"edit\" and a number, \"reached\", or after that a count, a "
                                    "tab and the name of a point of coverage";
}

static enum hsx_status read_entry(struct fuzz_corpus *c, const char *path, char *message,
                                  size_t size)
{
    uint64_t *counts = calloc(hsx_coverage_points(), sizeof *counts);
    struct hsx_corpus_entry entry;
    char *bytes = NULL;
    size_t length = 0;
    unsigned line = 1;
    enum hsx_status status = counts ? hsx_read_file(path, &bytes, &length) : HSX_ERR_MEMORY;

    if (status == HSX_ERR_IO) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
    }
    if (status == HSX_OK) {
        FILE *in = length > 0 ? fmemopen(bytes, length, "r") : NULL;

        status = in ? hsx_corpus_read(in, &entry, counts, &line) : HSX_ERR_FORMAT;
        if (status == HSX_ERR_FORMAT) {
            snprintf(message, size, "%s:%u: expected %s", path, line, expected_at(line));
        }
        if (in) {
            fclose(in);
        }
    }
    if (status == HSX_OK) {
        status = hsx_corpus_add(c->corpus, &entry, counts, NULL);
    }
    free(bytes);
    free(counts);
    return status;
}

static int is_program(const struct dirent *file)
{
    const size_t length = strlen(file->d_name), tail = sizeof suffix - 1;

    return length > tail && strcmp(file->d_name + length - tail, suffix) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum hsx_status fuzz_corpus_open(struct fuzz_corpus *c, const char *dir, unsigned tasks,
                                 char *message, size_t size)
{
    struct dirent **files = NULL;
    enum hsx_status status = HSX_OK;
    char path[PATH_SIZE];

    *c = (struct fuzz_corpus){.dir = dir, .corpus = hsx_corpus_create(tasks)};
    snprintf(message, size, "out of memory");
    if (!c->corpus) {
        return HSX_ERR_MEMORY;
    }
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        snprintf(message, size, "%s: %s", dir, strerror(errno));
        return HSX_ERR_IO;
    }
    int count = scandir(dir, &files, is_program, by_name);

    if (count < 0) {
        snprintf(message, size, "%s: %s", dir, strerror(errno));
        return HSX_ERR_IO;
    }
    for (int i = 0; i < count; i++) {
        if (status == HSX_OK) {
            snprintf(path, sizeof path, "%s/%s", dir, files[i]->d_name);
            status = read_entry(c, path, message, size);
        }
        free(files[i]);
    }
    free(files);
    c->files = (size_t)count;
    hsx_corpus_merge(c->corpus);
    return status;
}

void fuzz_corpus_close(struct fuzz_corpus *c)
{
    hsx_corpus_destroy(c->corpus);
    c->corpus = NULL;
}

static uint32_t add_number(uint32_t sum, uint64_t number)
{
    return (uint32_t)crc32(sum, (const Bytef *)&number, sizeof number);
}

/* Of the program's recipe, so that corpora of several runs can share a folder. */
static uint32_t checksum(const struct hsx_corpus_entry *entry)
{
    uint32_t sum = add_number(add_number(0, entry->tasks), entry->steps);

    sum = add_number(sum, entry->recipe.seed);
    for (unsigned i = 0; i < entry->recipe.count; i++) {
        sum = add_number(sum, entry->recipe.edits[i]);
    }
    return sum;
}

bool fuzz_corpus_take(struct fuzz_corpus *c, const struct hsx_corpus_entry *entry, uint64_t *counts)
{
    struct hsx_output output;
    char path[PATH_SIZE];
    bool fresh = false;
    enum hsx_status status = hsx_corpus_add(c->corpus, entry, counts, &fresh);

    if (status != HSX_OK || !fresh) {
        errno = ENOMEM;
        return status == HSX_OK;
    }
    /* Read by name, in the order in which they were found. */
    snprintf(path, sizeof path, "%s/%06zu-%08" PRIx32 "%s", c->dir, c->files++, checksum(entry),
             suffix);
    c->found++;
    status = hsx_output_open(&output, path);
    if (status == HSX_OK) {
        status = hsx_corpus_write(entry, counts, output.file);
        if (status == HSX_OK) {
            status = hsx_output_commit(&output);
        } else {
            hsx_output_discard(&output);
        }
    }
    return status == HSX_OK;
}

void fuzz_corpus_parse_edits(struct argp_state *state, const char *text,
                             struct hsx_fuzz_recipe *recipe)
{
    char number[24];

    recipe->count = 0;
    for (;;) {
        size_t length = strcspn(text, ",");

        if (recipe->count == HSX_FUZZ_MAX_EDITS || length >= sizeof number) {
            argp_error(state, "--edits %s: expected at most %d numbers with commas between them",
                       text, HSX_FUZZ_MAX_EDITS);
            return;
        }
        snprintf(number, sizeof number, "%.*s", (int)length, text);
        recipe->edits[recipe->count++] = hsx_option_number(state, "--edits", number, 0, UINT64_MAX);
        if (text[length] == '\0') {
            return;
        }
        text += length + 1;
    }
}
