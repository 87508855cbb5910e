// SPDX-License-Identifier: Apache-2.0
#include "target_select.h"
#include <hsx/cosim.h>
#include <hsx/serial.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <string.h>

enum { USUAL_CONTEXTS = 16 /* a board may have fewer */ };

static enum hsx_status select_rtl(const struct device_options *options, struct hsx_target **target,
                                  const char **error)
{
    static struct device_error why; /* outlives the call */
    enum hsx_status status = device_create(options, target, &why);

    *error = why.text;
    return status;
}

const char *hsx_target_board_name(const char *name)
{
    static const char prefix[] = "serial:";

    return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : NULL;
}

enum hsx_status hsx_target_board(const char *text, const struct device_options *options,
                                 struct hsx_target **device, struct device_error *error)
{
    static char line[256]; /* must outlive the link, see hsx_serial_open */
    struct hsx_serial_options serial;
    struct hsx_rtl_link *link = NULL;
    unsigned contexts = options->contexts > USUAL_CONTEXTS ? options->contexts : 0;
    enum hsx_status status;

    if (!hsx_serial_parse(text, &serial, error->text, sizeof error->text)) {
        return HSX_ERR_ARGUMENT;
    }
    status = hsx_serial_open(&serial, &link, line, sizeof line);
    if (status == HSX_OK) {
        status = device_start(link, contexts, 0, device, error);
    }
    if (status != HSX_OK && line[0] != '\0') {
        snprintf(error->text, sizeof error->text, "%s", line);
    }
    return status;
}

static enum hsx_status select_board(const char *text, const struct device_options *options,
                                    struct hsx_target **target, const char **error)
{
    static struct device_error why; /* outlives the call */
    const struct hsx_cosim_options follow = {.follow = true,
                                             .device_message = hsx_target_rtl_message};
    struct hsx_target *device = NULL;
    struct hsx_target *golden = NULL;
    enum hsx_status status = hsx_target_board(text, options, &device, &why);

    *error = why.text;
    if (status != HSX_OK) {
        return status;
    }
    status = hsx_target_vm_create_like(device, &golden);
    if (status != HSX_OK) {
        device->ops->destroy(device);
    } else {
        status = hsx_cosim_create(device, golden, &follow, target);
    }
    snprintf(why.text, sizeof why.text, "%s", hsx_status_name(status));
    return status;
}

enum hsx_status hsx_target_select(const char *name, const struct device_options *options,
                                  struct hsx_target **target, const char **error)
{
    const char *board = hsx_target_board_name(name);
    enum hsx_status status;

    if (strcmp(name, "rtl") == 0) {
        return select_rtl(options, target, error);
    }
    if (board) {
        return select_board(board, options, target, error);
    }
    *error = "no such target, expected vm, rtl or serial:DEVICE";
    if (strcmp(name, "vm") != 0) {
        return HSX_ERR_ARGUMENT;
    }
    status = hsx_target_vm_create(options->contexts, target);
    *error = hsx_status_name(status);
    return status;
}

const char *hsx_target_trouble(const struct hsx_target *target)
{
    static char text[512];

    if (strcmp(target->ops->name, "cosim") != 0 ||
        strcmp(hsx_cosim_device(target)->ops->name, "rtl") != 0) {
        return NULL;
    }
    if (hsx_cosim_divergence(target)->kind == HSX_DIVERGED_NOT) {
        const char *message = hsx_target_rtl_message(hsx_cosim_device(target));

        return message[0] != '\0' ? message : NULL;
    }
    if (!target->ops->recall) {
        return NULL; /* the lock-step reports it */
    }
    hsx_cosim_summary(target, text, sizeof text);
    return text;
}
