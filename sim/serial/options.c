// SPDX-License-Identifier: Apache-2.0
#include "port.h"
#include <errno.h>
#include <hsx/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_TIMEOUT = 11 /* longer than the board's own */, MOST_MILLISECONDS = 600000 };

/* A decimal number and nothing else. */
static bool number(const char *text, unsigned least, unsigned most, unsigned *value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);

    if (errno != 0 || *end != '\0' || n < least || n > most) {
        return false;
    }
    *value = (unsigned)n;
    return true;
}

static bool set(struct hsx_serial_options *options, const char *word, char *why, size_t size)
{
    if (strncmp(word, "baud=", 5) == 0) {
        if (number(word + 5, 1, 4000000, &options->baud) && port_has_baud(options->baud)) {
            return true;
        }
        snprintf(why, size, "baud is '%s', expected a usual rate from 9600 to 4000000", word + 5);
    } else if (strncmp(word, "timeout=", 8) == 0) {
        if (number(word + 8, LEAST_TIMEOUT, MOST_MILLISECONDS, &options->timeout)) {
            return true;
        }
        snprintf(why, size, "timeout is '%s', expected %d to %d milliseconds", word + 8,
                 LEAST_TIMEOUT, MOST_MILLISECONDS);
    } else if (strncmp(word, "patience=", 9) == 0) {
        if (number(word + 9, 1, MOST_MILLISECONDS, &options->patience)) {
            return true;
        }
        snprintf(why, size, "patience is '%s', expected 1 to %d milliseconds", word + 9,
                 MOST_MILLISECONDS);
    } else {
        snprintf(why, size,
                 "'%s' is no option of a serial line, expected baud=, timeout= or "
                 "patience=",
                 word);
    }
    return false;
}

bool hsx_serial_parse(const char *text, struct hsx_serial_options *options, char *why, size_t size)
{
    struct hsx_serial_options parsed = {
        .baud = HSX_SERIAL_BAUD, .timeout = HSX_SERIAL_TIMEOUT, .patience = HSX_SERIAL_PATIENCE};
    size_t device = strcspn(text, ",");

    if (device == 0 || device >= sizeof parsed.device) {
        snprintf(why, size, "expected a device, such as serial:/dev/ttyUSB1");
        return false;
    }
    memcpy(parsed.device, text, device);
    parsed.device[device] = '\0';
    for (text += device; *text == ',';) {
        char word[64];
        size_t len = strcspn(++text, ",");

        snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word), text);
        if (!set(&parsed, word, why, size)) {
            return false;
        }
        text += len;
    }
    *options = parsed;
    return true;
}
