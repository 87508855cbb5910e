// SPDX-License-Identifier: Apache-2.0
/* The filter of fir16.mvasm in C: eight taps in binary16 over 64 samples of a saw-tooth, with
 * the core's own instructions. fir16.mvasm explains the checksum. Exit status: 0 if it is
 * correct. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TAPS = 8, SAMPLES = 64 };

static const uint16_t tap_bits[TAPS] = {0xA400, 0x2B33, 0x3266, 0x3666,
                                        0x3666, 0x3266, 0x2B33, 0xA400};

static _Float16 x[TAPS - 1 + SAMPLES]; /* after seven zeros */

int main(void)
{
    uint32_t sum = 0;

    for (int n = 0; n < SAMPLES; n++) {
        x[TAPS - 1 + n] = (_Float16)(n * 37 % 101 - 50);
    }
    for (int n = TAPS - 1; n < TAPS - 1 + SAMPLES; n++) {
        _Float16 y = 0;
        uint16_t bits;

        for (int k = 0; k < TAPS; k++) {
            _Float16 tap;

            memcpy(&tap, &tap_bits[k], sizeof tap);
            y += tap * x[n - k];
        }
        memcpy(&bits, &y, sizeof bits);
        sum = sum * 31 + bits;
    }
    puts(sum == 0xD6A7A8FF ? "fir16: right" : "fir16: wrong");
    return sum != 0xD6A7A8FF;
}
