// SPDX-License-Identifier: Apache-2.0
#include "files.h"
#include "output.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hsx_status read_stream(FILE *in, size_t most, char **bytes, size_t *size)
{
    size_t capacity = 1 << 16;
    char *out = malloc(capacity);
    size_t filled = 0;

    while (out) {
        filled += fread(out + filled, 1, capacity - 1 - filled, in);
        if (ferror(in)) {
            free(out);
            return HSX_ERR_IO;
        }
        if (filled > most) {
            free(out);
            return HSX_ERR_NO_ROOM;
        }
        if (feof(in)) {
            out[filled] = '\0';
            *bytes = out;
            *size = filled;
            return HSX_OK;
        }
        if (filled == capacity - 1) {
            char *more = realloc(out, capacity * 2);

            capacity *= 2;
            if (!more) {
                free(out);
            }
            out = more;
        }
    }
    return HSX_ERR_MEMORY;
}

static enum hsx_status read_path(const char *path, size_t most, char **bytes, size_t *size)
{
    enum hsx_status status;
    FILE *in;
    int cause;

    *bytes = NULL;
    *size = 0;
    if (strcmp(path, "-") == 0) {
        return read_stream(stdin, most, bytes, size);
    }
    in = fopen(path, "rb");
    if (!in) {
        return HSX_ERR_IO;
    }
    status = read_stream(in, most, bytes, size);
    cause = errno;
    fclose(in);
    errno = cause;
    return status;
}

enum hsx_status hsx_read_file(const char *path, char **bytes, size_t *size)
{
    enum hsx_status status = read_path(path, HSX_FILE_MAX, bytes, size);

    if (status == HSX_ERR_NO_ROOM) {
        errno = EFBIG;
        status = HSX_ERR_IO;
    }
    return status;
}

enum hsx_status hsx_read_file_up_to(const char *path, size_t most, char **bytes, size_t *size)
{
    struct stat info;

    *bytes = NULL;
    *size = 0;
    /* Checked before it is opened: opening a device can have effects. */
    if (strcmp(path, "-") != 0 && strcmp(path, "/dev/stdin") != 0 && stat(path, &info) == 0 &&
        !S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) {
        return HSX_ERR_FORMAT;
    }
    return read_path(path, most, bytes, size);
}

enum hsx_status hsx_write_file(const char *path, const void *bytes, size_t size)
{
    struct hsx_output output;
    enum hsx_status status = hsx_output_open(&output, path);

    if (status != HSX_OK) {
        return status;
    }
    fwrite(bytes, 1, size, output.file);
    return hsx_output_commit(&output);
}

bool hsx_file_written(FILE *file)
{
    errno = 0;
    if (fflush(file) == 0 && !ferror(file)) {
        return true;
    }
    /* After an error in an earlier write the stream is marked, but errno may be lost. */
    if (errno == 0 && write(fileno(file), "", 0) == 0) {
        errno = EIO;
    }
    return false;
}

bool hsx_stdout_written(const char *program)
{
    if (hsx_file_written(stdout)) {
        return true;
    }
    fprintf(stderr, "%s: standard output: %s\n", program, strerror(errno));
    return false;
}

void hsx_file_task_name(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t len = dot && dot != base ? (size_t)(dot - base) : strlen(base);

    snprintf(name, size, "%.*s", (int)(len < size ? len : size - 1), base);
    for (char *c = name; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7E) {
            *c = '?';
        }
    }
}
