# SPDX-License-Identifier: Apache-2.0
"""The SoC's own processor is the host, and says on its UART how that went."""
import cocotb
from serial_line import Line, reset


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def the_cpu_runs_a_task(dut):
    await reset(dut)
    line = Line(dut)
    said = bytes([await line.byte() for _ in range(5)])
    assert said == b"PASS\n", said
