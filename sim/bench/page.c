// SPDX-License-Identifier: Apache-2.0
/* Tables: on the terminal, with this run's speeds, and docs/bench.md, without them. */
#include "output.h"
#include "results.h"
#include <errno.h>
#include <math.h>
#include <string.h>

static const char introduction[] =
    "# Benchmarks\n"
    "\n"
    "Written by `./build.sh bench`, which also prints these tables, writes everything to\n"
    "`build/release/bench.json` and draws [bench.svg](bench.svg).\n"
    "\n"
    "Cycles are counted in the Verilated core with memories that answer in one cycle, slice 1,\n"
    "so that every instruction is followed by another task's as long as one is READY. They are\n"
    "the same in every run. The kernels `xorshift`, `sieve` and `crc32` are in\n"
    "[sim/bench/kernels](../sim/bench/kernels), the rest are demos of [sim/demos](../sim/demos);\n"
    "`crc32-demo` is the one called crc32 there. All tasks of a run execute the same program and\n"
    "begin together. A demo is measured up to its first SVC.\n"
    "\n"
    "## Instructions per cycle\n"
    "\n"
    "![Instructions per cycle by number of tasks](bench.svg)\n"
    "\n";

static void write_ipc(FILE *out, const struct bench_results *results)
{
    fputs("| tasks |", out);
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        fprintf(out, " %s |", bench_programs[i].name);
    }
    fputs("\n|---:|", out);
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        fputs("---:|", out);
    }
    for (size_t k = 0; k < results->count_count; k++) {
        fprintf(out, "\n| %u |", results->counts[k]);
        for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
            fprintf(out, " %.3f |", results->ipc[i][k]);
        }
    }
    fputc('\n', out);
}

static void write_single(FILE *out, const struct bench_results *results)
{
    fputs("| program | cycles per instruction |\n|---|---:|\n", out);
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        fprintf(out, "| %s | %.2f |\n", bench_programs[i].name, bench_single_cpi(results, i));
    }
}

static const char *const slot_names[BENCH_SLOTS] = {"retired",    "no task READY", "own result",
                                                    "trap",       "memory access", "MUL DIV FP",
                                                    "tick, hold", "squash",        "other events"};

static void write_slots(FILE *out, const struct bench_results *results)
{
    fprintf(out,
            "In percent of all cycles, with %u tasks, by the core's own counters\n"
            "([integration.md](integration.md) says what each counts):\n\n| program |",
            results->slot_tasks);
    for (size_t i = 0; i < BENCH_SLOTS; i++) {
        fprintf(out, " %s |", slot_names[i]);
    }
    fputs("\n|---|", out);
    for (size_t i = 0; i < BENCH_SLOTS; i++) {
        fputs("---:|", out);
    }
    for (size_t program = 0; program < BENCH_PROGRAMS; program++) {
        fprintf(out, "\n| %s |", bench_programs[program].name);
        for (size_t i = 0; i < BENCH_SLOTS; i++) {
            fprintf(out, " %.1f |", fabs(results->slots[program][i]));
        }
    }
    fputc('\n', out);
}

static void write_switch(FILE *out, const struct bench_results *results)
{
    fprintf(out,
            "With %u READY tasks in the xorshift loop, each change of task costs %.3f cycles, and\n"
            "the longest interval between two turns of one task is %u cycles longer than the\n"
            "shortest.\n",
            results->switch_tasks, results->switch_cycles, results->switch_jitter);
}

