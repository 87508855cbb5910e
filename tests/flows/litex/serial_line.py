# SPDX-License-Identifier: Apache-2.0
"""The serial line of the simulated SoC, and LiteX's UARTBone on it."""
import cocotb
from cocotb.clock import Clock
from cocotb.queue import Queue
from cocotb.triggers import ClockCycles, FallingEdge, Timer, with_timeout

CLOCK_NS = 80
BIT_NS = 8 * CLOCK_NS  # the UART takes its samples six clocks after an edge


async def reset(dut):
    dut.serial_rx.value = 1
    dut.rst.value = 1
    cocotb.start_soon(Clock(dut.clk, CLOCK_NS, "ns").start())
    await ClockCycles(dut.clk, 4)
    dut.rst.value = 0
    await ClockCycles(dut.clk, 4)


class Line:
    """Bytes to serial_rx, and those from serial_tx in a queue."""

    def __init__(self, dut):
        self.dut = dut
        self.received = Queue()
        cocotb.start_soon(self._receive())

    async def send(self, data):
        for byte in data:
            for bit in (0, *((byte >> n) & 1 for n in range(8)), 1):
                self.dut.serial_rx.value = bit
                await Timer(BIT_NS, "ns")

    async def _receive(self):
        while True:
            await FallingEdge(self.dut.serial_tx)
            await Timer(BIT_NS // 2, "ns")
            byte = 0
            for n in range(8):
                await Timer(BIT_NS, "ns")
                byte |= int(self.dut.serial_tx.value) << n
            await Timer(BIT_NS, "ns")
            assert self.dut.serial_tx.value == 1, "no stop bit"
            self.received.put_nowait(byte)

    async def byte(self):
        return await with_timeout(self.received.get(), 3, "ms")


class Uartbone:
    """Reads and writes of the SoC's bus, as litex_server makes them."""

    def __init__(self, dut):
        self.line = Line(dut)

    async def write(self, address, *words):
        data = b"".join(word.to_bytes(4, "big") for word in words)
        await self.line.send(bytes([1, len(words)]) + (address // 4).to_bytes(4, "big") + data)

    async def read(self, address, words=1):
        await self.line.send(bytes([2, words]) + (address // 4).to_bytes(4, "big"))
        data = bytes([await self.line.byte() for _ in range(4 * words)])
        return [int.from_bytes(data[n:n + 4], "big") for n in range(0, len(data), 4)]
