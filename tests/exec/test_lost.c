// SPDX-License-Identifier: Apache-2.0
/* A machine that can no longer be reached, like a board with its cable pulled. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct hsx_target_ops *whole; /* the original operations of the machine */
static unsigned reads_left;                /* that still succeed */

static enum hsx_status read_data(struct hsx_target *t, uint32_t addr, void *bytes, size_t len)
{
    if (reads_left == 0) {
        return HSX_ERR_IO;
    }
    reads_left--;
    return whole->read_data(t, addr, bytes, len);
}

/* Writes "hi!" with uart_write, "ho!" with fs_write, and "can" to the bus. */
static const char *const talker =
    ".text\n.entry\n"
    "LDI32 R1, t\nLDI R2, 3\nSVC 0x101\n"
    "LDI R1, 1\nLDI32 R2, u\nLDI R3, 3\nSVC 0x402\n"
    "LDI R1, 5\nLDI32 R2, v\nLDI R3, 3\nSVC 0x200\nRET\n"
    ".data\nt: .ascii \"hi!\"\nu: .ascii \"ho!\"\nv: .ascii \"can\"\n";

Test(lost, the_host_hears_nothing_that_was_not_read)
{
    unsigned refused = 0;
    bool done = false;

    for (unsigned reads = 0; !done; reads++) {
        struct hsx_exec_config config;
        struct hsx_exec_run run = {.max_steps = 1000};
        struct hsx_target_ops ops;
        struct fixture fx;

        hsx_exec_config_init(&config);
        config.stdio = true;
        fx_open(&fx, &config, 4);
        fx_load(&fx, talker);
        whole = fx.target->ops;
        ops = *whole;
        ops.read_data = read_data;
        fx.target->ops = &ops;
        reads_left = reads;
        done = hsx_exec_run(fx.exec, &run) == HSX_OK;
        refused += !done;
        cr_assert(strcmp(fx.said, "") == 0 || strcmp(fx.said, "hi!") == 0 ||
                      strcmp(fx.said, "hi!ho!") == 0,
                  "with %u reads", reads);
        cr_assert(fx.can_count == 0 || memcmp(fx.can_bytes, "can", 3) == 0, "with %u reads", reads);
        cr_assert(!done || (strcmp(fx.said, "hi!ho!") == 0 && fx.can_count == 1));
        fx.target->ops = whole;
        fx_close(&fx);
    }
    cr_assert_geq(refused, 6); /* registers and bytes of each call */
}
