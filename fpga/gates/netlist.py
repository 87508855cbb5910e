# SPDX-License-Identifier: Apache-2.0
# netlist.py NETLIST.json NAME PATH: an iCE40 netlist of hsx_core as C in which each bit of a word is
# another core (gates.h), and the Verilog that brings cores and simulators together.
#
# NETLIST.json is Yosys' write_json of the flat module with SB_LUT4, SB_CARRY, SB_RAM40_4K and
# flip-flops that have one clock and no asynchronous reset. Writes
#   NAME_net.c        the netlist
#   NAME_core.sv      module hsx_core, which is the netlist (core.c)
#   NAME_recorder.sv  what writes down each clock of another hsx_core (record.c)
#   NAME_monitor.v    the same for Icarus and benches, whose core is at PATH, as text
import functools
import json
import sys

sys.dont_write_bytecode = True
from words import Nets, functions, number, table, visit

PLANTED = "data_wdata"  # the first LUT that makes a bit of it has the planted fault

module = json.load(open(sys.argv[1]))["modules"]["hsx_core"]
name, path = sys.argv[2:]
cells = sorted(module["cells"].items())
ports = {p: v for p, v in module["ports"].items() if p != "clk"}
clock = module["ports"]["clk"]["bits"][0]
inputs = {p: v["bits"] for p, v in ports.items() if v["direction"] == "input"}
outputs = {p: v["bits"] for p, v in ports.items() if v["direction"] == "output"}

# Nets 0 and 1 are constants, net 2 is all ones where the fault is planted.
net = Nets(3)
for bits in inputs.values():
    for bit in bits:
        net(bit)

def parameter(c, key):
    return number(c["parameters"].get(key, "0"))


driver = {}
flops = []
rams = []
for cell_name, c in cells:
    kind, pins = c["type"], c["connections"]
    if kind in ("SB_LUT4", "SB_CARRY"):
        driver[pins["O" if kind == "SB_LUT4" else "CO"][0]] = c
    elif kind == "SB_RAM40_4K":
        assert pins["RCLK"] == [clock] and pins["WCLK"] == [clock], cell_name
        assert not set("01xz") & set(pins["RDATA"]), cell_name
        for i in range(16):
            assert parameter(c, "INIT_%X" % i) == 0, cell_name + ": has contents"
        rams.append(c)
    else:
        assert kind in ("SB_DFF", "SB_DFFE", "SB_DFFSR", "SB_DFFSS", "SB_DFFESR", "SB_DFFESS"), kind
        assert pins["C"] == [clock], cell_name
        flops.append(c)
first_flop = net.count()
for c in flops:
    net(c["connections"]["Q"][0])
assert net.count() == first_flop + len(flops)

planted = next(b for b in outputs[PLANTED] if b in driver and driver[b]["type"] == "SB_LUT4")


