// SPDX-License-Identifier: Apache-2.0
/* The functions are newlib's (docs/cc.md). */
#ifndef _MATH_H
#define _MATH_H

#define NAN             __builtin_nanf("")
#define INFINITY        __builtin_inff()
#define HUGE_VAL        __builtin_inf()
#define HUGE_VALF       __builtin_inff()
#define isnan(x)        __builtin_isnan(x)
#define isinf(x)        __builtin_isinf(x)
#define isfinite(x)     __builtin_isfinite(x)
#define isnormal(x)     __builtin_isnormal(x)
#define signbit(x)      __builtin_signbit(x)
#define fabs(x)         __builtin_fabs(x)
#define fabsf(x)        __builtin_fabsf(x)
#define copysign(x, y)  __builtin_copysign(x, y)
#define copysignf(x, y) __builtin_copysignf(x, y)

#define _HSX_MATH1(name)                                                                           \
    double name(double x);                                                                         \
    float name##f(float x);
#define _HSX_MATH2(name)                                                                           \
    double name(double x, double y);                                                               \
    float name##f(float x, float y);
_HSX_MATH1(acos)
_HSX_MATH1(asin)
_HSX_MATH1(atan)
_HSX_MATH1(cos)
_HSX_MATH1(sin)
_HSX_MATH1(tan)
_HSX_MATH1(cosh)
_HSX_MATH1(sinh)
_HSX_MATH1(tanh)
_HSX_MATH1(acosh)
_HSX_MATH1(asinh)
_HSX_MATH1(atanh)
_HSX_MATH1(exp)
_HSX_MATH1(exp2)
_HSX_MATH1(expm1)
_HSX_MATH1(log)
_HSX_MATH1(log10)
_HSX_MATH1(log1p)
_HSX_MATH1(log2)
_HSX_MATH1(logb)
_HSX_MATH1(erf)
_HSX_MATH1(erfc)
_HSX_MATH1(sqrt)
_HSX_MATH1(cbrt)
_HSX_MATH1(ceil)
_HSX_MATH1(floor)
_HSX_MATH1(trunc)
_HSX_MATH1(round)
_HSX_MATH1(rint)
_HSX_MATH1(nearbyint)
_HSX_MATH2(atan2)
_HSX_MATH2(pow)
_HSX_MATH2(hypot)
_HSX_MATH2(fmod)
_HSX_MATH2(remainder)
_HSX_MATH2(nextafter)
_HSX_MATH2(fmax)
_HSX_MATH2(fmin)
_HSX_MATH2(fdim)
double frexp(double x, int *exponent);
float frexpf(float x, int *exponent);
double ldexp(double x, int exponent);
float ldexpf(float x, int exponent);
double scalbn(double x, int exponent);
float scalbnf(float x, int exponent);
double scalbln(double x, long exponent);
float scalblnf(float x, long exponent);
int ilogb(double x);
int ilogbf(float x);
long lrint(double x);
long lrintf(float x);
long lround(double x);
long lroundf(float x);
long long llrint(double x);
long long llrintf(float x);
long long llround(double x);
long long llroundf(float x);
double remquo(double x, double y, int *quotient);
float remquof(float x, float y, int *quotient);
double nan(const char *tag);
float nanf(const char *tag);
double modf(double x, double *whole);
float modff(float x, float *whole);
#undef _HSX_MATH1
#undef _HSX_MATH2

#endif
