// SPDX-License-Identifier: Apache-2.0
/* The text after serial: that names a board's line; what is refused says why. */
#include "fuzz.h"
#include <hsx/serial.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1);
    struct hsx_serial_options options;
    char why[300] = "";

    if (!text) {
        return 0;
    }
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (!hsx_serial_parse(text, &options, why, sizeof why)) {
        if (why[0] == '\0') {
            abort();
        }
    } else if (options.timeout == 0 || options.patience == 0 || options.baud == 0) {
        abort();
    }
    free(text);
    return 0;
}
