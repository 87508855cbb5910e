// SPDX-License-Identifier: Apache-2.0
#include "signals_vpi.h"
#include <stdio.h>

static const char *const field_names[FIELDS] = {
#define HSX_RET_PORT(name, bits, when, text)           "ret_" #name,
#define HSX_RET_VALUE(name, bits, member, when, text)  "ret_" #name,
#define HSX_RET_ACCESS(name, bits, factor, when, text) "ret_" #name,
#define HSX_RET_FLAG(name, bits, factor, when, text)   "ret_" #name,
#include <retire.def>
};

vpiHandle signal_find(const char *name)
{
    char path[64];
    vpiHandle handle;

    snprintf(path, sizeof path, "hsx_icarus_top.%s", name);
    handle = vpi_handle_by_name(path, NULL);
    if (!handle) {
        vpi_printf("hsx_vpi: the design has no %s\n", path);
    }
    return handle;
}

void signal_put(vpiHandle handle, uint32_t value)
{
    s_vpi_vecval vector = {(PLI_INT32)value, 0};
    s_vpi_value v = {.format = vpiVectorVal, .value = {.vector = &vector}};

    vpi_put_value(handle, &v, NULL, vpiNoDelay);
}

bool signal_get(vpiHandle handle, uint32_t *value)
{
    s_vpi_value v = {.format = vpiVectorVal};

    vpi_get_value(handle, &v);
    *value = (uint32_t)v.value.vector->aval;
    return v.value.vector->bval == 0;
}

bool port_find(struct retirement_port *port)
{
    bool found = true;

    for (int i = 0; i < FIELDS; i++) {
        port->fields[i] = signal_find(field_names[i]);
        found = found && port->fields[i];
    }
    return found;
}

const char *port_capture(const struct retirement_port *port, struct hsx_retired *c)
{
    uint32_t v[FIELDS] = {0};

    for (int i = 0; i < FIELDS; i++) {
        if (!signal_get(port->fields[i], &v[i])) {
            return field_names[i];
        }
    }
    c->order = v[F_order];
    c->record = (struct hsx_record){0};
#define HSX_RET_VALUE(name, bits, member, when, text)  c->record.member = v[F_##name];
#define HSX_RET_ACCESS(name, bits, factor, when, text) c->record.access |= v[F_##name] * (factor);
#define HSX_RET_FLAG(name, bits, factor, when, text)   c->record.flags |= v[F_##name] * (factor);
#include <retire.def>
    return NULL;
}
