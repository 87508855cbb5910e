// SPDX-License-Identifier: Apache-2.0
/* A trace of either form is read to its end or to an error that says what is wrong. */
#include "fuzz.h"
#include <hsx/trace.h>
#include <stdlib.h>

static void read_all(FILE *in, bool seek)
{
    struct hsx_trace_error error = {""};
    struct hsx_trace_reader *reader;
    const struct hsx_trace_event *event = NULL;
    enum hsx_status status = hsx_trace_open(in, "trace", &reader, &error);

    if (status != HSX_OK) {
        if (error.text[0] == '\0') {
            abort();
        }
        return;
    }
    if (seek) {
        status = hsx_trace_seek(reader, 10, &error);
    }
    while (status == HSX_OK) {
        status = hsx_trace_next(reader, &event, &error);
        if (status == HSX_OK && !event) {
            break;
        }
        if (status == HSX_OK && event->pid != 0 &&
            (event->kind > HSX_TRACE_HOST_ACCESS || event->record.rd >= HSX_REGISTERS)) {
            abort();
        }
    }
    if (status != HSX_OK && error.text[0] == '\0') {
        abort();
    }
    hsx_trace_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    for (int seek = 0; size != 0 && seek < 2; seek++) {
        FILE *in = fmemopen((void *)(uintptr_t)bytes, size, "rb");

        if (in) {
            read_all(in, seek != 0);
            fclose(in);
        }
    }
    return 0;
}
