#include "files.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hsx_status read_stream(FILE *in, char **bytes, size_t *size)
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

enum hsx_status hsx_read_file(const char *path, char **bytes, size_t *size)
{
    enum hsx_status status;
    FILE *in;
    int cause;

    *bytes = NULL;
    *size = 0;
    if (strcmp(path, "-") == 0) {
        return read_stream(stdin, bytes, size);
    }
    in = fopen(path, "rb");
    if (!in) {
        return HSX_ERR_IO;
    }
    status = read_stream(in, bytes, size);
    cause = errno;
    fclose(in);
    errno = cause;
    return status;
}

static bool write_all(FILE *out, const void *bytes, size_t size)
{
    bool ok = fwrite(bytes, 1, size, out) == size;

    return fclose(out) == 0 && ok;
}

static enum hsx_status write_in_place(const char *path, const void *bytes, size_t size)
{
    FILE *out = fopen(path, "wb");

    return out && write_all(out, bytes, size) ? HSX_OK : HSX_ERR_IO;
}

/* mkstemp makes a private file; the result gets the mode fopen would give it. */
static mode_t file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

enum hsx_status hsx_write_file(const char *path, const void *bytes, size_t size)
{
    struct stat info;
    char *temporary;
    FILE *out = NULL;
    bool ok;
    int cause;
    int fd;

    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        return write_in_place(path, bytes, size);
    }
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
        return HSX_ERR_MEMORY;
    }
    fd = mkstemp(temporary);
    if (fd < 0) {
        cause = errno;
        free(temporary);
        errno = cause;
        return HSX_ERR_IO;
    }
    ok = fchmod(fd, file_mode()) == 0;
    if (ok) {
        out = fdopen(fd, "wb");
    }
    if (!out) {
        close(fd);
    }
    ok = out && write_all(out, bytes, size) && rename(temporary, path) == 0;
    cause = errno;
    if (!ok) {
        unlink(temporary);
    }
    free(temporary);
    errno = cause;
    return ok ? HSX_OK : HSX_ERR_IO;
}
