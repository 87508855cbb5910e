// SPDX-License-Identifier: Apache-2.0
/* hsx trace check on the trace of a core whose host is not the executive. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <hsx/host_map.h>
#include <stdbool.h>
#include <stdio.h>

TestSuite(trace_host, .init = cli_enter, .fini = cli_leave);

static void write_host(FILE *out, const char *op, unsigned address, unsigned value)
{
    fprintf(out, "{\"event\":\"host\",\"op\":\"%s\",\"address\":%u,\"select\":15,\"value\":%u}\n",
            op, address, value);
}

static void write_retired(FILE *out, unsigned seq, unsigned slot, unsigned pc)
{
    fprintf(out, "{\"seq\":%u,\"event\":\"retire\",\"pid\":%u,\"slot\":%u,\"pc\":%u}\n", seq,
            slot + 1, slot, pc);
}

/* A host other than the executive: two tasks of ADD, of which slot 0 has turns of two instructions;
 * slot 1 is taken out of the queue and put back, and a turn is begun in its middle. */
static void write_hosted(const char *path, bool pops, unsigned turn)
{
    FILE *out = fopen(path, "w");

    cr_assert_not_null(out);
    fputs(
        "{\"format\":\"hsx.trace/1\",\"target\":\"board\",\"host\":\"recorded\",\"contexts\":4}\n",
        out);
    for (unsigned i = 0; i < 8; i++) {
        write_host(out, "write", HSX_HOST_CODE + 4 * i, 0x10312000);
    }
    for (unsigned slot = 0; slot < 2; slot++) {
        unsigned context = HSX_HOST_CONTEXT + HSX_HOST_CONTEXT_SIZE * slot;

        write_host(out, "write", context + 4 * HSX_CONTEXT_SP, 0xFFFC - 256 * slot);
        write_host(out, "write", context + 4 * HSX_CONTEXT_REG_BASE, 0x1000 + 64 * slot);
        write_host(out, "write", context + 4 * HSX_CONTEXT_STACK_LIMIT, 0xFF00 - 256 * slot);
        write_host(out, "write", context + 4 * HSX_CONTEXT_STACK_TOP, 0xFFFC - 256 * slot);
        write_host(out, "write", context + 4 * HSX_CONTEXT_CODE_LEN, 32);
        write_host(out, "write", context + 4 * HSX_CONTEXT_SLICE, 2 - slot);
        write_host(out, "write", context + 4 * HSX_CONTEXT_PUSH, 1);
    }
    write_retired(out, 0, 0, 0);
    write_retired(out, 1, 0, 4);
    if (pops) {
        write_host(out, "read", HSX_HOST_QUEUE_POP, 1);
    }
    write_retired(out, 2, 0, 8);
    write_host(out, "write", HSX_HOST_CONTEXT + HSX_HOST_CONTEXT_SIZE + 4 * HSX_CONTEXT_PUSH, 1);
    write_host(out, "write", HSX_HOST_TURN, turn);
    write_retired(out, 3, 0, 12);
    write_retired(out, 4, 1, 0);
    write_host(out, "write", HSX_HOST_COUNT_EVENT, 3);
    write_retired(out, 8, 0, 16);
    fclose(out);
}

Test(trace_host, what_a_foreign_host_does_to_the_queue_is_repeated)
{
    write_hosted("host.jsonl", true, 0x101);
    cr_assert_eq(hsx("trace check host.jsonl"), 0, "%s", text_of("out"));
    expect_in("out", "6 events agree with the C model");
    write_hosted("host.jsonl", false, 0x101);
    cr_expect_eq(hsx("trace check host.jsonl"), 10, "slot 1 is still in the queue");
    write_hosted("host.jsonl", true, 0);
    cr_expect_eq(hsx("trace check host.jsonl"), 10, "slot 0 has a turn of two instructions");
}
