// SPDX-License-Identifier: Apache-2.0
// The virtual machine from C++: one task, step by step.
#include "program.h"
#include <cstdio>
#include <hsx/vm.h>
#include <memory>

int main()
{
    hsx_vm *made = nullptr;
    if (hsx_vm_create(1, &made) != HSX_OK)
        return 1;
    std::unique_ptr<hsx_vm, decltype(&hsx_vm_destroy)> vm(made, hsx_vm_destroy);

    const hsx_context ctx = fresh_context();
    if (hsx_vm_write_code(vm.get(), 0, program, sizeof program / 4) != HSX_OK ||
        hsx_vm_write_context(vm.get(), 0, &ctx) != HSX_OK ||
        hsx_vm_make_ready(vm.get(), 0) != HSX_OK)
        return 1;

    unsigned steps = 0;
    hsx_record record;
    hsx_stop stop;
    do {
        if (hsx_vm_step(vm.get(), &record, &stop) != HSX_OK)
            return 1;
        steps++;
    } while (stop == HSX_STOP_STEPS);
    std::printf("R0 = %u after %u instructions\n", hsx_vm_data(vm.get())[HSX_WINDOW_START], steps);
    return 0;
}
