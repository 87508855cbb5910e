# SPDX-License-Identifier: Apache-2.0
"""A PC is the host of a core on a LiteX SoC without a CPU, over UARTBone."""
import cocotb
from serial_line import Uartbone, reset

HSX = 0x90000000
CODE, CONTEXT, CTRL, STATUS = HSX + 0x10000, HSX + 0x20000, HSX + 0x30000, HSX + 0x30004
PUSH = CONTEXT + 4 * 15
PROGRAM = [
    0x01100014,  # LDI R1, 20
    0x01200016,  # LDI R2, 22
    0x60400000,  # LDI32 R4, 0x4000
    0x00004000,
    0x03041000,  # ST [R4+0], R1
    0x02340000,  # LD R3, [R4+0]
    0x30000242,  # SVC 0x242
    0x25000000,  # RET
]


HOST, SVC, RETURN = 15, 2, 5  # why the core is held


async def held(bone, cause):
    for _ in range(10):
        [status] = await bone.read(STATUS)
        if status & 1:
            break
    assert status & 0xF1 == 0x01 | cause << 4, f"STATUS {status:08x}"


@cocotb.test(timeout_time=4, timeout_unit="ms")
async def the_host_answers_a_call(dut):
    await reset(dut)
    bone = Uartbone(dut)
    await held(bone, HOST)
    await bone.write(CODE, *PROGRAM)
    await bone.write(CONTEXT, 0, 0xFFFC, 0x1000, 0xF000, 0xFFFC, 0, 4 * len(PROGRAM), 0x4000, 4, 0,
                     0, 1, 1)
    await bone.write(PUSH, 1)
    await bone.write(HSX + 0x30008, 0xFF)
    await bone.write(CTRL, 1)
    await held(bone, SVC)
    r1, r2, r3 = await bone.read(HSX + 0x1004, words=3)
    assert (r1, r2, r3) == (20, 22, 20)
    assert await bone.read(HSX + 0x4000) == [20]
    await bone.write(HSX + 0x1000, r1 + r2)
    await bone.write(PUSH, 1)
    await bone.write(CTRL, 1)
    await held(bone, RETURN)
    assert await bone.read(HSX + 0x1000) == [42]
    assert await bone.read(CONTEXT) == [4 * (len(PROGRAM) - 1)]  # pc: on the RET that ended it
