// SPDX-License-Identifier: Apache-2.0
/* Decimal digits of a double, for printf. */
#ifndef HSX_LIB_DIGITS_H
#define HSX_LIB_DIGITS_H

enum { MOST_DIGITS = 40 };

struct digits {
    char digit[MOST_DIGITS + 1]; /* '0' to '9', the first is not '0' unless the value is 0 */
    int count;
    int exponent; /* the power of ten of the first digit */
};

/*
 * The first digits of value, which is finite and not negative, rounded to nearest, ties to even:
 * `wanted` of them, or with fixed set those up to `wanted` after the point; MOST_DIGITS at most,
 * more than distinguish any double from its neighbours.
 */
void __hsx_digits(double value, int wanted, int fixed, struct digits *digits);

#endif
