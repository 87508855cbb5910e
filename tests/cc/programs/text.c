// SPDX-License-Identifier: Apache-2.0
/* Numbers read from texts, and functions on texts. */
#include "check.h"
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static int reads(const char *text, double wanted, int size)
{
    char *end;

    return bits_of(strtod(text, &end)) == bits_of(wanted) && end - text == size;
}

static int reals(void)
{
    CHECK(reads("3.14", 3.14, 4) && reads(" -1e23x", -1e23, 6) && reads("1e+", 1, 1));
    CHECK(reads(".5", 0.5, 2) && reads("5.", 5, 2) && reads(".", 0, 0) && reads("-", 0, 0));
    CHECK(reads("0x1.8p-1z", 0.75, 8) && reads("0x", 0, 1) && reads("0x.8", 0.5, 4));
    CHECK(reads("-inf", (double)-__builtin_inf(), 4) && reads("INFINITYx", __builtin_inf(), 8));
    CHECK(strtod("nan(12)", NULL) != strtod("nan", NULL));
    errno = 0;
    /* between two doubles, and one digit above */
    CHECK(reads("9007199254740993", 9007199254740992, 16));
    CHECK(reads("9007199254740993.0000000000000000000001", 9007199254740994, 39));
    CHECK(reads("2.2250738585072014e-308", DBL_MIN, 23) &&
          reads("1.7976931348623157e308", DBL_MAX, 22) && errno == 0);
    CHECK(reads("4.9406564584124654e-324", 0x1p-1074, 23) && errno == ERANGE);
    errno = 0;
    CHECK(reads("1e400", __builtin_inf(), 5) && errno == ERANGE);
    errno = 0;
    CHECK(reads("1e-400", 0, 6) && errno == ERANGE);
    CHECK(strtof("16777217", NULL) == 16777216 && strtof("16777217.0001", NULL) == 16777218);
    CHECK(strtof("1e-46", NULL) == 0 && strtof("3.14", NULL) == 3.14f && atof("2.5e1") == 25);
    return 0;
}

static int integers(void)
{
    char *end;

    CHECK(strtoll("-9223372036854775808", &end, 10) == LLONG_MIN && *end == '\0');
    CHECK(strtoull("0xFFFFFFFFFFFFFFFF", NULL, 0) == ULLONG_MAX && atoll("12345678901") > INT_MAX);
    errno = 0;
    CHECK(strtoll("9223372036854775808", NULL, 10) == LLONG_MAX && errno == ERANGE);
    errno = 0;
    CHECK(strtoul("4294967296", NULL, 10) == ULONG_MAX && errno == ERANGE);
    errno = 0;
    CHECK(strtol("-2147483648", NULL, 10) == INT_MIN && errno == 0);
    CHECK(strtol("-2147483649", NULL, 10) == INT_MIN && errno == ERANGE);
    CHECK(strtoul("zz", NULL, 36) == 1295 && strtol("0x", &end, 16) == 0 && *end == 'x');
    CHECK(lldiv(HIDE(long long, -7), 2).rem == -1 && llabs(HIDE(long long, -5)) == 5);
    return 0;
}

static int prints(const char *format, double value, const char *wanted)
{
    char b[80];

    return snprintf(b, sizeof b, format, value) == (int)strlen(wanted) && strcmp(b, wanted) == 0;
}

static int hexadecimal(void)
{
    char b[40];

    CHECK(prints("%a", 1, "0x1p+0") && prints("%a", -0.1, "-0x1.999999999999ap-4"));
    CHECK(prints("%.2a", 1.999, "0x2.00p+0") && prints("%.0a", 1.5, "0x2p+0"));
    CHECK(prints("%A", 0, "0X0P+0") && prints("%a", 0x1p-1074, "0x0.0000000000001p-1022"));
    CHECK(prints("%12a|", 2, "      0x1p+1|") && prints("%-9a|", 2, "0x1p+1   |"));
    CHECK(prints("%010a", -2, "-0x0001p+1") && prints("%.15a", 1, "0x1.000000000000000p+0"));
    CHECK(prints("%#a", 1, "0x1.p+0") && prints("%a", __builtin_inf(), "inf"));
    CHECK(snprintf(b, sizeof b, "%" PRId64 " %" PRIu8 " %" PRIx32, INT64_MIN, UINT8_MAX,
                   UINT32_MAX) == 33);
    CHECK(strcmp(b, "-9223372036854775808 255 ffffffff") == 0);
    return 0;
}

static int scanned(void)
{
    char word[10];
    char letters[3] = "";
    char set[10];
    int a = 0;
    unsigned b = 0;
    short c = 0;
    long long d = 0;
    float f = 0;
    double g = 0;
    int at = 0;

    CHECK(sscanf("12 -7,ff", "%d%d,%x", &a, (int *)&b, (unsigned *)&at) == 3);
    CHECK(a == 12 && (int)b == -7 && at == 255);
    CHECK(sscanf("0x1F 070000 -9000000000", "%i %ho %lld", &a, (unsigned short *)&c, &d) == 3);
    CHECK(a == 31 && c == 070000 && d == -9000000000);
    CHECK(sscanf("1.5e2 0x1p-2", "%f %lf%n", &f, &g, &at) == 2 && f == 150 && g == 0.25 &&
          at == 12);
    CHECK(sscanf("name=some text", "name=%9s %2c", word, letters) == 2);
    CHECK(strcmp(word, "some") == 0 && memcmp(letters, "te", 2) == 0);
    CHECK(sscanf("abc123-]x", "%[a-c]%3d%[]-]", set, &a, word) == 3 && a == 123);
    CHECK(strcmp(set, "abc") == 0 && strcmp(word, "-]") == 0);
    CHECK(sscanf("12345", "%2d%*1d%d", &a, &at) == 2 && a == 12 && at == 45);
    CHECK(sscanf("x", "%d", &a) == 0 && sscanf("  ", "%d", &a) == EOF &&
          sscanf("5%", "%d%%", &a) == 1);
    CHECK(sscanf("key: value", "%[^:]: %s", set, word) == 2 && strcmp(word, "value") == 0);
    return 0;
}

static int texts(void)
{
    char line[] = "one, two;;three";
    char *rest;
    char *copy = strdup(line);
    char joined[8];

    CHECK(copy && strcmp(copy, line) == 0 && strcmp(strpbrk(line, ";,"), ", two;;three") == 0);
    CHECK(strcmp(strtok(line, ", ;"), "one") == 0 && strcmp(strtok(NULL, ", ;"), "two") == 0);
    CHECK(strcmp(strtok(NULL, ", ;"), "three") == 0 && strtok(NULL, ", ;") == NULL);
    CHECK(strcmp(strtok_r(copy, ",", &rest), "one") == 0 && strcmp(rest, " two;;three") == 0);
    CHECK(strcasecmp("HeLLo", "hello") == 0 && strncasecmp("ab", "AC", 2) < 0);
    CHECK(strlcpy(joined, "abc", sizeof joined) == 3 &&
          strlcat(joined, "defghi", sizeof joined) == 9);
    CHECK(strcmp(joined, "abcdefg") == 0 && memmem(joined, 7, "de", 2) == joined + 3);
    CHECK(strstr("aabaac", "aac") != NULL && strnlen("abc", 2) == 2 && strcoll("a", "b") < 0);
    free(copy);
    return 0;
}

/* All of it at once has more than 64 KiB of code. */
int main(void)
{
    int line = PART == 1 ? reals() : hexadecimal();

    line = line ? line : PART == 1 ? integers() : scanned();
    return line ? line : PART == 1 ? texts() : 0;
}
