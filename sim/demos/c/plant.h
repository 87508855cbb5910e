// SPDX-License-Identifier: Apache-2.0
/* Shared by plant.c, control.c and logger.c. Temperatures are in 1/16 of a degree. */
#ifndef PLANT_H
#define PLANT_H

#include <stdint.h>

#define SAMPLES "app:samples" /* plant to control: struct sample */
#define HEATING "app:heating" /* control to plant: uint32_t, 0 to 1000 */
#define LOG     "shared:log"  /* control to loggers, fan-out: struct entry */

enum { PERIODS = 60, PERIOD_MS = 4, DEADLINE_MS = 6, TARGET = 60 * 16 };

struct sample {
    uint32_t number; /* from 1; 0: the plant has ended */
    int32_t temperature;
};

struct entry {
    uint16_t period; /* 0: the last entry */
    int16_t temperature;
    uint16_t heating;
    uint16_t late; /* deadlines missed so far */
};

#endif