static void write_ratios(FILE *out, const struct bench_results *results)
{
    fprintf(
        out,
        "Seconds depend on the machine, so only ratios stand here; the numbers of a run are\n"
        "in `bench.json`.\n"
        "\n"
        "What users run, by its processor time: `hsx run` takes %.2f times that of the C VM\n"
        "below it for as many instructions; `hsx cosim` with twelve tasks takes %.2f times and\n"
        "`hsx fuzz` %.2f times that of the Verilated core for as many cycles. Cost by part, in\n"
        "instructions of the host, is what `cmake --build --preset release --target bench-costs`\n"
        "prints where valgrind is installed.\n"
        "\n"
        "The Verilated core in lock-step with the C VM reaches %.2f of its speed without.\n"
        "The C VM, compared with one task without records:\n"
        "\n"
        "| kernel | with records | with others, eight tasks in rotation |\n"
        "|---|---:|---:|\n",
        results->command_costs[BENCH_RUN], results->command_costs[BENCH_COSIM],
        results->command_costs[BENCH_FUZZ], results->lockstep_hz / results->bare_hz);
    for (size_t i = 0; i < BENCH_KERNELS; i++) {
        fprintf(out, "| %s | %.2f | %.2f |\n", bench_programs[i].name,
                results->vm_ips[i].records / results->vm_ips[i].plain,
                results->vm_ips[i].round_robin_8 / results->vm_ips[i].plain);
    }
}

int bench_write_page(const char *path, const struct bench_results *results)
{
    struct hsx_output output;
    enum hsx_status status = hsx_output_open(&output, path);

    if (status == HSX_OK) {
        fputs(introduction, output.file);
        write_ipc(output.file, results);
        fputs("\n## One task alone\n\n", output.file);
        write_single(output.file, results);
        fputs("\n## Where issue slots go\n\n", output.file);
        write_slots(output.file, results);
        fputs("\n## Task switches\n\n", output.file);
        write_switch(output.file, results);
        fputs("\n## Speed of the simulations\n\n", output.file);
        write_ratios(output.file, results);
        status = hsx_output_commit(&output);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    return status == HSX_OK ? 0 : -1;
}

void bench_print(const struct bench_results *results)
{
    puts("Instructions per cycle of the core:\n");
    printf("%6s", "tasks");
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        printf("  %10s", bench_programs[i].name);
    }
    for (size_t k = 0; k < results->count_count; k++) {
        printf("\n%6u", results->counts[k]);
        for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
            printf("  %10.3f", results->ipc[i][k]);
        }
    }
    puts("\n\nCycles per instruction, one task alone:\n");
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        printf("%12s  %6.2f\n", bench_programs[i].name, bench_single_cpi(results, i));
    }
    printf("\nIssue slots, %u tasks, percent of cycles:\n\n%12s", results->slot_tasks, "");
    for (size_t k = 0; k < BENCH_SLOTS; k++) {
        printf("  %13s", slot_names[k]);
    }
    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        printf("\n%12s", bench_programs[i].name);
        for (size_t k = 0; k < BENCH_SLOTS; k++) {
            printf("  %13.1f", fabs(results->slots[i][k]));
        }
    }
    putchar('\n');
    printf("\nTask switch, %u READY tasks: %.3f cycles lost, jitter %u cycles\n",
           results->switch_tasks, results->switch_cycles, results->switch_jitter);
    printf(
        "\nProcessor time, in that of as many cycles of the C VM or the Verilated core alone:\n\n"
        "     hsx run  %6.2f\n   hsx cosim  %6.2f\n    hsx fuzz  %6.2f\n",
        results->command_costs[BENCH_RUN], results->command_costs[BENCH_COSIM],
        results->command_costs[BENCH_FUZZ]);
    printf("\nOf this run and machine, per second of CPU time:\n\n"
           "Verilated core: %.2f million cycles; in lock-step %.2f million, %.2f of it\n\n"
           "%12s  %8s  %8s  %14s\n",
           results->bare_hz / 1e6, results->lockstep_hz / 1e6,
           results->lockstep_hz / results->bare_hz, "VM, M instr.", "plain", "records",
           "round robin, 8");
    for (size_t i = 0; i < BENCH_KERNELS; i++) {
        printf("%12s  %8.0f  %8.0f  %14.0f\n", bench_programs[i].name,
               results->vm_ips[i].plain / 1e6, results->vm_ips[i].records / 1e6,
               results->vm_ips[i].round_robin_8 / 1e6);
    }
}
