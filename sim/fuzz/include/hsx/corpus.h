// SPDX-License-Identifier: Apache-2.0
/*
 * Programs that reached something new, to make further ones from. What a program reached is told by
 * <hsx/coverage.h>; a point that it reached some times more often than any before is new, too.
 */
#ifndef HSX_CORPUS_H
#define HSX_CORPUS_H

#include <hsx/coverage.h>
#include <hsx/fuzz.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One program as a file holds it. */
struct hsx_corpus_entry {
    unsigned tasks;
    uint64_t steps;
    struct hsx_fuzz_recipe recipe;
};

struct hsx_corpus;

/* Of programs with so many tasks. NULL: out of memory. */
struct hsx_corpus *hsx_corpus_create(unsigned tasks);
void hsx_corpus_destroy(struct hsx_corpus *corpus);
size_t hsx_corpus_count(const struct hsx_corpus *corpus);

/* How the program with this number is made: of a seed of its own, or by changing one that is there.
 * It follows from the number and from what hsx_corpus_merge was called for. */
void hsx_corpus_pick(const struct hsx_corpus *corpus, uint64_t number,
                     struct hsx_fuzz_recipe *recipe);

/* Adds an entry that reached counts, by point, if that is new. *fresh, unless it is NULL: it was;
 * counts then hold the points that were new, and 0 for others. Entries with another number of
 * tasks count as reached, and no more. HSX_ERR_MEMORY. */
enum hsx_status hsx_corpus_add(struct hsx_corpus *corpus, const struct hsx_corpus_entry *entry,
                               uint64_t *counts, bool *fresh);

/* From now on what was added is used. */
void hsx_corpus_merge(struct hsx_corpus *corpus);

/* An entry as a text file: its numbers, then counts as hsx_coverage_write writes them. */
enum hsx_status hsx_corpus_write(const struct hsx_corpus_entry *entry, const uint64_t *counts,
                                 FILE *out);

/* Adds the counts to counts. HSX_ERR_FORMAT: *line (from 1) is not what such a file has there. */
enum hsx_status hsx_corpus_read(FILE *in, struct hsx_corpus_entry *entry, uint64_t *counts,
                                unsigned *line);

#ifdef __cplusplus
}
#endif

#endif
