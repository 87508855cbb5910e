// SPDX-License-Identifier: Apache-2.0
#include "target_select.h"
#include <hsx/target_vm.h>
#include <string.h>

static enum hsx_status select_rtl(const struct device_options *options, struct hsx_target **target,
                                  const char **error)
{
    static struct device_error why; /* outlives the call */
    enum hsx_status status = device_create(options, target, &why);

    *error = why.text;
    return status;
}

enum hsx_status hsx_target_select(const char *name, const struct device_options *options,
                                  struct hsx_target **target, const char **error)
{
    enum hsx_status status;

    if (strcmp(name, "rtl") == 0) {
        return select_rtl(options, target, error);
    }
    *error = "no such target, expected vm or rtl";
    if (strcmp(name, "vm") != 0) {
        return HSX_ERR_ARGUMENT;
    }
    status = hsx_target_vm_create(options->contexts, target);
    *error = hsx_status_name(status);
    return status;
}
