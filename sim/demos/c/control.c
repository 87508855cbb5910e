// SPDX-License-Identifier: Apache-2.0
/* Keeps the water of plant.c at its temperature: a PI controller that must answer within a
 * deadline. If no sample comes in time it repeats its last answer and counts a missed deadline.
 * It logs to shared:log, a fan-out mailbox, which any number of logger.c tasks can read. Exit
 * status: the number of deadlines missed. */
#include "plant.h"
#include <hsx.h>

struct controller {
    int32_t sum;
    uint32_t heating;
};

static void control(struct controller *c, int32_t temperature)
{
    int32_t error = TARGET - temperature;
    int32_t wanted;

    c->sum += error;
    if (c->sum < 0) {
        c->sum = 0;
    }
    wanted = error * 2 + c->sum / 8;
    if (wanted > 1000 || wanted < 0) {
        c->sum -= error; /* anti-windup: the output is at its limit */
        wanted = wanted < 0 ? 0 : 1000;
    }
    c->heating = (uint32_t)wanted;
}

int main(void)
{
    struct controller controller = {0, 0};
    struct sample sample = {0, 0};
    struct entry entry = {0, 0, 0, 0};
    uint32_t samples, commands, log;

    if (hsx_mbox_bind(LOG, 128, HSX_MODE_READ | HSX_MODE_WRITE | HSX_MODE_FANOUT_DROP) !=
            HSX_MBOX_OK ||
        hsx_mbox_open(LOG, HSX_MODE_WRITE, &log) != HSX_MBOX_OK ||
        hsx_mbox_open(SAMPLES, HSX_MODE_READ, &samples) != HSX_MBOX_OK ||
        hsx_mbox_open(HEATING, HSX_MODE_WRITE, &commands) != HSX_MBOX_OK) {
        return 255;
    }
    for (;;) {
        struct hsx_message message;
        uint32_t status = hsx_mbox_recv(samples, &sample, sizeof sample, DEADLINE_MS, &message);

        if (status == HSX_MBOX_TIMEOUT) {
            entry.late++;
        } else if (status != HSX_MBOX_OK || sample.number == 0) {
            break;
        } else {
            control(&controller, sample.temperature);
        }
        hsx_mbox_send(commands, &controller.heating, sizeof controller.heating, 0, 0);
        entry.period++;
        entry.temperature = (int16_t)sample.temperature;
        entry.heating = (uint16_t)controller.heating;
        hsx_mbox_send(log, &entry, sizeof entry, 0, 0);
    }
    entry.period = 0;
    hsx_mbox_send(log, &entry, sizeof entry, 0, 0);
    return entry.late;
}
