// SPDX-License-Identifier: Apache-2.0
#include "uart.h"

bool uart_sender_busy(const struct uart_sender *s)
{
    return s->frame > 1 || s->begun < s->count;
}

bool uart_sender_level(struct uart_sender *s)
{
    bool bit;

    if (s->frame <= 1) {
        if (s->begun == s->count) {
            return true;
        }
        s->frame = 1u << 10 | 1u << 9 | s->bytes[s->begun++] * 2u;
        s->clocks = 0;
    }
    bit = s->frame & 1;
    if (++s->clocks == s->divider) {
        s->frame >>= 1;
        s->clocks = 0;
    }
    return bit;
}

bool uart_receiver_busy(const struct uart_receiver *r)
{
    return r->bits != 0;
}

bool uart_receiver_level(struct uart_receiver *r, bool bit, uint8_t *byte)
{
    if (r->bits == 0) {
        if (!bit) {
            r->bits = 10;
            r->clocks = r->divider / 2;
            r->byte = 0;
        }
        return false;
    }
    if (--r->clocks != 0) {
        return false;
    }
    r->clocks = r->divider;
    r->bits--;
    if (r->bits != 0) {
        if (r->bits < 9) {
            r->byte = r->byte >> 1 | (bit ? 0x80u : 0u);
        }
        return false;
    }
    *byte = (uint8_t)r->byte;
    return bit;
}
