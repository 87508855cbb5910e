// SPDX-License-Identifier: Apache-2.0
/* The host as a user of mailboxes. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <string.h>

static struct fixture fx;
static uint32_t a;
static enum hsx_mbox_status result;

static void open_one(void)
{
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 8);
    a = puppet_load(&fx);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(host, .init = open_one, .fini = close_all);

static uint16_t host_open(const char *name)
{
    uint16_t handle = 0;

    cr_assert_eq(hsx_exec_host_open(fx.exec, name, 3, &handle, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK, "%s", name);
    return handle;
}

static void host_send(uint16_t handle, const char *text)
{
    const struct hsx_mbox_message message = {(uint16_t)strlen(text), 1, 2, 0};

    cr_assert_eq(hsx_exec_host_send(fx.exec, handle, &message, text, &result), HSX_OK);
}

static void host_expect(uint16_t handle, const char *text, uint16_t sender)
{
    struct hsx_mbox_message message;
    char got[64] = "";

    cr_assert_eq(hsx_exec_host_recv(fx.exec, handle, &message, got, sizeof got, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    cr_assert_str_eq(got, text);
    cr_assert_eq(message.sender, sender);
}

Test(host, sends_to_a_task_and_wakes_it)
{
    uint16_t in = host_open("svc:stdio.in@1");

    cr_assert_eq(p_recv(&fx, a, 1, FOREVER), BLOCKED);
    host_send(in, "typed");
    puppets_drain(&fx);
    p_expect_text(&fx, a, "typed", 1);
    cr_assert_eq(fx_reg(&fx, a, 4), 0, "the host's task id is 0");
    host_send(99, "x");
    cr_assert_eq(result, HSX_MBOX_INVALID_HANDLE);
}

Test(host, receives_and_taps_what_tasks_say)
{
    uint16_t out = host_open("svc:stdio.out@1");
    uint16_t spy = host_open("svc:stdio.out@1");
    struct hsx_exec_stats before, after;
    struct hsx_mbox_message message;
    char byte;

    cr_assert_eq(hsx_exec_host_tap(fx.exec, spy, true, &result), HSX_OK);
    cr_assert_eq(p_send(&fx, a, 2, "said"), OK);
    host_expect(out, "said", (uint16_t)a);
    host_expect(spy, "said", (uint16_t)a);
    cr_assert_eq(hsx_exec_stats(fx.exec, &before), HSX_OK);
    cr_assert_eq(hsx_exec_host_recv(fx.exec, spy, &message, &byte, 1, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_NO_DATA);
    cr_assert_eq(hsx_exec_stats(fx.exec, &after), HSX_OK);
    cr_assert_eq(after.order, before.order, "finding nothing is no event");
    cr_assert_eq(hsx_exec_host_close(fx.exec, spy, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_recv(fx.exec, spy, &message, &byte, 1, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_INVALID_HANDLE);
}

Test(host, owns_nothing)
{
    uint16_t handle;
    uint32_t id;

    cr_assert_eq(hsx_exec_host_open(fx.exec, "svc:x", 3, &handle, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_INTERNAL_ERROR);
    cr_assert_eq(hsx_exec_host_open(fx.exec, "pid:", 3, &handle, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_INTERNAL_ERROR);
    cr_assert_eq(hsx_exec_host_bind(fx.exec, "app:x", 100, 3, &id, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
}

Test(host, closing_the_handle_a_task_waits_on_wakes_it)
{
    cr_assert_eq(p_recv(&fx, a, 1, 1000), BLOCKED);
    cr_assert_eq(hsx_exec_close_handle(fx.exec, a, 2, &result), HSX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_WAIT_MBX, "another handle");
    cr_assert_eq(hsx_exec_close_handle(fx.exec, a, 1, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
    cr_assert_eq(fx_reg(&fx, a, 0), INVALID_HANDLE);
    cr_assert_eq(fx_reg(&fx, a, 1), 1, "nothing but R0 is written");
    cr_assert_not(fx_task(&fx, a).has_deadline);
    puppets_drain(&fx);
    cr_assert_eq(p_recv(&fx, a, 1, 0), INVALID_HANDLE);
    cr_assert_eq(hsx_exec_close_handle(fx.exec, 77, 1, &result), HSX_ERR_ARGUMENT);
}

Test(host, removes_a_global_mailbox_whoever_uses_it)
{
    uint32_t id, owned;

    cr_assert_eq(p_bind(&fx, a, "app:x", 0, 3), OK);
    id = fx_reg(&fx, a, 1);
    cr_assert_eq(p_bind(&fx, a, "app:x@1", 0, 3), OK);
    owned = fx_reg(&fx, a, 1);
    cr_assert_eq(p_recv(&fx, a, p_handle(&fx, a, "app:x", 3), FOREVER), BLOCKED);
    cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, owned), HSX_ERR_STATE);
    cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, id), HSX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
    cr_assert_eq(fx_reg(&fx, a, 0), INVALID_HANDLE);
    cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, id), HSX_ERR_ARGUMENT);
}
