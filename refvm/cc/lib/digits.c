// SPDX-License-Identifier: Apache-2.0
/* Exact: the value is an integer of many words, or a 64-bit integer and a fraction of many words,
 * from which the digits are taken one by one. */
#include "digits.h"
#include <stdint.h>
#include <string.h>

enum {
    WORDS = 35, /* 1120 bits: from 2^-1074 to 2^1024 */
    LIMBS = 6,  /* of nine digits each: the last ones kept are the first of the number */
    LIMB_DIGITS = 9,
    MANTISSA_BITS = 52,
    EXPONENT_BIAS = 1023 + MANTISSA_BITS
};

static const uint32_t limb_base = 1000000000;

/* Digits are kept up to MOST_DIGITS; of the rest only whether any is not 0. */
struct sink {
    struct digits *to;
    int rest;
};

static void take(struct sink *sink, unsigned digit)
{
    struct digits *to = sink->to;

    if (to->count == 0 && digit == 0) {
        to->exponent--;
    } else if (to->count < MOST_DIGITS) {
        to->digit[to->count++] = (char)('0' + digit);
    } else if (digit != 0) {
        sink->rest = 1;
    }
}

static void take_limb(struct sink *sink, uint32_t limb)
{
    for (uint32_t unit = limb_base / 10; unit != 0; unit /= 10) {
        take(sink, limb / unit % 10);
    }
}

/* A number of many words; only those from `low` up to `high` are not 0. */
struct wide {
    uint32_t words[WORDS];
    int low, high;
};

static void trim(struct wide *w)
{
    while (w->high > w->low && w->words[w->high - 1] == 0) {
        w->high--;
    }
    while (w->low < w->high && w->words[w->low] == 0) {
        w->low++;
    }
}

static int is_zero(const struct wide *w)
{
    return w->low == w->high;
}

static void set(struct wide *w, uint64_t mantissa, int shift)
{
    int at = shift / 32;
    int by = shift % 32;

    memset(w->words, 0, sizeof w->words);
    w->words[at] = (uint32_t)(mantissa << by);
    if (at + 1 < WORDS) {
        w->words[at + 1] = (uint32_t)(mantissa >> 1 >> (31 - by));
    }
    if (at + 2 < WORDS && by != 0) {
        w->words[at + 2] = (uint32_t)(mantissa >> 32 >> (32 - by));
    }
    w->low = at;
    w->high = at + 3 < WORDS ? at + 3 : WORDS;
    trim(w);
}

/* w /= limb_base; returns the remainder. */
static uint32_t divide(struct wide *w)
{
    uint64_t rest = 0;

    for (int i = w->high; i-- > 0;) {
        uint64_t value = rest << 32 | w->words[i];

        w->words[i] = (uint32_t)(value / limb_base);
        rest = value % limb_base;
    }
    w->low = 0;
    trim(w);
    return (uint32_t)rest;
}

static void integer_digits(struct sink *sink, struct wide *w)
{
    uint32_t limbs[LIMBS] = {0};
    int count = 0;

    while (!is_zero(w)) {
        sink->rest |= limbs[LIMBS - 1] != 0;
        memmove(limbs + 1, limbs, sizeof limbs - sizeof *limbs);
        limbs[0] = divide(w);
        count++;
    }
    sink->to->exponent = count * LIMB_DIGITS - 1;
    for (int i = 0; i < count && i < LIMBS; i++) {
        take_limb(sink, limbs[i]);
    }
}

/* w is a fraction of WORDS words. */
static void fraction_digits(struct sink *sink, struct wide *w)
{
    while (sink->to->count < MOST_DIGITS && !is_zero(w)) {
        uint32_t carry = 0;

        for (int i = w->low; i < WORDS && (i < w->high || carry != 0); i++) {
            uint64_t value = (uint64_t)w->words[i] * 10 + carry;

            w->words[i] = (uint32_t)value;
            carry = (uint32_t)(value >> 32);
            w->high = i < w->high ? w->high : i + 1;
        }
        trim(w);
        take(sink, carry);
    }
    sink->rest |= !is_zero(w);
}

static void all_digits(struct sink *sink, uint64_t mantissa, int exponent)
{
    int fraction_bits = -exponent;
    uint64_t whole;
    struct wide w;

    if (exponent >= 0) {
        set(&w, mantissa, exponent);
        integer_digits(sink, &w);
        return;
    }
    whole = fraction_bits < 64 ? mantissa >> fraction_bits : 0;
    if (whole != 0) {
        set(&w, whole, 0);
        integer_digits(sink, &w);
    } else {
        sink->to->exponent = -1;
    }
    set(&w, mantissa - (fraction_bits < 64 ? whole << fraction_bits : 0),
        WORDS * 32 - fraction_bits);
    fraction_digits(sink, &w);
}

/* Round to count digits, which may be 0 or negative. */
static void round_to(struct digits *d, int count, int rest)
{
    int up = 0;

    if (count < d->count) {
        if (count >= 0) {
            rest |= d->digit[count] > '5';
            for (int i = count + 1; i < d->count; i++) {
                rest |= d->digit[i] != '0';
            }
            up = d->digit[count] > '5' ||
                 (d->digit[count] == '5' && (rest || (count > 0 && (d->digit[count - 1] & 1))));
        }
        d->count = count < 0 ? 0 : count;
    }
    for (int i = d->count; up && i-- > 0;) {
        up = d->digit[i] == '9';
        d->digit[i] = up ? '0' : (char)(d->digit[i] + 1);
    }
    if (up) {
        memmove(d->digit + 1, d->digit, MOST_DIGITS);
        d->digit[0] = '1';
        d->exponent++;
        d->count += d->count == 0 || count < 0 ? 1 : 0;
    }
}

void __hsx_digits(double value, int wanted, int fixed, struct digits *digits)
{
    struct sink sink = {digits, 0};
    uint64_t bits;
    int exponent;

    memcpy(&bits, &value, sizeof bits);
    exponent = (int)(bits >> MANTISSA_BITS & 0x7FF);
    bits &= ((uint64_t)1 << MANTISSA_BITS) - 1;
    digits->count = 0;
    digits->exponent = 0;
    if (exponent == 0 && bits == 0) {
        return;
    }
    if (exponent != 0) {
        bits |= (uint64_t)1 << MANTISSA_BITS;
    } else {
        exponent = 1;
    }
    all_digits(&sink, bits, exponent - EXPONENT_BIAS);
    round_to(digits, fixed ? wanted + digits->exponent + 1 : wanted, sink.rest);
}
