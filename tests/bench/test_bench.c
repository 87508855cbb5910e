// SPDX-License-Identifier: Apache-2.0
/* hsx-bench in a few short runs: its output has the form that readers of bench.json rely on.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(const char *arguments)
{
    char command[1000];
    int status;

    snprintf(command, sizeof command, "%s %s >/dev/null 2>&1", HSX_BENCH_PROGRAM, arguments);
    status = system(command);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static char *read_text(const char *directory, const char *name)
{
    char path[200];
    char *text = NULL;
    size_t room = 0;
    FILE *in;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    in = fopen(path, "r");
    cr_assert_not_null(in, "%s", path);
    cr_assert_gt(getdelim(&text, &room, '\0', in), 0);
    fclose(in);
    unlink(path);
    return text;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    cr_assert(json_is_number(value), "no number '%s'", key);
    return json_number_value(value);
}

static void expect_ipc(const json_t *all)
{
    const json_t *cpi = json_object_get(all, "single_task_cpi");
    json_t *ipc = json_object_get(all, "ipc");
    const char *program;
    json_t *values;

    cr_expect_eq(json_object_size(ipc), json_object_size(cpi));
    json_object_foreach(ipc, program, values)
    {
        double alone = number(values, "1");
        double many = number(values, "64");

        cr_expect(alone > 0.05 && alone < 0.6, "%s alone: %f", program, alone);
        cr_expect(many > alone && many <= 1, "%s in 64 tasks: %f", program, many);
        cr_expect_float_eq(number(cpi, program) * alone, 1, 1e-3, "%s", program);
    }
}

static void expect_speeds(const json_t *all)
{
    static const char *const kernels[] = {"xorshift", "sieve", "crc32"};
    static const char *const kinds[] = {"plain", "records", "round_robin_8"};
    const json_t *verilated = json_object_get(all, "verilated_hz");
    const json_t *costs = json_object_get(all, "command_costs");

    cr_expect_gt(number(verilated, "bare"), 0);
    cr_expect_gt(number(verilated, "lockstep"), 0);
    /* The rest is the C VM, the executive, and their accesses to the core: slow accesses through
     * the host port would exceed the limits. */
    cr_expect_gt(number(costs, "run"), 0.5);
    cr_expect_leq(number(costs, "run"), 3);
    cr_expect_leq(number(costs, "cosim"), 2.5);
    cr_expect_leq(number(costs, "fuzz"), 3);
    for (int i = 0; i < 3; i++) {
        const json_t *kernel = json_object_get(json_object_get(all, "vm_ips"), kernels[i]);

        for (int k = 0; k < 3; k++) {
            cr_expect_gt(number(kernel, kinds[k]), 0, "%s %s", kernels[i], kinds[k]);
        }
    }
}

Test(bench, short_run_writes_results_page_and_plot)
{
    char directory[] = "/tmp/hsx-bench-XXXXXX";
    char arguments[300];
    char *text;
    json_t *all;

    cr_assert_not_null(mkdtemp(directory));
    snprintf(arguments, sizeof arguments, "--quick --json %s/a.json --page %s/a.md --plot %s/a.svg",
             directory, directory, directory);
    cr_assert_eq(run(arguments), 0);

    text = read_text(directory, "a.json");
    all = json_loads(text, 0, NULL);
    cr_assert_not_null(all, "%s", text);
    expect_ipc(all);
    expect_speeds(all);
    /* A change of task costs nothing; one lost cycle each would show as 1. */
    cr_expect_lt(number(all, "switch_cycles"), 0.001);
    json_decref(all);
    free(text);

    text = read_text(directory, "a.md");
    cr_expect_not_null(strstr(text, "| 64 |"));
    /* No jitter: the turns of a task have equal intervals. */
    cr_expect_not_null(strstr(text, "is 0 cycles longer than the"), "%s", text);
    free(text);
    text = read_text(directory, "a.svg");
    cr_expect_not_null(strstr(text, "xorshift"));
    cr_expect_not_null(strstr(text, "</svg>"));
    free(text);
    rmdir(directory);
}

Test(bench, refuses_what_it_does_not_know)
{
    cr_expect_eq(run("--no-such-option"), 2);
    cr_expect_eq(run("--quick extra"), 2);
    cr_expect_eq(run("--quick --json /no/such/directory/a.json"), 1);
}
