// SPDX-License-Identifier: Apache-2.0
/* `hsx fuzz --corpus DIR`: a folder with a file for each program that reached something new. */
#ifndef HSX_CLI_FUZZ_CORPUS_H
#define HSX_CLI_FUZZ_CORPUS_H

#include <argp.h>
#include <hsx/corpus.h>

struct fuzz_corpus {
    const char *dir;
    struct hsx_corpus *corpus;
    size_t files;   /* in dir */
    uint64_t found; /* programs that were written by this process */
};

/* Reads the files of dir, which is created if it does not exist. HSX_ERR_IO,
 * HSX_ERR_FORMAT, HSX_ERR_MEMORY: message, size bytes, names a file and its line. */
enum hsx_status fuzz_corpus_open(struct fuzz_corpus *c, const char *dir, unsigned tasks,
                                 char *message, size_t size);
void fuzz_corpus_close(struct fuzz_corpus *c);

/* Writes a file if the program reached something new; counts by point are changed. False: it
 * could not be written, and errno says why. */
bool fuzz_corpus_take(struct fuzz_corpus *c, const struct hsx_corpus_entry *entry,
                      uint64_t *counts);

/* The value of --edits: numbers separated by commas. */
void fuzz_corpus_parse_edits(struct argp_state *state, const char *text,
                             struct hsx_fuzz_recipe *recipe);

#endif
