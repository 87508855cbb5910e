// SPDX-License-Identifier: Apache-2.0
#include "design.h"
#include "Vhsx_soc.h"
#include <new>
#include <verilated.h>

struct design {
    VerilatedContext context;
    Vhsx_soc top{&context};
};

design *design_create(void)
{
    // The model allocates with a new that throws, and its callers are in C.
    try {
        return new design;
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

void design_destroy(design *d)
{
    delete d;
}

void design_clock(design *d, bool rst, bool uart_rx)
{
    d->top.rst = rst;
    d->top.uart_rx = uart_rx;
    d->top.clk = 0;
    d->top.clk_read = 1;
    d->top.eval();
    d->top.clk = 1;
    d->top.clk_read = 0;
    d->top.eval();
}

bool design_uart_tx(const design *d)
{
    return d->top.uart_tx;
}

unsigned design_leds(const design *d)
{
    return d->top.leds;
}
