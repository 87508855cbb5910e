// SPDX-License-Identifier: Apache-2.0
#include <errno.h>

int *__errno(void)
{
    static int value;

    return &value;
}
