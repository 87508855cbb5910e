// SPDX-License-Identifier: Apache-2.0
/* The single files of a bundle. Errors are reported on stderr. */
#ifndef HSX_CLI_BUNDLE_FILES_H
#define HSX_CLI_BUNDLE_FILES_H

#include "bundle.h"

/* dir/name, malloc'ed, or NULL. */
char *bundle_path(const char *dir, const char *name);
bool bundle_write_text(const char *dir, const char *name, const char *text);

/* Each task as image, as assembly and with its symbols, which are also returned in assembly[i] and
 * symbols[i].
 */
bool bundle_write_tasks(const char *dir, const struct hsx_fuzz_program *program, char **assembly,
                        struct hsx_symbols **symbols);
/* rerun may be NULL. */
bool bundle_write_command(const char *dir, const char *command, const char *rerun);
/* One test case that failed. */
bool bundle_write_junit(const char *dir, const char *command, const char *what);
/* The save file for wave.fst, with the marker on cycle. images: the folder has an image for
 * each slot. */
bool bundle_write_view(const char *dir, bool icarus, unsigned slots, bool images, uint64_t cycle);

#endif
