// SPDX-License-Identifier: Apache-2.0
/* The mutant that the environment asks for. */
#include <stdlib.h>

unsigned short hsx_mutant_number(void);

unsigned short hsx_mutant_number(void)
{
    const char *number = getenv("HSX_MUTANT");

    return number ? (unsigned short)atoi(number) : 0;
}
