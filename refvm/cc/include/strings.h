// SPDX-License-Identifier: Apache-2.0
#ifndef _STRINGS_H
#define _STRINGS_H
#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t size);

#endif
