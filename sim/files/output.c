// SPDX-License-Identifier: Apache-2.0
#include "output.h"
#include "files.h"
#include "signals.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* mkstemp makes a private file; the result gets the mode fopen would give it. */
static mode_t file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static void forget_temporary(struct hsx_output *output)
{
    hsx_temporary_forget(output->noted);
    free(output->temporary);
    output->temporary = NULL;
}

/* Signals are blocked until the file is noted. */
static int make_temporary(struct hsx_output *output)
{
    sigset_t old;
    int fd;

    hsx_signals_block(&old);
    fd = mkstemp(output->temporary);
    output->noted = fd >= 0 ? hsx_temporary_note(output->temporary) : HSX_NO_TEMPORARY;
    hsx_signals_unblock(&old);
    return fd;
}

static enum hsx_status open_temporary(struct hsx_output *output)
{
    int fd;

    if (asprintf(&output->temporary, "%s.XXXXXX", output->path) < 0) {
        output->temporary = NULL;
        return HSX_ERR_MEMORY;
    }
    fd = make_temporary(output);
    if (fd < 0) {
        int cause = errno;

        forget_temporary(output);
        errno = cause;
        return HSX_ERR_IO;
    }
    if (fchmod(fd, file_mode()) == 0) {
        output->file = fdopen(fd, "wb");
    }
    if (!output->file) {
        int cause = errno;

        close(fd);
        hsx_output_discard(output);
        errno = cause;
        return HSX_ERR_IO;
    }
    return HSX_OK;
}

enum hsx_status hsx_output_open(struct hsx_output *output, const char *path)
{
    struct stat info;
    int fd;

    *output = (struct hsx_output){.path = path};
    if (strcmp(path, "-") == 0) {
        fd = dup(STDOUT_FILENO);
        output->file = fd < 0 ? NULL : fdopen(fd, "wb");
        return output->file ? HSX_OK : HSX_ERR_IO;
    }
    /* lstat: renaming over a link such as /dev/stdout would replace the link. */
    if (lstat(path, &info) != 0 || S_ISREG(info.st_mode)) {
        return open_temporary(output);
    }
    output->file = fopen(path, "wb");
    return output->file ? HSX_OK : HSX_ERR_IO;
}

void hsx_output_discard(struct hsx_output *output)
{
    if (output->file) {
        fclose(output->file);
    }
    if (output->temporary) {
        unlink(output->temporary);
        forget_temporary(output);
    }
    *output = (struct hsx_output){0};
}

enum hsx_status hsx_output_commit(struct hsx_output *output)
{
    bool ok = hsx_file_written(output->file);
    int cause = errno;

    if (fclose(output->file) != 0 && ok) {
        ok = false;
        cause = errno;
    }
    output->file = NULL;
    if (ok && output->temporary) {
        ok = rename(output->temporary, output->path) == 0;
        cause = errno;
        if (ok) {
            forget_temporary(output);
        }
    }
    hsx_output_discard(output);
    errno = cause;
    return ok ? HSX_OK : HSX_ERR_IO;
}

enum hsx_status hsx_output_write_parts(struct hsx_output_part *parts, size_t count,
                                       const char **failed)
{
    int cause = 0;

    *failed = NULL;
    for (size_t i = 0; !*failed && i < count; i++) {
        struct hsx_output_part *part = &parts[i];

        if (!part->path) {
            continue;
        }
        if (hsx_output_open(&part->output, part->path) != HSX_OK) {
            *failed = part->path;
        } else {
            fwrite(part->bytes, 1, part->size, part->output.file);
            *failed = fflush(part->output.file) == 0 ? NULL : part->path;
        }
        cause = errno;
    }
    for (size_t i = count; i-- > 0;) {
        if (!*failed && parts[i].path && hsx_output_commit(&parts[i].output) != HSX_OK) {
            *failed = parts[i].path;
            cause = errno;
        }
        hsx_output_discard(&parts[i].output);
    }
    errno = cause;
    return *failed ? HSX_ERR_IO : HSX_OK;
}

bool hsx_output_has_neighbours(const char *path)
{
    struct stat info;

    return strcmp(path, "-") != 0 && (stat(path, &info) != 0 || S_ISREG(info.st_mode));
}
