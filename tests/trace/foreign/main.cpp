// SPDX-License-Identifier: Apache-2.0
// The clock of foreign_bench under Verilator.
#include "Vforeign.h"
#include "verilated.h"
#include <cstdio>

int main(int argc, char **argv)
{
    VerilatedContext context;

    context.commandArgs(argc, argv);
    Vforeign bench(&context);
    for (int half = 0; half < 400000 && !bench.done; half++) {
        context.timeInc(1);
        bench.clk = half & 1;
        bench.eval();
    }
    if (!bench.done) {
        std::printf("FAIL: the bench did not end\n");
    }
    bench.final();
    return bench.done ? 0 : 1;
}
