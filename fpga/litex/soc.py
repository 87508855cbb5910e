#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A LiteX SoC with the HSX core, as Verilog for any simulator or board.

soc.py OUTPUT writes soc.v with its memories' contents, csr.h, regions.ld, and soc.f, the list of
all Verilog files. Without a CPU the serial line is LiteX's UARTBone, so that a PC is the core's
host. With --cpu-type TYPE --make-rom COMMAND the CPU is, and has the serial line for its UART;
COMMAND runs in OUTPUT, where csr.h and regions.ld are, and makes rom.bin.
"""
import argparse
import os
import subprocess
import sys

from litex.build.generic_platform import GenericPlatform, Pins, Subsignal
from litex.gen import LiteXModule
from litex.soc.integration.common import get_mem_data
from litex.soc.integration.export import get_csr_header, get_linker_regions
from litex.soc.integration.soc_core import SoCCore
from migen import ClockDomain

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hsx import add_hsx  # noqa: E402

ROM_SIZE = 0x2000
IO = [
    ("clk", 0, Pins(1)),
    ("rst", 0, Pins(1)),
    ("serial", 0, Subsignal("tx", Pins(1)), Subsignal("rx", Pins(1))),
]


class ClockAndReset(LiteXModule):
    def __init__(self, platform):
        self.cd_sys = ClockDomain()
        self.comb += self.cd_sys.clk.eq(platform.request("clk"))
        self.comb += self.cd_sys.rst.eq(platform.request("rst"))


class SoC(SoCCore):
    def __init__(self, cpu_type, clk_freq, baudrate):
        platform = GenericPlatform("", IO, name="soc")
        self.crg = ClockAndReset(platform)
        serial = {"uart_name": "serial"} if cpu_type else {"with_uart": False}
        SoCCore.__init__(self, platform, clk_freq, cpu_type=cpu_type, uart_baudrate=baudrate,
                         with_timer=False, integrated_rom_size=ROM_SIZE if cpu_type else 0,
                         integrated_sram_size=0x800 if cpu_type else 0, **serial)
        if not cpu_type:
            self.add_uartbone(baudrate=baudrate)
        add_hsx(self, code_size=0x2000, data_size=0x2000, CONTEXTS=4, HAS_FP16=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpu-type", default="None", help="of LiteX, e.g. picorv32; None")
    parser.add_argument("--make-rom", help="command that makes rom.bin, required with a CPU")
    parser.add_argument("--clk-freq", type=int, default=12_000_000)
    parser.add_argument("--baudrate", type=int, default=115200)
    parser.add_argument("output", help="folder")
    args = parser.parse_args()
    cpu_type = None if args.cpu_type == "None" else args.cpu_type
    if (cpu_type is None) != (args.make_rom is None):
        parser.error("a CPU needs --make-rom, and no CPU takes none")

    soc = SoC(cpu_type, args.clk_freq, args.baudrate)
    soc.finalize()
    os.makedirs(args.output, exist_ok=True)
    os.chdir(args.output)
    with open("csr.h", "w", encoding="utf-8") as out:
        out.write(get_csr_header(soc.csr_regions, soc.constants, with_access_functions=False))
    with open("regions.ld", "w", encoding="utf-8") as out:
        out.write(get_linker_regions(soc.mem_regions))
    if args.make_rom:
        subprocess.run(args.make_rom, shell=True, check=True)
        soc.init_rom("rom", get_mem_data("rom.bin", endianness="little"))
    soc.platform.get_verilog(soc, name="soc", regular_comb=False).write("soc.v")
    with open("soc.f", "w", encoding="utf-8") as out:
        for folder in soc.platform.verilog_include_paths:
            print(f"+incdir+{folder}", file=out)
        for source, _, *_ in soc.platform.sources:
            print(source, file=out)
        print(os.path.abspath("soc.v"), file=out)


if __name__ == "__main__":
    main()
