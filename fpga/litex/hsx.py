# SPDX-License-Identifier: Apache-2.0
"""The HSX core as a peripheral of a LiteX SoC: docs/flows.md."""
import os

from litex.gen import LiteXModule
from litex.soc.integration.soc import SoCRegion
from litex.soc.interconnect import wishbone
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel
from migen import ClockSignal, If, Instance, Memory, ResetSignal, Signal
from migen.fhdl.specials import NO_CHANGE


def _rtl_folder():
    """rtl/ of the repository or of the installed tree, whichever this file lies in."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in ("../../rtl", "../rtl"):
        if os.path.exists(os.path.join(here, folder, "hsx.f")):
            return os.path.normpath(os.path.join(here, folder))
    raise FileNotFoundError(f"no rtl/hsx.f around {here}")


class HSX(LiteXModule):
    """The core with its memories.

    bus: Wishbone, the core's host port (docs/host_map.md), 1 MiB, the upper 3/4 of it a repetition.
    ev.held: an interrupt while the core is held, that is, waits for the host.
    held, idle, trap_valid: the core's ports of these names.

    code_size, data_size: bytes, powers of two up to 64 KiB. A smaller memory repeats through the
    64 KiB. code_init: instruction words, data_init: words, from address 0.
    parameters: of hsx_core, e.g. CONTEXTS=64.
    """

    def __init__(self, platform, code_size=0x10000, data_size=0x10000, code_init=(), data_init=(),
                 rtl=None, **parameters):
        for name, size in (("code_size", code_size), ("data_size", data_size)):
            if size & (size - 1) or not 16 <= size <= 0x10000:
                raise ValueError(f"{name} is {size}, expected a power of two from 16 to 65536")
        if parameters.get("CODE_BANKS", 2) != 2:
            raise ValueError("CODE_BANKS: this module has two banks")
        self.bus = bus = wishbone.Interface(data_width=32, address_width=32, addressing="word")
        self.held = Signal()
        self.idle = Signal()
        self.trap_valid = Signal()
        self.ev = EventManager()
        self.ev.held = EventSourceLevel()
        self.ev.finalize()
        self.comb += self.ev.held.trigger.eq(self.held)

        # # #

        code_en, code_we = Signal(), Signal(2)
        code_adr, code_wdata = (Signal(13), Signal(13)), Signal(32)
        data_en, data_we, data_adr, data_wdata = Signal(), Signal(4), Signal(14), Signal(32)

        def memory(init, words, enable, write, address, value):
            storage = Memory(32, words, init=list(init) or None)
            port = storage.get_port(write_capable=True, has_re=True, we_granularity=8,
                                    mode=NO_CHANGE)
            self.specials += storage, port
            self.comb += [
                port.adr.eq(address),
                port.dat_w.eq(value),
                port.re.eq(enable),
                If(enable, port.we.eq(write)),
            ]
            return port.dat_r

        code_rdata = [
            memory(code_init[bank::2], code_size // 8, code_en, 0xF * code_we[bank],
                   code_adr[bank], code_wdata) for bank in range(2)
        ]
        data_rdata = memory(data_init, data_size // 4, data_en, data_we, data_adr, data_wdata)

        self.specials += Instance(
            "hsx_core",
            **{f"p_{name}": value for name, value in parameters.items()},
            i_clk=ClockSignal(),
            i_rst=ResetSignal(),
            o_code_en=code_en,
            o_code_we=code_we,
            o_code_addr_even=code_adr[0],
            o_code_addr_odd=code_adr[1],
            o_code_wdata=code_wdata,
            i_code_rdata_even=code_rdata[0],
            i_code_rdata_odd=code_rdata[1],
            o_data_en=data_en,
            o_data_we=data_we,
            o_data_addr=data_adr,
            o_data_wdata=data_wdata,
            i_data_rdata=data_rdata,
            i_wb_cyc=bus.cyc,
            i_wb_stb=bus.stb,
            i_wb_we=bus.we,
            i_wb_adr=bus.adr[:18],
            i_wb_sel=bus.sel,
            i_wb_dat_i=bus.dat_w,
            o_wb_dat_o=bus.dat_r,
            o_wb_ack=bus.ack,
            o_held=self.held,
            o_idle=self.idle,
            o_trap_valid=self.trap_valid,
        )

        folder = rtl or _rtl_folder()
        platform.add_verilog_include_path(folder)
        with open(os.path.join(folder, "hsx.f"), encoding="utf-8") as names:
            for name in names.read().split():
                platform.add_source(os.path.join(folder, name))


def add_hsx(soc, name="hsx", origin=0x9000_0000, **kwargs):
    """Puts the core on the SoC's bus at origin, and its interrupt to the CPU if there are any."""
    core = HSX(soc.platform, **kwargs)
    soc.add_module(name=name, module=core)
    soc.bus.add_slave(name, core.bus, SoCRegion(origin=origin, size=0x10_0000, cached=False))
    if soc.irq.enabled:
        soc.irq.add(name, use_loc_if_exists=True)
    return core