# Of four inputs' functions, each bit of `table` for other inputs, the one with the fewest operators.
@functools.lru_cache(None)
def function(table, pins):
    size = 1 << len(pins)
    ones = (1 << size) - 1
    if table == 0 or table == ones:
        return (0, "0" if table == 0 else "~UINT64_C(0)")
    best = None
    for i, pin in enumerate(pins):
        low = high = 0
        for j in range(size // 2):
            k = (j >> i << (i + 1)) | (j & ((1 << i) - 1))
            low |= (table >> k & 1) << j
            high |= (table >> (k | 1 << i) & 1) << j
        rest = pins[:i] + pins[i + 1 :]
        all_ones = (1 << size // 2) - 1
        if low == high:
            return function(low, rest)
        if low == 0 and high == all_ones:
            choice = (0, pin)
        elif high == 0 and low == all_ones:
            choice = (1, "~" + pin)
        elif low == high ^ all_ones:
            cost, text = function(low, rest)
            choice = (cost + 1, "(%s ^ %s)" % (pin, text))
        elif low == 0 or low == all_ones:
            cost, text = function(high, rest)
            choice = (cost + 1, "(%s & %s)" % (pin, text)) if low == 0 else (cost + 2, "(~%s | %s)" % (pin, text))
        elif high == 0 or high == all_ones:
            cost, text = function(low, rest)
            choice = (cost + 2, "(~%s & %s)" % (pin, text)) if high == 0 else (cost + 1, "(%s | %s)" % (pin, text))
        else:
            (cost_low, text_low), (cost_high, text_high) = function(low, rest), function(high, rest)
            choice = (cost_low + cost_high + 4, "gates_choose(%s, %s, %s)" % (text_low, text_high, pin))
        if best is None or choice[0] < best[0]:
            best = choice
    return best


def sources(c):
    return [c["connections"][p][0] for p in ("I0", "I1", "I2", "I3", "CI") if p in c["connections"]]


def expression(c):
    pins = c["connections"]
    if c["type"] == "SB_CARRY":
        a, b, carry = ("v[%d]" % net(pins[p][0]) for p in ("I0", "I1", "CI"))
        return "(%s & %s) | ((%s | %s) & %s)" % (a, b, a, b, carry)
    return function(parameter(c, "LUT_INIT"),
                    tuple("v[%d]" % net(pins.get(p, ["0"])[0]) for p in ("I0", "I1", "I2", "I3")))[1]


code = []
done = set()


def write(bit, c):
    done.add(bit)
    fault = " ^ v[2]" if bit == planted else ""
    code.append("v[%d] = %s%s;" % (net(bit), expression(c), fault))


def make(bit):
    visit(bit, driver, done, sources, write)


for bits in outputs.values():
    for bit in bits:
        make(bit)
for c in flops:
    for pin, bits in c["connections"].items():
        if pin != "C":
            make(bits[0])
for c in rams:
    for pin, bits in c["connections"].items():
        if pin not in ("RDATA", "RCLK", "WCLK"):
            for bit in bits:
                make(bit)


def next_state(index, c):
    pins = {p: "v[%d]" % net(b[0]) for p, b in c["connections"].items() if p != "C"}
    text = pins["D"]
    if "R" in pins:
        text = "%s & ~%s" % (text, pins["R"])
    if "S" in pins:
        text = "%s | %s" % (text, pins["S"])
    if "E" in pins:
        text = "gates_choose(%s, %s, %s)" % (pins["Q"], text, pins["E"])
    return "next[%d] = %s;" % (index, text)


out = ["// Made by netlist.py.\n#include \"gates.h\"\n"]
out += functions("gates_evaluate", "evaluate", "gates_word *v", "v", code)
out += functions("gates_next_state", "next_state", "const gates_word *v, gates_word *next", "v, next",
                 [next_state(i, c) for i, c in enumerate(flops)])

# A RAM of 256 words of 16 bits is in mode m one of 256 << m words of 16 >> m bits, of which bit i is
# at place i << m | PLACE[m] of a port. RAMs that are alike but for their bits are one.
PLACE = (0, 0, 1, 3)
addresses = {}
groups = {}
for c in rams:
    pins, mode = c["connections"], parameter(c, "READ_MODE")
    assert mode == parameter(c, "WRITE_MODE")
    key = [mode]
    for pin in ("RADDR", "WADDR"):
        key.append(addresses.setdefault(tuple(map(net, pins[pin])), len(addresses)))
    key += [net(pins[pin][0]) for pin in ("RCLKE", "RE", "WCLKE", "WE")]
    columns = groups.setdefault(tuple(key), [])
    for i in range(16 >> mode):
        at = i << mode | PLACE[mode]
        columns.append([net(pins["MASK"][at]) if mode == 0 else 0] + [net(pins[p][at]) for p in ("WDATA", "RDATA")])
WIDEST = 16
rams = [(key, columns[i : i + WIDEST]) for key, columns in groups.items() for i in range(0, len(columns), WIDEST)]

out.append("const int gates_addresses[][GATES_ADDRESS_BITS] = {")
out += ["    {%s}," % ", ".join(map(str, a)) for a in addresses]
out.append("};\nconst int gates_address_count = %d;" % len(addresses))
for i, ((mode, *_), columns) in enumerate(rams):
    out.append("static uint16_t cells_%d[GATES_LANES << %d];" % (i, 8 + mode))
out.append("const struct gates_ram gates_rams[] = {")
for i, ((mode, *rest), columns) in enumerate(rams):
    nets_of = ["{%s}" % ", ".join(str(c[k]) for c in columns) for k in range(3)]
    out.append("    {%d, %s, %d, %s, cells_%d}," % (8 + mode, ", ".join(map(str, rest)), len(columns), ", ".join(nets_of), i))
out.append("};\nconst int gates_ram_count = %d;" % len(rams))
out.append("uint16_t gates_address_values[%d][GATES_LANES];" % len(addresses))
out.append("gates_word gates_read_values[%d][GATES_RAM_BITS], gates_reading[%d];" % (len(rams), len(rams)))


def port_table(what, groups):
    bits = [net(b) for g in groups.values() for b in g]
    out.append(table("gates_%ss" % what, bits, ""))
    out.append("const int gates_%s_count = %d;" % (what, len(bits)))
    return len(bits)


input_bits = port_table("input", inputs)
output_bits = port_table("output", outputs)
out.append("const struct gates_port gates_output_ports[] = {")
out += ['    {"%s", %d},' % (p, len(b)) for p, b in outputs.items()]
out.append("    {0, 0},\n};")
out.append("const int gates_first_flop = %d, gates_flop_count = %d;" % (first_flop, len(flops)))
out.append("gates_word gates_nets[%d];" % (net.count()))
out.append("const int gates_net_count = %d;" % (net.count()))
out.append("gates_word gates_next[%d];" % len(flops))
open(name + "_net.c", "w").write("\n".join(out) + "\n")


# The first port has the lowest bits.
def joined(groups):
    return "{" + ", ".join(reversed(groups)) + "}"


def declared(direction, groups):
    return ["  %s wire [%d:0] %s" % (direction, len(b) - 1, p) for p, b in groups.items()]


open(name + "_core.sv", "w").write("""// Made by netlist.py.
module hsx_core (
  input wire clk,
%s
);
  import "DPI-C" function void hsx_gates_begin();
  import "DPI-C" function void hsx_gates_clock();
  import "DPI-C" function void hsx_gates_settle(input bit [%d:0] inputs, input bit clocks, output bit [%d:0] outputs);
  bit [%d:0] outputs;
  bit clocks;
  assign %s = outputs;
  initial hsx_gates_begin();
  always @(posedge clk) begin
    hsx_gates_clock();
    clocks <= !clocks;
  end
  always_comb hsx_gates_settle(%s, clocks, outputs);
endmodule
""" % (",\n".join(declared("input", inputs) + declared("output", outputs)), input_bits - 1, output_bits - 1,
       output_bits - 1, joined(list(outputs)), joined(list(inputs))))

open(name + "_recorder.sv", "w").write("""// Made by netlist.py.
module hsx_gates_recorder (
  input wire clk,
%s
);
  import "DPI-C" function void hsx_gates_record_begin();
  import "DPI-C" function void hsx_gates_record(input bit [%d:0] inputs, input bit [%d:0] outputs);
  initial hsx_gates_record_begin();
  always @(posedge clk) hsx_gates_record(%s, %s);
endmodule

bind hsx_core hsx_gates_recorder recorder (.clk(clk), %s);
""" % (",\n".join(declared("input", inputs) + declared("input", outputs)), input_bits - 1, output_bits - 1,
       joined(list(inputs)), joined(list(outputs)), ", ".join(".%s(%s)" % (p, p) for p in ports)))

core = path + "."
open(name + "_monitor.v", "w").write("""// Made by netlist.py.
// +record=FILE: a line for each clock, the bits of the inputs and those of the outputs.
module hsx_gates_monitor;
  reg [8*1024-1:0] path;
  integer file;
  initial begin
    if (!$value$plusargs("record=%%s", path)) $fatal(1, "+record=FILE is missing");
    file = $fopen(path, "w");
    if (file == 0) $fatal(1, "the recording cannot be written");
  end
  always @(posedge %sclk)
    $fwrite(file, "%%b %%b\\n", %s, %s);
endmodule
""" % (core, joined([core + p for p in inputs]), joined([core + p for p in outputs])))
