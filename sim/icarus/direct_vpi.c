// SPDX-License-Identifier: Apache-2.0
#include "direct_vpi.h"
#include <core_rams.h>
#include <vpi_user.h>

static struct hsx_rtl_rams rams;
static bool unknown; /* a bit that was read is X or Z */

static vpiHandle word_of(const struct hsx_rtl_ram *ram, size_t n)
{
    return vpi_handle_by_index(ram->memory, (PLI_INT32)n);
}

static uint32_t get(const struct hsx_rtl_ram *ram, size_t n)
{
    s_vpi_value v = {.format = vpiVectorVal};

    vpi_get_value(word_of(ram, n), &v);
    unknown = unknown || v.value.vector->bval != 0;
    return (uint32_t)v.value.vector->aval;
}

static void put(const struct hsx_rtl_ram *ram, size_t n, uint32_t word)
{
    s_vpi_vecval vector = {(PLI_INT32)word, 0};
    s_vpi_value v = {.format = vpiVectorVal, .value.vector = &vector};

    vpi_put_value(word_of(ram, n), &v, NULL, vpiNoDelay);
}

static bool find(struct hsx_rtl_ram *ram, const char *name)
{
    /* vpi_handle_by_name does not change it. */
    ram->memory = vpi_handle_by_name((char *)name, NULL);
    ram->size = ram->memory ? (size_t)vpi_get(vpiSize, ram->memory) : 0;
    return ram->size != 0;
}

bool direct_find(void)
{
    bool found = true;

    rams.get = get;
    rams.put = put;
#define HSX_RAM(name, path)   found = find(&rams.name, "hsx_icarus_top.dut." path) && found;
#define HSX_TOP_RAM(name)     HSX_RAM(name, #name)
#define HSX_WINDOW_RAM(name)  HSX_RAM(name, "core.windows.ram." #name)
#define HSX_CONTEXT_RAM(name) HSX_RAM(name, "core.contexts." #name ".mem")
#define HSX_TOTALS_RAM(name)  HSX_RAM(name, "core.totals." #name ".mem")
#include <core_rams.def>
    return found;
}

enum direct_outcome direct_access(struct hsx_bus_op *op, uint32_t windows_end)
{
    unknown = false;
    if (!hsx_rtl_rams_access(&rams, op, windows_end)) {
        return DIRECT_NEEDS_BUS;
    }
    return unknown ? DIRECT_UNKNOWN : DIRECT_DONE;
}
