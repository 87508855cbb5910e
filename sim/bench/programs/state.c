// SPDX-License-Identifier: Apache-2.0
/* A state machine that extracts numbers in several notations from a text. */
#include "bench.h"

enum { ROUNDS = 40 };

enum state { BETWEEN, SIGN, ZERO, DECIMAL, HEXADECIMAL, FRACTION, EXPONENT, BAD, STATES };

static const char text[] = "12,-7,0x1F,3.25,1e9,+42,zz,0,007,-0.5,0xZ,99e-1,1.2.3,65535,-,8e,0x";

static enum state next(enum state state, char c)
{
    int digit = c >= '0' && c <= '9';

    switch (state) {
    case BETWEEN:
        return c == '-' || c == '+' ? SIGN : c == '0' ? ZERO : digit ? DECIMAL : BAD;
    case SIGN:
        return c == '0' ? ZERO : digit ? DECIMAL : BAD;
    case ZERO:
        return c == 'x' ? HEXADECIMAL : c == '.' ? FRACTION : digit ? DECIMAL : BAD;
    case DECIMAL:
        return digit ? DECIMAL : c == '.' ? FRACTION : c == 'e' ? EXPONENT : BAD;
    case HEXADECIMAL:
        return digit || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') ? HEXADECIMAL : BAD;
    case FRACTION:
        return digit ? FRACTION : c == 'e' ? EXPONENT : BAD;
    case EXPONENT:
        return digit || c == '-' || c == '+' ? EXPONENT : BAD;
    default:
        return BAD;
    }
}

uint32_t bench(void)
{
    uint32_t ended[STATES] = {0};
    uint32_t sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        enum state state = BETWEEN;

        for (const char *c = text;; c++) {
            if (*c == ',' || *c == '\0') {
                ended[state]++;
                state = BETWEEN;
                if (*c == '\0') {
                    break;
                }
            } else {
                state = next(state, *c);
            }
        }
    }
    for (int i = 0; i < STATES; i++) {
        sum = sum * 31 + ended[i];
    }
    return sum;
}

const uint32_t bench_result = 0x936310C8;
