// SPDX-License-Identifier: Apache-2.0
/* Prints every tenth entry that control.c sends to shared:log, and how often it was too slow and
 * lost some. Several can run at once: each gets all entries. */
#include "plant.h"
#include <hsx.h>
#include <stdio.h>

int main(void)
{
    struct entry entry;
    struct hsx_message message;
    unsigned lost = 0;
    uint32_t log;

    if (hsx_mbox_open(LOG, HSX_MODE_READ | HSX_MODE_FANOUT_DROP, &log) != HSX_MBOX_OK) {
        return 1;
    }
    while (hsx_mbox_recv(log, &entry, sizeof entry, HSX_WAIT_FOREVER, &message) == HSX_MBOX_OK &&
           entry.period != 0) {
        lost += (message.flags & HSX_FLAG_OVERRUN) != 0;
        if (entry.period % 10 == 0) {
            printf("period %2u: %2d.%02d degrees, heating %4u, late %u\n", entry.period,
                   entry.temperature / 16, entry.temperature % 16 * 100 / 16, entry.heating,
                   entry.late);
        }
    }
    printf("logger: lost %u times, deadlines missed %u\n", lost, entry.late);
    return 0;
}
