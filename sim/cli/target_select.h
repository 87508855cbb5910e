// SPDX-License-Identifier: Apache-2.0
/* Targets by name. */
#ifndef HSX_CLI_TARGET_SELECT_H
#define HSX_CLI_TARGET_SELECT_H

#include "device.h"

/* "vm", of which options gives the contexts alone, or "rtl". HSX_ERR_ARGUMENT: no such target, or
 * it cannot have that many contexts; *error, one line, says which. */
enum hsx_status hsx_target_select(const char *name, const struct device_options *options,
                                  struct hsx_target **target, const char **error);

#endif
