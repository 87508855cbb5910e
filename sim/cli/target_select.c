#include "target_select.h"
#include <string.h>

enum hsx_status hsx_target_select(const char *name, unsigned contexts, struct hsx_target **target,
                                  const char **error)
{
    enum hsx_status status;

    *error = "no such target, expected vm";
    if (strcmp(name, "vm") != 0) {
        return HSX_ERR_ARGUMENT;
    }
    status = hsx_target_vm_create(contexts, target);
    *error = hsx_status_name(status);
    return status;
}
