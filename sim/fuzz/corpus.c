// SPDX-License-Identifier: Apache-2.0
#include "rng.h"
#include <ctype.h>
#include <errno.h>
#include <hsx/corpus.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "hsx-corpus/1";

struct hsx_corpus {
    unsigned tasks;
    size_t points;
    uint8_t *seen; /* by point: a bit for each of the classes of counts */
    struct hsx_fuzz_recipe *recipes;
    size_t count, used, room; /* used: of those, to be picked */
    size_t *firsts;           /* those that reached a point first; as much room */
    size_t first_count, firsts_used;
};

struct hsx_corpus *hsx_corpus_create(unsigned tasks)
{
    struct hsx_corpus *corpus = calloc(1, sizeof *corpus);

    if (corpus) {
        corpus->tasks = tasks;
        corpus->points = hsx_coverage_points();
        corpus->seen = calloc(corpus->points, 1);
    }
    if (corpus && !corpus->seen) {
        hsx_corpus_destroy(corpus);
        return NULL;
    }
    return corpus;
}

void hsx_corpus_destroy(struct hsx_corpus *corpus)
{
    if (corpus) {
        free(corpus->seen);
        free(corpus->recipes);
        free(corpus->firsts);
        free(corpus);
    }
}

size_t hsx_corpus_count(const struct hsx_corpus *corpus)
{
    return corpus->count;
}

/* ---- Making programs of others */

/* What was reached late is seldom reached, so most are made of programs that reached a point after
 * many others had not. */
static const struct hsx_fuzz_recipe *pick_entry(const struct hsx_corpus *corpus, struct rng *rng)
{
    uint32_t late = 0;

    if (corpus->firsts_used == 0 || rng_one_in(rng, 4)) {
        return &corpus->recipes[rng_below(rng, (uint32_t)corpus->used)];
    }
    for (unsigned i = 0; i < 3; i++) {
        uint32_t at = rng_below(rng, (uint32_t)corpus->firsts_used);

        late = at > late ? at : late;
    }
    return &corpus->recipes[corpus->firsts[late]];
}

void hsx_corpus_pick(const struct hsx_corpus *corpus, uint64_t number,
                     struct hsx_fuzz_recipe *recipe)
{
    struct rng rng = {number ^ UINT64_C(0xC02915)};
    uint32_t edits = 1 + rng_below(&rng, 4);

    *recipe = (struct hsx_fuzz_recipe){.seed = number};
    if (corpus->used == 0 || rng_one_in(&rng, 3)) {
        return;
    }
    const struct hsx_fuzz_recipe *from = pick_entry(corpus, &rng);

    if (from->count < HSX_FUZZ_MAX_EDITS) {
        *recipe = *from;
    }
    for (; edits > 0 && recipe->count < HSX_FUZZ_MAX_EDITS; edits--) {
        recipe->edits[recipe->count++] = rng_next(&rng);
    }
}

/* ---- What is new */

/* 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. */
static uint8_t class_of(uint64_t count)
{
    static const uint64_t starts[] = {1, 2, 3, 4, 8, 16, 32, 128};
    uint8_t bit = 0;

    for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        bit = count >= starts[i] ? (uint8_t)(1u << i) : bit;
    }
    return bit;
}

static bool room_for_one(struct hsx_corpus *corpus)
{
    if (corpus->count < corpus->room) {
        return true;
    }
    size_t room = corpus->room ? 2 * corpus->room : 64;
    struct hsx_fuzz_recipe *recipes = realloc(corpus->recipes, room * sizeof *recipes);

    if (!recipes) {
        return false;
    }
    corpus->recipes = recipes;

    size_t *firsts = realloc(corpus->firsts, room * sizeof *firsts);

    if (!firsts) {
        return false;
    }
    corpus->firsts = firsts;
    corpus->room = room;
    return true;
}

