// SPDX-License-Identifier: Apache-2.0
/* The planted bug chosen in the environment. */
#include <stdlib.h>

unsigned char hsx_planted_number(void);

unsigned char hsx_planted_number(void)
{
    const char *number = getenv("HSX_PLANTED");

    return number ? (unsigned char)atoi(number) : 0;
}
