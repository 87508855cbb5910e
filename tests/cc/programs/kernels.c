// SPDX-License-Identifier: Apache-2.0
/* The kernels of sim/bench in C: KERNEL is the name of one, ROUNDS the number of rounds. */
#include <stdint.h>

uint8_t table[8192];
static uint8_t buffer[4096];

__attribute__((noinline, used)) static uint32_t xorshift(uint32_t n)
{
    uint32_t x = 2463534242u, sum = 0;

    do {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        sum += x;
    } while (--n);
    return sum;
}

__attribute__((noinline, used)) static uint32_t sieve(uint32_t n)
{
    uint32_t count = 0;

    do {
        volatile uint32_t *words = (volatile uint32_t *)table;

        for (int i = 0; i < 2048; i++) {
            words[i] = 0x01010101;
        }
        for (uint32_t i = 2; i < 91; i++) {
            if (table[i]) {
                for (uint32_t k = i * i; k < 8192; k += i) {
                    table[k] = 0;
                }
            }
        }
        for (uint32_t i = 2; i < 8192; i++) {
            count += table[i];
        }
    } while (--n);
    return count;
}

__attribute__((noinline, used)) static uint32_t crc32(uint32_t n)
{
    uint8_t value = 3;
    uint32_t crc = ~0u;

    for (int i = 0; i < 4096; i++) {
        buffer[i] = value;
        value += 7;
    }
    do {
        for (int i = 0; i < 4096; i++) {
            uint32_t k = 8;

            crc ^= buffer[i];
            do {
                crc = (crc >> 1) ^ (0xEDB88320u & -(crc & 1));
            } while (--k);
        }
    } while (--n);
    return ~crc;
}

int main(void)
{
    return (int)KERNEL(ROUNDS);
}
