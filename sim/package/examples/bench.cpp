// SPDX-License-Identifier: Apache-2.0
// A test bench of the core for Verilator: each retired instruction is compared with the
// virtual machine. In the folder of this file:
//
//   rtl=$(pkg-config --variable=rtldir hsx)
//   verilator --cc --exe --build --no-timing -O3 -I$rtl -GCONTEXTS=2 -GWINDOWS=2
//     --top-module hsx_sim_top $rtl/../sim/hsx_sim_top.v $(sed "s|^|$rtl/|" $rtl/hsx.f)
//     $PWD/bench.cpp -CFLAGS "$(pkg-config --cflags hsx)" -LDFLAGS "$(pkg-config --libs hsx)"
//   obj_dir/Vhsx_sim_top
#include "Vhsx_sim_top.h"
#include "program.h"
#include <cstdio>
#include <cstdlib>
#include <hsx/host_map.h>
#include <hsx/vm.h>
#include <memory>
#include <verilated.h>

namespace
{

VerilatedContext simulation;
Vhsx_sim_top core(&simulation);
hsx_vm *vm;
unsigned compared;

[[noreturn]] void fail(const char *what)
{
    std::printf("FAIL %s, after %u instructions\n", what, compared);
    std::exit(1);
}

// Compares the record on the retirement port with the machine's next one.
void compare()
{
    hsx_record want;
    hsx_stop stop;

    if (hsx_vm_step(vm, &want, &stop) != HSX_OK)
        fail("the machine does not step");
    if (core.ret_event != want.event || core.ret_pc != want.pc || core.ret_insn != want.insn ||
        core.ret_next_pc != want.next_pc || core.ret_psw != want.psw)
        fail("another instruction");
    bool writes = (want.flags & HSX_REC_RD) != 0;
    if (core.ret_rd_we != writes ||
        (writes && (core.ret_rd != want.rd || core.ret_rd_value != want.rd_value)))
        fail("another result");
    compared++;
}

void clock_once()
{
    core.clk = 0;
    core.eval();
    core.clk = 1;
    core.eval();
    if (core.ret_valid)
        compare();
}

uint32_t bus(uint32_t address, bool write, uint32_t data)
{
    core.wb_cyc = core.wb_stb = 1;
    core.wb_we = write;
    core.wb_sel = 0xF;
    core.wb_adr = address >> 2;
    core.wb_dat_i = data;
    for (unsigned clocks = 0; clocks < 1000; clocks++) {
        clock_once();
        if (core.wb_ack) {
            uint32_t answer = core.wb_dat_o;
            core.wb_cyc = core.wb_stb = 0;
            clock_once();
            return answer;
        }
    }
    fail("no answer on the bus");
}

void load()
{
    const hsx_context ctx = fresh_context();
    const uint32_t fields[] = {ctx.pc,        ctx.sp,         ctx.reg_base, ctx.stack_limit,
                               ctx.stack_top, ctx.code_base,  ctx.code_len, ctx.data_base,
                               ctx.data_len,  ctx.call_depth, ctx.psw,      ctx.slice,
                               ctx.flags};

    for (unsigned i = 0; i < sizeof program / 4; i++)
        bus(HSX_HOST_CODE + 4 * i, true, program[i]);
    for (unsigned i = 0; i < HSX_REGISTERS; i++)
        bus(ctx.reg_base + 4 * i, true, 0);
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
        bus(HSX_HOST_FIELD_ADDRESS(0, i), true, fields[i]);
    bus(HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_PUSH), true, HSX_READY);
    if (hsx_vm_write_code(vm, 0, program, sizeof program / 4) != HSX_OK ||
        hsx_vm_write_context(vm, 0, &ctx) != HSX_OK || hsx_vm_make_ready(vm, 0) != HSX_OK)
        fail("the machine takes no program");
}

} // namespace

int main()
{
    if (hsx_vm_create(1, &vm) != HSX_OK)
        return 1;
    core.rst = 1;
    clock_once();
    core.rst = 0;
    for (unsigned clocks = 0; !core.held && clocks < 100; clocks++)
        clock_once();
    load();
    bus(HSX_HOST_CTRL, true, 1);
    for (unsigned clocks = 0; !core.held; clocks++) {
        if (clocks == 10000)
            fail("the core does not stop");
        clock_once();
    }
    std::printf("PASS R0 = %u, %u instructions as the machine's\n", bus(HSX_WINDOW_START, false, 0),
                compared);
    hsx_vm_destroy(vm);
    return 0;
}
