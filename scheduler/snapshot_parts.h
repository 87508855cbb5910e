// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the snapshot. */
#ifndef HSX_SNAPSHOT_PARTS_H
#define HSX_SNAPSHOT_PARTS_H

#include "internal.h"
#include "snap_codec.h"

/* What a machine holds, apart from the executive. */
struct snap_machine {
    uint8_t code[HSX_CODE_SIZE]; /* words, little-endian */
    uint8_t data[HSX_DATA_SIZE];
    struct hsx_context contexts[HSX_MAX_CONTEXTS]; /* all zero in FREE slots */
    uint8_t queue[HSX_MAX_CONTEXTS];
    size_t queue_count;
    uint8_t turn_left;
    struct hsx_totals totals; /* without cycles */
    uint32_t tick_steps;
    bool alarm_armed;
    uint32_t alarm;
};

/* ---- snap_machine.c */

enum hsx_status snap_read_machine(struct hsx_target *target, struct snap_machine *machine);
enum hsx_status snap_write_machine(struct hsx_target *target, const struct snap_machine *machine);
void snap_code_machine(struct codec *c, struct snap_machine *machine, unsigned contexts);

/* ---- snap_mail.c: loading, m is as mbox_create makes it */

void snap_code_mail(struct codec *c, struct mbox *m);

/* ---- snap_check.c */

/* Checks that what was loaded is a state that the machine and the executive can be in; if
 * not, c has failed. */
void snap_check(struct codec *c, const struct hsx_exec *e, const struct snap_machine *machine);

#endif
