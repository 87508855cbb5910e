// SPDX-License-Identifier: Apache-2.0
/* Functions of math.h against independently computed values, rounded to double. All of them in
 * one program would exceed 64 KiB of code, so PART selects some. */
#include "check.h"
#include <math.h>

static int near(double got, double wanted)
{
    return fabs(got - wanted) <= fabs(wanted) * 4e-16;
}

static int nearf(float got, float wanted)
{
    return fabsf(got - wanted) <= fabsf(wanted) * 2e-7f;
}

int main(void)
{
    double two = HIDE(double, 2.0);
    float half = HIDE(float, 0.5f);
    double whole = 0;
    int exponent = 0;

#if PART == 1
    CHECK(near(sqrt(two), 1.4142135623730951) && near(pow(two, 0.5), 1.4142135623730951));
    CHECK(near(exp(two), 7.38905609893065) && near(log(two), 0.6931471805599453));
    CHECK(near(log10(two), 0.3010299956639812) && near(tanh(half), 0.46211715726000975));
    CHECK(floor(-two - half) == -3 && ceil(two + half) == 3 && fmod(7.5, two) == 1.5);
    CHECK(isnan(sqrt(-two)) && isinf(log(two - 2)));
#elif PART == 2
    CHECK(near(sin(two), 0.9092974268256817) && near(cos(two), -0.4161468365471424));
    CHECK(near(atan2(two, -1.0), 2.0344439357957027) && near(cbrt(two), 1.2599210498948732));
    CHECK(round(2.5) == 3 && trunc(-2.5) == -2 && ldexp(two, 3) == 16 && hypot(3, two * 2) == 5);
    CHECK(modf(two + half, &whole) == 0.5 && whole == 2 && frexp(two, &exponent) == 0.5);
#elif PART == 3
    CHECK(near(asinh(two), 1.4436354751788103) && near(acosh(two), 1.3169578969248166));
    CHECK(near(atanh(half), 0.5493061443340549) && near(erf(half), 0.5204998778130465));
    CHECK(log2(two * 4) == 3 && near(exp2(half), 1.4142135623730951) && logb(two + 3) == 2);
    CHECK(remainder(7.5, two) == -0.5 && lround(-2.5) == -3 && lrint(two + half) == 2);
    CHECK(nextafter(two, 3) == 0x1.0000000000001p1 && nearbyint(1.5) == 2 && ilogb(two) == 1);
    CHECK(isnormal(two) && !isnormal(0x1p-1074) && scalbln(two, 3L) == 16);
#else
    CHECK(nearf(sinf(half), 0.47942555f) && nearf(expf(half), 1.6487213f));
    CHECK(nearf(powf(half, 3.5f), 0.088388346f) && nearf(sqrtf(half), 0.70710677f));
    CHECK(nearf(atanf(half), 0.4636476f) && floorf(half) == 0 && fmaxf(half, 1) == 1);
#endif
    (void)two;
    (void)half;
    (void)whole;
    (void)exponent;
    (void)near;
    (void)nearf;
    return 0;
}
