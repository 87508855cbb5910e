// SPDX-License-Identifier: Apache-2.0
/*
 * Programs that reached something new, to make further ones from. <hsx/coverage.h> measures what a
 * program reached; a point reached several times as often as by any program before is also new.
 */
#ifndef HSX_CORPUS_H
#define HSX_CORPUS_H

#include <hsx/coverage.h>
#include <hsx/fuzz.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One program, as in a file. */
struct hsx_corpus_entry {
    unsigned tasks;
    uint64_t steps;
    struct hsx_fuzz_recipe recipe;
};

struct hsx_corpus;

/* For programs with so many tasks. NULL: out of memory. */
struct hsx_corpus *hsx_corpus_create(unsigned tasks);
void hsx_corpus_destroy(struct hsx_corpus *corpus);
size_t hsx_corpus_count(const struct hsx_corpus *corpus);

/* The recipe of the program with this number: from its own seed, or by changing an existing one. It
 * depends on the number and on the entries merged by hsx_corpus_merge. */
void hsx_corpus_pick(const struct hsx_corpus *corpus, uint64_t number,
                     struct hsx_fuzz_recipe *recipe);

/* Adds an entry that reached counts, by point, if that is new. *fresh, unless fresh is NULL:
 * whether it was; counts then keeps the new points, with 0 for others. Entries with another
 * number of tasks only count as reached. HSX_ERR_MEMORY. */
enum hsx_status hsx_corpus_add(struct hsx_corpus *corpus, const struct hsx_corpus_entry *entry,
                               uint64_t *counts, bool *fresh);

/* From now on the added entries are used. */
void hsx_corpus_merge(struct hsx_corpus *corpus);

/* An entry as a text file: its numbers, then counts as hsx_coverage_write writes them. */
enum hsx_status hsx_corpus_write(const struct hsx_corpus_entry *entry, const uint64_t *counts,
                                 FILE *out);

/* Adds the counts to counts. HSX_ERR_FORMAT: *line (from 1) is malformed. */
enum hsx_status hsx_corpus_read(FILE *in, struct hsx_corpus_entry *entry, uint64_t *counts,
                                unsigned *line);

#ifdef __cplusplus
}
#endif

#endif
