# SPDX-License-Identifier: Apache-2.0
"""A host of the core for cocotb: accesses of its Wishbone port, tasks, and what retires."""
import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

# docs/host_map.md
CODE, CONTEXTS, CONTROL = 0x10000, 0x20000, 0x30000
CTRL, HOLD_MASK = CONTROL, CONTROL + 8
FIELDS = ("pc", "sp", "reg_base", "stack_limit", "stack_top", "code_base", "code_len", "data_base",
          "data_len", "call_depth", "psw", "slice", "flags")
PUSH, READY, PROTECT = 15, 1, 1
IDLE = 7  # why the core is held: the queue is empty


class Host:
    """Drives the host port of hsx_sim_top, or of a top with the same ports."""

    def __init__(self, dut):
        self.dut = dut

    async def reset(self):
        """Starts the clock; the core is held afterwards."""
        for name in ("wb_cyc", "wb_stb", "wb_we", "wb_adr", "wb_dat_i"):
            getattr(self.dut, name).value = 0
        self.dut.wb_sel.value = 0xF
        self.dut.rst.value = 1
        cocotb.start_soon(Clock(self.dut.clk, 10, "ns").start())
        for _ in range(2):
            await FallingEdge(self.dut.clk)
        self.dut.rst.value = 0
        await self.held()

    async def _access(self, address, write, value):
        await FallingEdge(self.dut.clk)
        self.dut.wb_adr.value = address >> 2
        self.dut.wb_we.value = write
        self.dut.wb_dat_i.value = value
        self.dut.wb_cyc.value = self.dut.wb_stb.value = 1
        await FallingEdge(self.dut.clk)
        while not self.dut.wb_ack.value:
            await FallingEdge(self.dut.clk)
        self.dut.wb_cyc.value = self.dut.wb_stb.value = 0
        return self.dut.wb_dat_o.value

    async def write(self, address, value):
        await self._access(address, 1, value)

    async def read(self, address):
        return int(await self._access(address, 0, 0))

    async def load(self, address, words):
        for n, word in enumerate(words):
            await self.write(CODE + address + 4 * n, word)

    async def start(self, slot, **context):
        """Makes a protected task of the slot, all registers 0, and puts it into the queue."""
        top = 0xFFFC if slot == 0 else 0x10000 - 0x1000 * slot
        task = {"sp": top, "stack_top": top, "stack_limit": 0xF000 - 0x1000 * slot,
                "reg_base": 0x1000 + 64 * slot, "data_base": 0x4000, "slice": 1,
                "flags": PROTECT, **context}
        for n in range(16):
            await self.write(task["reg_base"] + 4 * n, 0)
        for n, field in enumerate(FIELDS):
            await self.write(CONTEXTS + 64 * slot + 4 * n, task.get(field, 0))
        await self.push(slot)

    async def push(self, slot):
        """READY, at the tail of the queue."""
        await self.write(CONTEXTS + 64 * slot + 4 * PUSH, READY)

    async def go(self, hold_mask=0xFF):
        await self.write(HOLD_MASK, hold_mask)
        await self.write(CTRL, 1)

    async def held(self):
        """Returns when the core is held, in a cycle after the one that let it go."""
        await FallingEdge(self.dut.clk)
        while not self.dut.held.value == 1:
            await FallingEdge(self.dut.clk)

    async def register(self, slot, n):
        return await self.read(0x1000 + 64 * slot + 4 * n)


class Retired(list):
    """What the retirement port showed: (slot, pc, word) of each event, in their order."""

    def __init__(self, dut):
        super().__init__()
        cocotb.start_soon(self._watch(dut))

    async def _watch(self, dut):
        while True:
            await RisingEdge(dut.clk)
            if dut.ret_valid.value == 1:
                self.append((int(dut.ret_slot.value), int(dut.ret_pc.value),
                             int(dut.ret_insn.value)))
