// SPDX-License-Identifier: Apache-2.0
#include "results.h"
#include "files.h"
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

double bench_single_cpi(const struct bench_results *results, size_t program)
{
    return 1 / results->ipc[program][0];
}

static json_t *ipc_json(const struct bench_results *results, size_t program)
{
    json_t *object = json_object();
    char tasks[16];

    for (size_t i = 0; i < results->count_count; i++) {
        snprintf(tasks, sizeof tasks, "%u", results->counts[i]);
        json_object_set_new(object, tasks, json_real(results->ipc[program][i]));
    }
    return object;
}

int bench_write_json(const char *path, const struct bench_results *results)
{
    json_t *ipc = json_object();
    json_t *cpi = json_object();
    json_t *vm = json_object();
    json_t *all;
    char *text;
    enum hsx_status status = HSX_ERR_MEMORY;

    for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
        const char *name = bench_programs[i].name;

        json_object_set_new(ipc, name, ipc_json(results, i));
        json_object_set_new(cpi, name, json_real(bench_single_cpi(results, i)));
    }
    for (size_t i = 0; i < BENCH_KERNELS; i++) {
        json_object_set_new(vm, bench_programs[i].name,
                            json_pack("{s:f, s:f, s:f}", "plain", results->vm_ips[i].plain,
                                      "records", results->vm_ips[i].records, "round_robin_8",
                                      results->vm_ips[i].round_robin_8));
    }
    all = json_pack("{s:o, s:o, s:f, s:{s:f, s:f}, s:{s:f, s:f, s:f}, s:o}", "ipc", ipc,
                    "single_task_cpi", cpi, "switch_cycles", results->switch_cycles, "verilated_hz",
                    "bare", results->bare_hz, "lockstep", results->lockstep_hz, "command_costs",
                    "run", results->command_costs[BENCH_RUN], "cosim",
                    results->command_costs[BENCH_COSIM], "fuzz", results->command_costs[BENCH_FUZZ],
                    "vm_ips", vm);
    text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(all);
    if (text) {
        status = hsx_write_file(path, text, strlen(text));
        free(text);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    return status == HSX_OK ? 0 : -1;
}
