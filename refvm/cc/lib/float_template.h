// SPDX-License-Identifier: Apache-2.0
/*
 * IEEE 754 arithmetic on one format, rounded to nearest even. Included once for each format, with:
 *
 *   FLOAT     the C type            REP    an unsigned integer as wide
 *   FRACTION  bits of the fraction  EXPONENTS  greatest biased exponent
 *   NAME(x)   the name of function x for this format
 *   PRODUCT(a, b, &low)  the high half of a product of two REPs, its low half
 *
 * Internally a significand has its leading 1 at bit FRACTION + 3; the lowest three bits
 * are for rounding, and the last of them is sticky.
 */
#define HIDDEN  ((REP)1 << FRACTION)
#define SIGN    ((REP)1 << (sizeof(REP) * 8 - 1))
#define INF     ((REP)EXPONENTS << FRACTION)
#define QUIET   (INF | HIDDEN >> 1)
#define LEADING (FRACTION + 3)

struct NAME(parts) {
    REP sign, sig; /* sig: LEADING set, unless zero */
    int exp;       /* biased */
};

static inline REP NAME(bits)(FLOAT value)
{
    union {
        FLOAT f;
        REP r;
    } u = {value};

    return u.r;
}

static inline FLOAT NAME(value)(REP bits)
{
    union {
        REP r;
        FLOAT f;
    } u = {bits};

    return u.f;
}

static inline int NAME(zeros)(REP sig)
{
    return sizeof(REP) == 8 ? __clzdi2(sig) : __clzsi2((uint32_t)sig);
}

static inline REP NAME(jam)(REP sig, int by)
{
    if (by <= 0) {
        return sig;
    }
    if (by >= (int)sizeof(REP) * 8) {
        return sig != 0;
    }
    return sig >> by | ((sig & (((REP)1 << by) - 1)) != 0);
}

static inline bool NAME(is_nan)(REP a)
{
    return (a & ~SIGN) > INF;
}

/* a must be finite. */
static inline struct NAME(parts) NAME(unpack)(REP a)
{
    struct NAME(parts) p = {a & SIGN, (a & (HIDDEN - 1)) << 3, (int)(a >> FRACTION & EXPONENTS)};

    if (p.exp != 0) {
        p.sig |= HIDDEN << 3;
    } else if (p.sig != 0) {
        int by = NAME(zeros)(p.sig) - ((int)sizeof(REP) * 8 - 1 - LEADING);

        p.sig <<= by;
        p.exp = 1 - by;
    }
    return p;
}

static REP NAME(pack)(REP sign, int exp, REP sig)
{
    unsigned rest;

    if (sig == 0) {
        return sign;
    }
    if (exp >= EXPONENTS) {
        return sign | INF;
    }
    if (exp <= 0) {
        sig = NAME(jam)(sig, 1 - exp);
        exp = 0;
    } else {
        sig -= HIDDEN << 3;
    }
    rest = (unsigned)(sig & 7);
    sig >>= 3;
    sig += rest > 4 || (rest == 4 && (sig & 1));
    /* a carry out of the fraction increments the exponent, finally to infinity */
    return sign | (((REP)exp << FRACTION) + sig);
}

static REP NAME(normal)(REP sign, int exp, REP sig)
{
    int by;

    if (sig == 0) {
        return sign;
    }
    by = NAME(zeros)(sig) - ((int)sizeof(REP) * 8 - 1 - LEADING);
    if (by < 0) {
        sig = NAME(jam)(sig, -by);
    } else {
        sig <<= by;
    }
    return NAME(pack)(sign, exp - by, sig);
}

FLOAT NAME(add)(FLOAT x, FLOAT y)
{
    REP a = NAME(bits)(x), b = NAME(bits)(y);
    struct NAME(parts) p, q;

    if (NAME(is_nan)(a) || NAME(is_nan)(b)) {
        return NAME(value)(QUIET);
    }
    if ((a & ~SIGN) < (b & ~SIGN)) {
        REP swap = a;

        a = b;
        b = swap;
    }
    if ((a & ~SIGN) == INF) {
        return NAME(value)((b & ~SIGN) == INF && a != b ? QUIET : a);
    }
    p = NAME(unpack)(a);
    q = NAME(unpack)(b);
    if (q.sig == 0) {
        /* -0 + -0 alone is -0 */
        return NAME(value)(p.sig == 0 ? a & b : a);
    }
    q.sig = NAME(jam)(q.sig, p.exp - q.exp);
    if (p.sign == q.sign) {
        return NAME(value)(NAME(normal)(p.sign, p.exp, p.sig + q.sig));
    }
    p.sig -= q.sig;
    return NAME(value)(p.sig == 0 ? 0 : NAME(normal)(p.sign, p.exp, p.sig));
}

FLOAT NAME(sub)(FLOAT x, FLOAT y)
{
    return NAME(add)(x, NAME(value)(NAME(bits)(y) ^ SIGN));
}

