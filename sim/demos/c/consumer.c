// SPDX-License-Identifier: Apache-2.0
/* Waits for ten numbered messages in the mailbox app:demo and prints each. Run it with
 * producer.c. Exit status: 0 if all came in order, else 1. */
#include <hsx.h>
#include <stdio.h>

enum { MESSAGES = 10 };

int main(void)
{
    uint32_t mailbox;

    /* creates the mailbox if it does not exist yet */
    if (hsx_mbox_open("app:demo", HSX_MODE_READ, &mailbox) != HSX_MBOX_OK) {
        return 1;
    }
    for (uint32_t wanted = 1; wanted <= MESSAGES; wanted++) {
        struct hsx_message message;
        uint32_t number = 0;

        if (hsx_mbox_recv(mailbox, &number, sizeof number, HSX_WAIT_FOREVER, &message) !=
                HSX_MBOX_OK ||
            message.length != sizeof number || number != wanted) {
            return 1;
        }
        printf("consumer: got message %u\n", (unsigned)number);
    }
    hsx_mbox_close(mailbox);
    return 0;
}
