// SPDX-License-Identifier: Apache-2.0
/* The content of a chunk, which checksums and compression hide from other harnesses. */
#include "encode.h"
#include "fuzz.h"
#include <stdlib.h>

enum { TASKS_SIZE = 17 + 256 * 14, CONTROL_MOST = 255 };

/* A body of the first byte's number of control bytes and the rest as payload. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    struct bytes body = {0};
    size_t control = size != 0 ? bytes[0] : 0;
    bool bad = false;

    for (size_t i = 0; i < TASKS_SIZE; i++) {
        bytes_u8(&body, 0);
    }
    for (size_t i = 0; i < HSX_DATA_SIZE; i++) {
        bytes_u8(&body, 0);
    }
    control = control < size ? control : size;
    bytes_u32(&body, (uint32_t)control);
    bytes_add(&body, bytes, size);
    if (decoder && !body.lost && decoder_start(decoder, body.data, body.used, 0, 0)) {
        while (decoder_next(decoder, &bad)) {
            if (decoder->event.pid != 0 &&
                decoder->event.reg_base > HSX_DATA_SIZE - HSX_WINDOW_SIZE) {
                abort();
            }
        }
        decoder_free(decoder);
    }
    free(decoder);
    bytes_free(&body);
    return 0;
}
