// SPDX-License-Identifier: Apache-2.0
#include "direct_vpi.h"
#include <direct_access.h>
#include <vpi_user.h>

namespace
{

// A memory of the design. Words have at most 32 bits.
struct Words {
    vpiHandle memory = nullptr;
    size_t count = 0;
    static bool unknown; // a bit that was read is X or Z

    bool find(const char *name)
    {
        // vpi_handle_by_name does not change it.
        memory = vpi_handle_by_name(const_cast<char *>(name), nullptr);
        count = memory ? static_cast<size_t>(vpi_get(vpiSize, memory)) : 0;
        return count != 0;
    }

    size_t size() const
    {
        return count;
    }

    vpiHandle word(size_t n) const
    {
        return vpi_handle_by_index(memory, static_cast<PLI_INT32>(n));
    }

    uint32_t get(size_t n) const
    {
        s_vpi_value v;
        v.format = vpiVectorVal;
        vpi_get_value(word(n), &v);
        unknown = unknown || v.value.vector->bval != 0;
        return static_cast<uint32_t>(v.value.vector->aval);
    }

    void put(size_t n, uint32_t bits)
    {
        s_vpi_vecval vector = {static_cast<PLI_INT32>(bits), 0};
        s_vpi_value v;
        v.format = vpiVectorVal;
        v.value.vector = &vector;
        vpi_put_value(word(n), &v, nullptr, vpiNoDelay);
    }
};

bool Words::unknown;

struct Rams {
#define HSX_TOP_RAM(name)     Words name;
#define HSX_WINDOW_RAM(name)  Words name;
#define HSX_CONTEXT_RAM(name) Words name;
#define HSX_TOTALS_RAM(name)  Words name;
#include <core_rams.def>
} rams;

} // namespace

bool direct_find(void)
{
    bool found = true;
#define HSX_RAM(name, path)   found = rams.name.find("hsx_icarus_top.dut." path) && found;
#define HSX_TOP_RAM(name)     HSX_RAM(name, #name)
#define HSX_WINDOW_RAM(name)  HSX_RAM(name, "core.windows.ram." #name)
#define HSX_CONTEXT_RAM(name) HSX_RAM(name, "core.contexts." #name ".mem")
#define HSX_TOTALS_RAM(name)  HSX_RAM(name, "core.totals." #name ".mem")
#include <core_rams.def>
    return found;
}

enum direct_outcome direct_access(struct hsx_bus_op *op, uint32_t windows_end)
{
    Words::unknown = false;
    if (!direct::access(rams, *op, windows_end))
        return DIRECT_NEEDS_BUS;
    return Words::unknown ? DIRECT_UNKNOWN : DIRECT_DONE;
}
