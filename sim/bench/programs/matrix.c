// SPDX-License-Identifier: Apache-2.0
/* Matrices of 16 by 16 words: product, transposition, sum. */
#include "bench.h"

enum { SIDE = 16, ROUNDS = 3 };

typedef int32_t matrix[SIDE][SIDE];

static matrix a, b, c;

static void multiply(const matrix x, const matrix y, matrix to)
{
    for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
            int32_t sum = 0;

            for (int i = 0; i < SIDE; i++) {
                sum += x[row][i] * y[i][column];
            }
            to[row][column] = sum;
        }
    }
}

static void transpose(matrix m)
{
    for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < row; column++) {
            int32_t item = m[row][column];

            m[row][column] = m[column][row];
            m[column][row] = item;
        }
    }
}

uint32_t bench(void)
{
    uint32_t state = 2463534242u;
    uint32_t sum = 0;

    for (int i = 0; i < SIDE * SIDE; i++) {
        a[i / SIDE][i % SIDE] = (int32_t)(next_random(&state) >> 24) - 128;
        b[i / SIDE][i % SIDE] = (int32_t)(next_random(&state) >> 24) - 128;
    }
    for (int round = 0; round < ROUNDS; round++) {
        multiply(a, b, c);
        transpose(c);
        multiply(c, b, a);
        for (int i = 0; i < SIDE * SIDE; i++) {
            a[i / SIDE][i % SIDE] = a[i / SIDE][i % SIDE] >> 8;
        }
    }
    for (int i = 0; i < SIDE * SIDE; i++) {
        sum = sum * 31 + (uint32_t)a[i / SIDE][i % SIDE];
    }
    return sum;
}

const uint32_t bench_result = 0xD0D11540;
