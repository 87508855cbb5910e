// SPDX-License-Identifier: Apache-2.0
/* Targets by name. */
#ifndef HSX_CLI_TARGET_SELECT_H
#define HSX_CLI_TARGET_SELECT_H

#include "device.h"

/* For --help. */
#define HSX_TARGET_NAMES "vm|rtl|serial:DEVICE"
#define HSX_TARGET_HELP                                                                            \
    "The C reference VM, the Verilated core, or a board on a serial line; "                        \
    "serial:DEVICE[,baud=N][,timeout=MS][,patience=MS]. Default: vm"

/* "vm", for which options gives only the contexts, "rtl" or "serial:...". A board is followed by
 * the C VM (<hsx/cosim.h>). HSX_ERR_ARGUMENT: no such target, or it cannot have that many contexts;
 * *error, one line, says which. */
enum hsx_status hsx_target_select(const char *name, const struct device_options *options,
                                  struct hsx_target **target, const char **error);

/* A board as the machine under test; text is the part after "serial:". */
enum hsx_status hsx_target_board(const char *text, const struct device_options *options,
                                 struct hsx_target **device, struct device_error *error);

/* The part after "serial:" in a target's name, or NULL. */
const char *hsx_target_board_name(const char *name);

/* Why a board made by hsx_target_select has failed permanently, or a device in lock-step other
 * than by a divergence: one line, valid until the next call; NULL: it has not. */
const char *hsx_target_trouble(const struct hsx_target *target);

#endif
