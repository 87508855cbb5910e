// SPDX-License-Identifier: Apache-2.0
/* Calls of the executive, with mostly valid arguments (section 6). */
#include "generate.h"
#include <hsx/machine.h>
#include <hsx/svc.h>

static void emit_small(struct generator *g, unsigned reg, uint32_t value)
{
    emit_op(g, HSX_OP_LDI, reg, 0, 0, value);
}

static void emit_trap(struct generator *g, uint32_t number)
{
    emit_op(g, HSX_OP_SVC, 0, 0, 0, number);
}

/* A buffer: mostly the task's data, else any interesting address, including windows. */
static void emit_buffer(struct generator *g, unsigned reg)
{
    bool plain = g->data_len > NAMES_SIZE && !rng_one_in(&g->rng, 3);

    emit_ldi32(g, reg,
               plain ? HSX_DATA_LINK + NAMES_SIZE + rng_below(&g->rng, g->data_len - NAMES_SIZE)
                     : edge_address(g));
}

static void emit_name(struct generator *g)
{
    emit_ldi32(g, 1,
               rng_one_in(&g->rng, 12) ? edge_address(g)
                                       : HSX_DATA_LINK + NAME_SIZE * rng_below(&g->rng, NAMES));
}

/* Handles count up from 4 after a load, see section 7. */
static void emit_handle(struct generator *g)
{
    emit_small(g, 1, rng_below(&g->rng, rng_one_in(&g->rng, 8) ? 16 : 3) + 3);
}

static void emit_receive(struct generator *g)
{
    emit_handle(g);
    emit_buffer(g, 2);
    emit_small(g, 3, rng_below(&g->rng, 24));
    if (rng_one_in(&g->rng, 24)) {
        emit_ldi32(g, 4, HSX_WAIT_FOREVER);
    } else {
        emit_small(g, 4, rng_below(&g->rng, 4));
    }
    if (rng_one_in(&g->rng, 3)) {
        emit_buffer(g, 5);
    } else {
        emit_small(g, 5, 0);
    }
    emit_trap(g, HSX_SVC_MBOX_RECV);
}

static void emit_send(struct generator *g)
{
    emit_handle(g);
    emit_buffer(g, 2);
    emit_small(g, 3, rng_below(&g->rng, 24));
    emit_small(g, 4, rng_below(&g->rng, 16));
    emit_small(g, 5, rng_below(&g->rng, 100));
    emit_trap(g, HSX_SVC_MBOX_SEND);
}

static void emit_open(struct generator *g)
{
    static const uint32_t modes[] = {3, 3, 3, 1, 2, 8, 0x13, 0x23};

    emit_name(g);
    if (rng_one_in(&g->rng, 2)) {
        emit_small(g, 2, 3);
        emit_trap(g, HSX_SVC_MBOX_OPEN);
        return;
    }
    emit_small(g, 2, rng_below(&g->rng, 80));
    emit_small(g, 3, rng_pick(&g->rng, modes, sizeof modes / sizeof modes[0]));
    emit_trap(g, HSX_SVC_MBOX_BIND);
}

static void emit_other_mailbox_call(struct generator *g)
{
    static const uint32_t calls[] = {HSX_SVC_MBOX_PEEK, HSX_SVC_MBOX_PEEK,  HSX_SVC_MBOX_PEEK,
                                     HSX_SVC_MBOX_TAP,  HSX_SVC_MBOX_CLOSE, HSX_SVC_MBOX_CLOSE + 1};

    emit_handle(g);
    emit_small(g, 2, rng_below(&g->rng, 2));
    emit_trap(g, rng_pick(&g->rng, calls, sizeof calls / sizeof calls[0]));
}

void emit_svc(struct generator *g)
{
    switch (rng_below(&g->rng, 16)) {
    case 0:
    case 1:
        emit_small(g, 0, rng_below(&g->rng, 4));
        emit_trap(g, HSX_SVC_SLEEP_MS);
        break;
    case 2:
        emit_buffer(g, 1);
        emit_small(g, 2, rng_below(&g->rng, 12));
        emit_trap(g, HSX_SVC_UART_WRITE);
        break;
    case 3:
        emit_trap(g, HSX_SVC_STEPS);
        break;
    case 4:
    case 5:
        emit_open(g);
        break;
    case 6:
    case 7:
    case 8:
        emit_send(g);
        break;
    case 9:
    case 10:
    case 11:
        emit_receive(g);
        break;
    case 12:
        emit_other_mailbox_call(g);
        break;
    case 13:
        emit_small(g, 1, rng_below(&g->rng, 4));
        emit_buffer(g, 2);
        emit_small(g, 3, rng_below(&g->rng, 10));
        emit_trap(g, rng_one_in(&g->rng, 2) ? HSX_SVC_FS_WRITE : HSX_SVC_CAN_TX);
        break;
    default: {
        uint32_t number = (uint32_t)rng_next(&g->rng) & 0xFFF;

        emit_trap(g, number == HSX_SVC_EXIT ? 0x102 : number); /* exit is generated separately */
        break;
    }
    }
}
