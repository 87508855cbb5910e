// SPDX-License-Identifier: Apache-2.0
/* Signals of hsx_icarus_top over VPI, and its retirement port. */
#ifndef HSX_ICARUS_SIGNALS_VPI_H
#define HSX_ICARUS_SIGNALS_VPI_H

#include <hsx/reorder.h>
#include <stdbool.h>
#include <stdint.h>
#include <vpi_user.h>

/* NULL, with a message in the simulation, if the top has no signal of that name. */
vpiHandle signal_find(const char *name);
void signal_put(vpiHandle handle, uint32_t value);
/* False if any bit is X or Z. */
bool signal_get(vpiHandle handle, uint32_t *value);

enum retirement_field {
#define HSX_RET_PORT(name, bits, when, text)           F_##name,
#define HSX_RET_VALUE(name, bits, member, when, text)  F_##name,
#define HSX_RET_ACCESS(name, bits, factor, when, text) F_##name,
#define HSX_RET_FLAG(name, bits, factor, when, text)   F_##name,
#include <retire.def>
    FIELDS
};

struct retirement_port {
    vpiHandle fields[FIELDS];
};

bool port_find(struct retirement_port *port);
/* Captures everything except the cycle. Returns the name of a field that is X or Z, or
 * NULL. */
const char *port_capture(const struct retirement_port *port, struct hsx_retired *retired);

#endif
