# SPDX-License-Identifier: Apache-2.0
"""The tests of the bench: what the host reads, and what the retirement port shows."""
import cocotb
from hsx_host import IDLE, Host, Retired

SUM = [
    0x0110000A,  # LDI R1, 10
    0x01200001,  # LDI R2, 1
    0x10001000,  # ADD R0, R0, R1
    0x11112000,  # SUB R1, R1, R2
    0x23000008,  # JNZ 8
    0x30000100,  # SVC 0x100
]


@cocotb.test(timeout_time=50, timeout_unit="us")
async def one_task_adds_the_numbers_to_10(dut):
    host = Host(dut)
    await host.reset()
    retired = Retired(dut)
    await host.load(0, SUM)
    await host.start(0, code_len=4 * len(SUM))
    await host.go()
    await host.held()
    assert dut.trap_valid.value and int(dut.trap_kind.value) == 0
    assert int(dut.trap_slot.value) == 0 and int(dut.trap_imm.value) == 0x100
    assert await host.register(0, 0) == 55
    assert len(retired) == 33


@cocotb.test(timeout_time=50, timeout_unit="us")
async def tasks_take_turns(dut):
    host = Host(dut)
    await host.reset()
    retired = Retired(dut)
    await host.load(0, SUM)
    for slot in range(3):
        await host.start(slot, code_len=4 * len(SUM))
    await host.go(hold_mask=1 << IDLE)  # an SVC stops its task alone
    await host.held()
    for slot in range(3):
        assert await host.register(slot, 0) == 55
    assert [slot for slot, _, _ in retired] == [0, 1, 2] * 33
    assert all(word == SUM[pc // 4] for _, pc, word in retired)
