// SPDX-License-Identifier: Apache-2.0
#include "option_number.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t hsx_option_number(const struct argp_state *state, const char *option, const char *arg,
                           uint64_t least, uint64_t most)
{
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(arg, &end, 0);
    if (errno != 0 || end == arg || *end != '\0' || strchr(arg, '-') || value < least ||
        value > most) {
        argp_error(state, "%s is '%s', expected a number from %llu to %llu", option, arg,
                   (unsigned long long)least, (unsigned long long)most);
    }
    return value;
}
