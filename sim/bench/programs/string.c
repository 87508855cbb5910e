// SPDX-License-Identifier: Apache-2.0
/* Byte strings: words of a text counted in a table, compared, copied and searched for. */
#include "bench.h"

enum { MOST_WORDS = 64, LONGEST = 12, ROUNDS = 4 };

struct word {
    char text[LONGEST];
    uint16_t count;
};

static const char text[] =
    "the task at the head of the queue takes its turn and then the next task takes its own turn so "
    "that each of the tasks that are ready moves on by one instruction and none of them has to "
    "wait "
    "for the end of another one while those that sleep are woken when the time has come for them";

static struct word words[MOST_WORDS];
static int count;

static int same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static size_t length(const char *s)
{
    const char *end = s;

    while (*end) {
        end++;
    }
    return (size_t)(end - s);
}

static struct word *entry(const char *wanted)
{
    int i = 0;
    int k = 0;

    while (i < count && !same(words[i].text, wanted)) {
        i++;
    }
    if (i == count) {
        while (wanted[k]) {
            words[i].text[k] = wanted[k];
            k++;
        }
        words[i].text[k] = '\0';
        words[i].count = 0;
        count++;
    }
    return &words[i];
}

static int occurrences(const char *wanted)
{
    size_t size = length(wanted);
    int found = 0;

    for (const char *at = text; *at; at++) {
        size_t i = 0;

        while (i < size && at[i] == wanted[i]) {
            i++;
        }
        found += i == size;
    }
    return found;
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        char word[LONGEST];
        int size = 0;

        count = 0;
        for (const char *c = text;; c++) {
            if (*c != ' ' && *c != '\0') {
                word[size++] = *c;
                continue;
            }
            word[size] = '\0';
            size = 0;
            entry(word)->count++;
            if (*c == '\0') {
                break;
            }
        }
        sum = sum * 31 + (uint32_t)(occurrences("task") + occurrences("the"));
    }
    for (int i = 0; i < count; i++) {
        sum = sum * 31 + words[i].count * length(words[i].text);
    }
    return sum;
}

const uint32_t bench_result = 0x378CB015;