FLOAT NAME(mul)(FLOAT x, FLOAT y)
{
    REP a = NAME(bits)(x), b = NAME(bits)(y);
    REP sign = (a ^ b) & SIGN;
    struct NAME(parts) p, q;
    REP high, low;

    if (NAME(is_nan)(a) || NAME(is_nan)(b)) {
        return NAME(value)(QUIET);
    }
    if ((a & ~SIGN) == INF || (b & ~SIGN) == INF) {
        return NAME(value)((a & ~SIGN) == 0 || (b & ~SIGN) == 0 ? QUIET : sign | INF);
    }
    p = NAME(unpack)(a);
    q = NAME(unpack)(b);
    if (p.sig == 0 || q.sig == 0) {
        return NAME(value)(sign);
    }
    /* both with the leading 1 in the top bit: then the high half has it there or one below */
    high = PRODUCT(p.sig << (sizeof(REP) * 8 - 1 - LEADING),
                   q.sig << (sizeof(REP) * 8 - 1 - LEADING), &low);
    high |= low != 0;
    return NAME(value)(NAME(normal)(
        sign, p.exp + q.exp - EXPONENTS / 2 + 1 - ((int)sizeof(REP) * 8 - 1 - LEADING), high));
}

FLOAT NAME(div)(FLOAT x, FLOAT y)
{
    REP a = NAME(bits)(x), b = NAME(bits)(y);
    REP sign = (a ^ b) & SIGN;
    struct NAME(parts) p, q;
    REP quotient = 0;
    int exp;

    if (NAME(is_nan)(a) || NAME(is_nan)(b)) {
        return NAME(value)(QUIET);
    }
    if ((a & ~SIGN) == INF) {
        return NAME(value)((b & ~SIGN) == INF ? QUIET : sign | INF);
    }
    if ((b & ~SIGN) == INF) {
        return NAME(value)(sign);
    }
    p = NAME(unpack)(a);
    q = NAME(unpack)(b);
    if (q.sig == 0) {
        return NAME(value)(p.sig == 0 ? QUIET : sign | INF);
    }
    if (p.sig == 0) {
        return NAME(value)(sign);
    }
    exp = p.exp - q.exp + EXPONENTS / 2;
    if (p.sig < q.sig) {
        p.sig <<= 1;
        exp--;
    }
    for (int i = 0; i <= LEADING; i++) {
        quotient <<= 1;
        if (p.sig >= q.sig) {
            p.sig -= q.sig;
            quotient |= 1;
        }
        p.sig <<= 1;
    }
    return NAME(value)(NAME(pack)(sign, exp, quotient | (p.sig != 0)));
}

/* -1, 0, 1, or 2: one of them is NaN */
int NAME(cmp)(FLOAT x, FLOAT y)
{
    REP a = NAME(bits)(x), b = NAME(bits)(y);

    if (NAME(is_nan)(a) || NAME(is_nan)(b)) {
        return 2;
    }
    if (a == b || ((a | b) & ~SIGN) == 0) {
        return 0;
    }
    if ((a ^ b) & SIGN) {
        return a & SIGN ? -1 : 1;
    }
    return (a < b) == ((a & SIGN) == 0) ? -1 : 1;
}

/* The integer part without its sign; all ones if too large. */
static uint64_t NAME(whole)(REP a)
{
    int exp = (int)(a >> FRACTION & EXPONENTS) - EXPONENTS / 2;
    uint64_t sig = (a & (HIDDEN - 1)) | HIDDEN;

    if (exp < 0) {
        return 0;
    }
    if (exp > 63) {
        return UINT64_MAX;
    }
    return exp <= FRACTION ? sig >> (FRACTION - exp) : sig << (exp - FRACTION);
}

int64_t NAME(fixdi)(FLOAT x)
{
    REP a = NAME(bits)(x);
    uint64_t whole = NAME(whole)(a);
    bool negative = (a & SIGN) != 0;

    if (NAME(is_nan)(a)) {
        return 0;
    }
    if (whole >> 63) {
        return negative ? INT64_MIN : INT64_MAX;
    }
    return negative ? -(int64_t)whole : (int64_t)whole;
}

int32_t NAME(fixsi)(FLOAT x)
{
    int64_t whole = NAME(fixdi)(x);

    return whole > INT32_MAX ? INT32_MAX : whole < INT32_MIN ? INT32_MIN : (int32_t)whole;
}

uint64_t NAME(fixunsdi)(FLOAT x)
{
    REP a = NAME(bits)(x);

    return NAME(is_nan)(a) || (a & SIGN) ? 0 : NAME(whole)(a);
}

uint32_t NAME(fixunssi)(FLOAT x)
{
    uint64_t whole = NAME(fixunsdi)(x);

    return whole > UINT32_MAX ? UINT32_MAX : (uint32_t)whole;
}

FLOAT NAME(floatundi)(uint64_t a)
{
    int by;

    if (a == 0) {
        return NAME(value)(0);
    }
    /* the leading 1 at LEADING, in 64 bits first: REP may be narrower */
    by = 63 - LEADING - __clzdi2(a);
    if (by > 0) {
        a = a >> by | ((a & (((uint64_t)1 << by) - 1)) != 0);
    } else {
        a <<= -by;
    }
    return NAME(value)(NAME(pack)(0, EXPONENTS / 2 + LEADING + by, (REP)a));
}

FLOAT NAME(floatdi)(int64_t a)
{
    FLOAT value = NAME(floatundi)(a < 0 ? 0 - (uint64_t)a : (uint64_t)a);

    return a < 0 ? NAME(value)(NAME(bits)(value) | SIGN) : value;
}

FLOAT NAME(floatunsi)(uint32_t a)
{
    return NAME(floatundi)(a);
}

FLOAT NAME(floatsi)(int32_t a)
{
    return NAME(floatdi)(a);
}

#undef HIDDEN
#undef SIGN
#undef INF
#undef QUIET
#undef LEADING
