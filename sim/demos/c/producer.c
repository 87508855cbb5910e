// SPDX-License-Identifier: Apache-2.0
/* Sends ten numbered messages through the mailbox app:demo, which consumer.c reads. Run both:
 * hsx run producer.hxe consumer.hxe
 * Exit status: 0 if all were sent, 1 if a call failed or the mailbox stayed full. */
#include <hsx.h>
#include <stdio.h>

enum { MESSAGES = 10, TRIES = 1000 };

/* Retries every millisecond while the mailbox is full. */
static uint32_t send(uint32_t mailbox, uint32_t number)
{
    uint32_t status = HSX_MBOX_WOULDBLOCK;

    for (int i = 0; i < TRIES && status == HSX_MBOX_WOULDBLOCK; i++) {
        status = hsx_mbox_send(mailbox, &number, sizeof number, 0, 0);
        if (status == HSX_MBOX_WOULDBLOCK) {
            hsx_sleep_ms(1);
        }
    }
    return status;
}

int main(void)
{
    uint32_t mailbox;

    /* room for five messages of 4 + 8 bytes */
    if (hsx_mbox_bind("app:demo", 64, HSX_MODE_READ | HSX_MODE_WRITE) != HSX_MBOX_OK ||
        hsx_mbox_open("app:demo", HSX_MODE_WRITE, &mailbox) != HSX_MBOX_OK) {
        return 1;
    }
    for (uint32_t number = 1; number <= MESSAGES; number++) {
        printf("producer: sending message %u\n", (unsigned)number);
        if (send(mailbox, number) != HSX_MBOX_OK) {
            return 1;
        }
    }
    hsx_mbox_close(mailbox);
    return 0;
}
