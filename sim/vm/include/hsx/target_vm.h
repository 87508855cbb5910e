// SPDX-License-Identifier: Apache-2.0
/* The C reference VM as a machine that the executive can run (<hsx/target.h>). */
#ifndef HSX_TARGET_VM_H
#define HSX_TARGET_VM_H

#include <hsx/target.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Creates a held machine, as with hsx_vm_create; contexts: 1 .. HSX_MAX_CONTEXTS. The
 * caller owns it and releases it with its destroy. HSX_ERR_ARGUMENT or HSX_ERR_MEMORY:
 * *target is unchanged. */
enum hsx_status hsx_target_vm_create(unsigned contexts, struct hsx_target **target);

/* The same with the contexts and units of other: its golden model. */
enum hsx_status hsx_target_vm_create_like(const struct hsx_target *other,
                                          struct hsx_target **target);

#ifdef __cplusplus
}
#endif

#endif
