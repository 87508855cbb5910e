// SPDX-License-Identifier: Apache-2.0
/* Fixed-point signals with 15 fractional bits: a filter of 16 taps, two of second order in
 * series, and the peak and power of their output. */
#include "bench.h"

enum { TAPS = 16, SAMPLES = 160, SHIFT = 15 };

static const int16_t taps[TAPS] = {-117,  -203, 215,   912,  -330, -2419, 1420, 10203,
                                   10203, 1420, -2419, -330, 912,  215,   -203, -117};

struct section {
    int32_t b0, b1, b2, a1, a2;
    int32_t x1, x2, y1, y2;
};

static int16_t in[SAMPLES + TAPS], out[SAMPLES];

static void filter(void)
{
    for (int n = 0; n < SAMPLES; n++) {
        int32_t sum = 1 << (SHIFT - 1);

        for (int k = 0; k < TAPS; k++) {
            sum += taps[k] * in[n + k];
        }
        out[n] = (int16_t)(sum >> SHIFT);
    }
}

static int32_t section(struct section *s, int32_t x)
{
    int32_t y = (s->b0 * x + s->b1 * s->x1 + s->b2 * s->x2 - s->a1 * s->y1 - s->a2 * s->y2) >> 14;

    s->x2 = s->x1;
    s->x1 = x;
    s->y2 = s->y1;
    s->y1 = y;
    return y;
}

uint32_t bench(void)
{
    struct section first = {1638, 3276, 1638, -15564, 5733, 0, 0, 0, 0};
    struct section second = {4096, -8192, 4096, -12288, 4915, 0, 0, 0, 0};
    uint32_t state = 2463534242u;
    int32_t peak = 0;
    uint32_t power = 0;
    uint32_t sum = 0;

    for (int i = 0; i < SAMPLES + TAPS; i++) {
        in[i] = (int16_t)((int32_t)next_random(&state) >> 18);
    }
    filter();
    for (int n = 0; n < SAMPLES; n++) {
        int32_t y = section(&second, section(&first, out[n]));

        peak = y > peak ? y : -y > peak ? -y : peak;
        power += (uint32_t)(y * y) >> 8;
        sum = sum * 31 + (uint32_t)y;
    }
    return sum ^ (uint32_t)peak << 16 ^ power;
}

const uint32_t bench_result = 0x27B67972;
