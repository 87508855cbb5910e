// SPDX-License-Identifier: Apache-2.0
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SVCs that a puppet can do; the one at index i is at 4 + 8 * i. */
static const uint16_t calls[] = {0x500, 0x501, 0x502, 0x503, 0x504, 0x505, 0x506, 0x507,
                                 0x000, 0x100, 0x101, 0x200, 0x402, 0x600, 0x999};

enum { CALLS = sizeof calls / sizeof calls[0] };

void puppets_open(struct fixture *fx, enum hsx_profile profile, unsigned contexts)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.profile = profile;
    config.tick_steps = 0;
    config.stack_bytes = 0x100;
    fx_open(fx, &config, contexts);
}

uint32_t puppet_load(struct fixture *fx)
{
    char source[1024] = ".text\n.entry\nBRK\n";
    uint32_t pid;

    for (size_t i = 0; i < CALLS; i++) {
        size_t used = strlen(source);

        snprintf(source + used, sizeof source - used, "SVC 0x%X\nBRK\n", (unsigned)calls[i]);
    }
    strcat(source, ".data\n.zero 0x600\n");
    pid = fx_load(fx, source);
    fx_run(fx, 1);
    cr_assert_eq(fx_state(fx, pid), HSX_PAUSED);
    return pid;
}

void puppets_drain(struct fixture *fx)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    size_t count;
    uint64_t ready = 0;

    cr_assert_eq(hsx_exec_tasks(fx->exec, tasks, HSX_MAX_CONTEXTS, &count), HSX_OK);
    for (size_t i = 0; i < count; i++) {
        ready += tasks[i].ctx.state == HSX_READY;
    }
    fx_run(fx, ready);
}

uint32_t puppet_call(struct fixture *fx, uint32_t pid, uint32_t svc, struct args args)
{
    struct hsx_context ctx = fx_task(fx, pid).ctx;
    uint32_t index = 0;

    while (calls[index] != svc) {
        index++;
        cr_assert_lt(index, (uint32_t)CALLS);
    }
    cr_assert_eq(ctx.state, HSX_PAUSED, "task %u is %s", (unsigned)pid,
                 hsx_state_name((enum hsx_state)ctx.state));
    ctx.pc = (uint16_t)(4 + 8 * index);
    cr_assert_eq(hsx_exec_write_context(fx->exec, pid, &ctx), HSX_OK);
    for (unsigned i = 0; i < 6; i++) {
        fx_set_reg(fx, pid, i, args.r[i]);
    }
    cr_assert_eq(hsx_exec_resume(fx->exec, pid), HSX_OK);
    fx_run(fx, 1);
    puppets_drain(fx);
    if (fx_state(fx, pid) == HSX_WAIT_MBX || fx_state(fx, pid) == HSX_SLEEP) {
        return BLOCKED;
    }
    return fx_reg(fx, pid, 0);
}

void puppets_wait(struct fixture *fx)
{
    fx_run(fx, 1);
    puppets_drain(fx);
}

uint32_t puppet_text(struct fixture *fx, uint32_t pid, const char *text)
{
    cr_assert_eq(hsx_exec_poke(fx->exec, fx_task(fx, pid).ctx.data_base, text, strlen(text) + 1),
                 HSX_OK);
    return PUPPET_DATA;
}

uint32_t p_open(struct fixture *fx, uint32_t pid, const char *name, uint32_t mode)
{
    uint32_t at = puppet_text(fx, pid, name);

    return puppet_call(fx, pid, OPEN, (struct args){{0, at, mode}});
}

uint32_t p_bind(struct fixture *fx, uint32_t pid, const char *name, uint32_t capacity,
                uint32_t mode)
{
    uint32_t at = puppet_text(fx, pid, name);

    return puppet_call(fx, pid, BIND, (struct args){{0, at, capacity, mode}});
}

uint32_t p_send(struct fixture *fx, uint32_t pid, uint32_t handle, const char *text)
{
    uint32_t at = puppet_text(fx, pid, text);

    return puppet_call(fx, pid, SEND, (struct args){{0, handle, at, (uint32_t)strlen(text)}});
}

uint32_t p_recv(struct fixture *fx, uint32_t pid, uint32_t handle, uint32_t timeout)
{
    return puppet_call(fx, pid, RECV,
                       (struct args){{0, handle, PUPPET_DATA + PUPPET_BUFFER, 0x400, timeout, 0}});
}

uint32_t p_close(struct fixture *fx, uint32_t pid, uint32_t handle)
{
    return puppet_call(fx, pid, CLOSE, (struct args){{0, handle}});
}

uint32_t p_tap(struct fixture *fx, uint32_t pid, uint32_t handle, uint32_t on)
{
    return puppet_call(fx, pid, TAP, (struct args){{0, handle, on}});
}

uint32_t p_handle(struct fixture *fx, uint32_t pid, const char *name, uint32_t mode)
{
    cr_assert_eq(p_open(fx, pid, name, mode), OK, "open %s", name);
    return fx_reg(fx, pid, 1);
}

void p_expect_text(struct fixture *fx, uint32_t pid, const char *text, uint32_t flags)
{
    char got[0x401] = "";
    uint32_t len = fx_reg(fx, pid, 1);

    cr_assert_eq(fx_reg(fx, pid, 0), OK, "RECV gave status %u", (unsigned)fx_reg(fx, pid, 0));
    cr_assert_leq(len, 0x400u);
    fx_read(fx, fx_task(fx, pid).ctx.data_base + PUPPET_BUFFER, got, len);
    cr_assert_str_eq(got, text);
    cr_assert_eq(fx_reg(fx, pid, 2), flags, "flags %u, expected %u", (unsigned)fx_reg(fx, pid, 2),
                 (unsigned)flags);
}
