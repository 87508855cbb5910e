// SPDX-License-Identifier: Apache-2.0
/* Trace files that commands read, and the images and names that go with them. */
#ifndef HSX_CLI_TRACE_INPUT_H
#define HSX_CLI_TRACE_INPUT_H

#include <hsx/tracetool.h>
#include <stdio.h>

struct trace_input {
    const char *path; /* "-" is standard input */
    FILE *in;
    struct hsx_trace_reader *reader;
    struct hsx_trace_source source;
};

/* Errors go to stderr in one line. again: it will be read more than once. */
enum hsx_status trace_input_open(struct trace_input *input, const char *path, bool again);
/* Rewinds; ctx is the trace_input. */
enum hsx_status trace_input_again(void *ctx, struct hsx_trace_error *error);
/* At the end: warns if it was cut off. */
void trace_input_warn(const struct trace_input *input);
void trace_input_close(struct trace_input *input);

/* The images of a command line. */
struct trace_images {
    struct hsx_trace_program *programs; /* owned, with their bytes */
    size_t count;
    struct hsx_tracetool_name *items; /* owned: those of names */
    struct hsx_symbols **symbols;     /* owned */
    size_t named;
    struct hsx_tracetool_names names;
};

/* Reads them, and the symbol files next to them and to the images named in the trace's
 * header. Errors go to stderr. */
enum hsx_status trace_images_read(struct trace_images *images, char **files, size_t count,
                                  const struct hsx_trace_header *header);
void trace_images_free(struct trace_images *images);

#endif