enum hsx_status hsx_corpus_add(struct hsx_corpus *corpus, const struct hsx_corpus_entry *entry,
                               uint64_t *counts, bool *fresh)
{
    bool any = false, first = false;

    if (!room_for_one(corpus)) {
        return HSX_ERR_MEMORY;
    }
    for (size_t point = 0; point < corpus->points; point++) {
        uint8_t class = class_of(counts[point]);

        if ((corpus->seen[point] & class) == class) {
            counts[point] = 0;
        } else {
            first = first || corpus->seen[point] == 0;
            corpus->seen[point] |= class;
            any = true;
        }
    }
    if (first && entry->tasks == corpus->tasks) {
        corpus->firsts[corpus->first_count++] = corpus->count;
    }
    if (any && entry->tasks == corpus->tasks) {
        corpus->recipes[corpus->count++] = entry->recipe;
    }
    if (fresh) {
        *fresh = any;
    }
    return HSX_OK;
}

void hsx_corpus_merge(struct hsx_corpus *corpus)
{
    corpus->used = corpus->count;
    corpus->firsts_used = corpus->first_count;
}

/* ---- Files */

enum hsx_status hsx_corpus_write(const struct hsx_corpus_entry *entry, const uint64_t *counts,
                                 FILE *out)
{
    fprintf(out, "%s\ntasks %u\nsteps %" PRIu64 "\nseed %" PRIu64 "\n", first_line, entry->tasks,
            entry->steps, entry->recipe.seed);
    for (unsigned i = 0; i < entry->recipe.count; i++) {
        fprintf(out, "edit %" PRIu64 "\n", entry->recipe.edits[i]);
    }
    fputs("reached\n", out);
    return hsx_coverage_write(counts, out);
}

/* The next line without its end; false: there is none, or it is too long. */
static bool next_line(FILE *in, char *text, size_t size, unsigned *line)
{
    ++*line;
    if (!fgets(text, (int)size, in)) {
        return false;
    }
    size_t length = strcspn(text, "\n");
    bool whole = text[length] == '\n';

    text[length] = '\0';
    return whole;
}

/* "NAME NUMBER" and nothing else. */
static bool number_of(const char *text, const char *name, uint64_t least, uint64_t most,
                      uint64_t *number)
{
    const size_t length = strlen(name);
    char *end;

    if (strncmp(text, name, length) != 0 || text[length] != ' ' ||
        !isdigit((unsigned char)text[length + 1])) {
        return false;
    }
    errno = 0;
    *number = strtoull(text + length + 1, &end, 10);
    return errno == 0 && *end == '\0' && *number >= least && *number <= most;
}

static bool read_head(FILE *in, struct hsx_corpus_entry *entry, unsigned *line)
{
    char text[80];
    uint64_t tasks;

    if (!next_line(in, text, sizeof text, line) || strcmp(text, first_line) != 0 ||
        !next_line(in, text, sizeof text, line) ||
        !number_of(text, "tasks", 1, HSX_FUZZ_MAX_TASKS, &tasks) ||
        !next_line(in, text, sizeof text, line) ||
        !number_of(text, "steps", 1, UINT64_MAX, &entry->steps) ||
        !next_line(in, text, sizeof text, line) ||
        !number_of(text, "seed", 0, UINT64_MAX, &entry->recipe.seed)) {
        return false;
    }
    entry->tasks = (unsigned)tasks;
    while (next_line(in, text, sizeof text, line)) {
        if (strcmp(text, "reached") == 0) {
            return true;
        }
        if (entry->recipe.count == HSX_FUZZ_MAX_EDITS ||
            !number_of(text, "edit", 0, UINT64_MAX, &entry->recipe.edits[entry->recipe.count])) {
            return false;
        }
        entry->recipe.count++;
    }
    return false;
}

enum hsx_status hsx_corpus_read(FILE *in, struct hsx_corpus_entry *entry, uint64_t *counts,
                                unsigned *line)
{
    unsigned head = 0;

    memset(entry, 0, sizeof *entry);
    *line = 0;
    if (!read_head(in, entry, &head)) {
        *line = head;
        return ferror(in) ? HSX_ERR_IO : HSX_ERR_FORMAT;
    }
    enum hsx_status status = hsx_coverage_read(in, counts, line);

    *line += head;
    return status;
}
