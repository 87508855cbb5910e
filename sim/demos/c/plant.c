// SPDX-License-Identifier: Apache-2.0
/* A model of a water tank for control.c: each period it sends its temperature and receives the
 * heating power. Every twentieth sample is too late for the controller's deadline. Exit status: 0
 * if the water ends within a degree of the target. */
#include "plant.h"
#include <hsx.h>

enum { ROOM = 20 * 16, LATE_EACH = 20 };

int main(void)
{
    uint32_t samples, commands;
    uint32_t heating = 0;
    int32_t energy = ROOM * 256;
    struct sample sample = {0, 0};

    if (hsx_mbox_bind(SAMPLES, 64, HSX_MODE_READ | HSX_MODE_WRITE) != HSX_MBOX_OK ||
        hsx_mbox_open(SAMPLES, HSX_MODE_WRITE, &samples) != HSX_MBOX_OK ||
        hsx_mbox_open(HEATING, HSX_MODE_READ, &commands) != HSX_MBOX_OK) {
        return 2;
    }
    for (uint32_t number = 1; number <= PERIODS; number++) {
        struct hsx_message message;

        hsx_sleep_ms(number % LATE_EACH == 0 ? PERIOD_MS + DEADLINE_MS : PERIOD_MS);
        while (hsx_mbox_recv(commands, &heating, sizeof heating, HSX_WAIT_POLL, &message) ==
               HSX_MBOX_OK) {
        }
        energy += (int32_t)heating * 32 - (energy - ROOM * 256) / 16;
        sample = (struct sample){number, energy / 256};
        hsx_mbox_send(samples, &sample, sizeof sample, 0, 0);
    }
    sample.number = 0;
    hsx_mbox_send(samples, &sample, sizeof sample, 0, 0);
    return sample.temperature < TARGET - 16 || sample.temperature > TARGET + 16;
}
