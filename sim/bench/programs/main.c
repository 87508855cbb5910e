// SPDX-License-Identifier: Apache-2.0
/* Exit status 0 if the program's result is correct. */
#include "bench.h"

int main(void)
{
    return bench() != bench_result;
}
