// SPDX-License-Identifier: Apache-2.0
/* Functions that clang calls for products and quotients of _Complex numbers: the textbook
 * formulas, with the quotient scaled by the larger part of the divisor so that squares do not
 * overflow. */

#define COMPLEX(type, suffix)                                                                      \
    type _Complex __mul##suffix##c3(type a, type b, type c, type d);                               \
    type _Complex __div##suffix##c3(type a, type b, type c, type d);                               \
                                                                                                   \
    static type _Complex pair_##suffix(type real, type imaginary)                                  \
    {                                                                                              \
        type _Complex value;                                                                       \
                                                                                                   \
        __real__ value = real;                                                                     \
        __imag__ value = imaginary;                                                                \
        return value;                                                                              \
    }                                                                                              \
                                                                                                   \
    type _Complex __mul##suffix##c3(type a, type b, type c, type d)                                \
    {                                                                                              \
        return pair_##suffix(a * c - b * d, a * d + b * c);                                        \
    }                                                                                              \
                                                                                                   \
    type _Complex __div##suffix##c3(type a, type b, type c, type d)                                \
    {                                                                                              \
        type ratio;                                                                                \
        type scale;                                                                                \
                                                                                                   \
        if ((c < 0 ? -c : c) >= (d < 0 ? -d : d)) {                                                \
            ratio = d / c;                                                                         \
            scale = c + d * ratio;                                                                 \
            return pair_##suffix((a + b * ratio) / scale, (b - a * ratio) / scale);                \
        }                                                                                          \
        ratio = c / d;                                                                             \
        scale = c * ratio + d;                                                                     \
        return pair_##suffix((a * ratio + b) / scale, (b * ratio - a) / scale);                    \
    }

COMPLEX(float, s)
COMPLEX(double, d)
