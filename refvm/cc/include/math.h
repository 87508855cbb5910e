// SPDX-License-Identifier: Apache-2.0
#ifndef _MATH_H
#define _MATH_H

#define NAN             __builtin_nanf("")
#define INFINITY        __builtin_inff()
#define HUGE_VAL        __builtin_inf()
#define isnan(x)        __builtin_isnan(x)
#define isinf(x)        __builtin_isinf(x)
#define isfinite(x)     __builtin_isfinite(x)
#define signbit(x)      __builtin_signbit(x)
#define fabs(x)         __builtin_fabs(x)
#define fabsf(x)        __builtin_fabsf(x)
#define copysign(x, y)  __builtin_copysign(x, y)
#define copysignf(x, y) __builtin_copysignf(x, y)

#endif
