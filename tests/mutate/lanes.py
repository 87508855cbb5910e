# SPDX-License-Identifier: Apache-2.0
# lanes.py NETLIST.json: C of the netlist's logic, in which each bit of a word is another core.
#
# NETLIST.json is Yosys' write_json of one flat module with the cells of `abc -g AND,OR,XOR,MUX`,
# $_DFF_P_ and $mem_v2 with asynchronous reads and writes at the clock. lanes.h says what the C has.
import collections
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(__file__), "../../fpga/gates"))
from words import Nets, functions, number, table, visit

OPS = {
    "$_AND_": "{A} & {B}",
    "$_OR_": "{A} | {B}",
    "$_XOR_": "{A} ^ {B}",
    "$_NOT_": "~{A}",
    "$_MUX_": "lanes_choose({A}, {B}, {S})",
}
LONGEST = 400  # characters of an expression

module = json.load(open(sys.argv[1]))["modules"]["hsx_core"]
cells = sorted(module["cells"].items())
net = Nets(2)
for port in module["ports"].values():
    if port["direction"] == "input":
        for bit in port["bits"]:
            net(bit)
flops = [c for _, c in cells if c["type"] == "$_DFF_P_"]
first_flop = net.count()
for c in flops:
    net(c["connections"]["Q"][0])
assert net.count() == first_flop + len(flops)

# What drives a net that is no input and no register's.
driver = {}
memories = []
for name, c in cells:
    if c["type"] in OPS:
        driver[c["connections"]["Y"][0]] = c
    elif c["type"] == "$mem_v2":
        p = {k: number(v) for k, v in c["parameters"].items() if set(v) <= set("01x")}
        assert p["RD_CLK_ENABLE"] == 0 and p["OFFSET"] == 0
        memories.append((name, c, p))
        for r in range(p["RD_PORTS"]):
            for bit in c["connections"]["RD_DATA"][r * p["WIDTH"] : (r + 1) * p["WIDTH"]]:
                driver[bit] = (len(memories) - 1, r)
    else:
        assert c["type"] == "$_DFF_P_", c["type"]

# A gate that one other uses alone becomes part of its expression.
uses = collections.Counter()
for _, c in cells:
    for port, bits in c["connections"].items():
        if port not in ("Y", "Q", "RD_DATA"):
            uses.update(bits if c["type"] in OPS else bits + bits)
for port in module["ports"].values():
    uses.update(port["bits"] + port["bits"])

code = []
done = {}


def part(bits, index, width):
    return bits[index * width : (index + 1) * width]


def wanted(d):
    if isinstance(d, tuple):
        _, c, p = memories[d[0]]
        return part(c["connections"]["RD_ADDR"], d[1], p["ABITS"])
    return [c[0] for port, c in d["connections"].items() if port != "Y"]


def write(bit, d):
    if isinstance(d, tuple):
        _, c, p = memories[d[0]]
        data = part(c["connections"]["RD_DATA"], d[1], p["WIDTH"])
        start = net.count()
        for b in data:
            assert b not in net
            net(b)
            done[b] = "v[%d]" % net(b)
        a = [net(b) for b in wanted(d)]
        code.append("{ static const int a[] = {%s}; lanes_read(v, &lanes_memories[%d], a, %d); }"
                    % (", ".join(map(str, a)), d[0], start))
        return
    text = OPS[d["type"]].format(
        **{k: done.get(b[0]) or "v[%d]" % net(b[0]) for k, b in d["connections"].items() if k != "Y"})
    if uses[bit] == 1 and len(text) < LONGEST:
        done[bit] = "(" + text + ")"
    else:
        done[bit] = "v[%d]" % net(bit)
        code.append("%s = %s;" % (done[bit], text))


def make(bit):
    visit(bit, driver, done, wanted, write)


for c in flops:
    make(c["connections"]["D"][0])
for port in module["ports"].values():
    for bit in port["bits"]:
        make(bit)
for _, c, p in memories:
    for port in ("WR_ADDR", "WR_DATA", "WR_EN"):
        for bit in c["connections"][port]:
            make(bit)

print("// Made by lanes.py.\n#include \"lanes.h\"\n")


for i, (_, c, p) in enumerate(memories):
    for port in ("WR_ADDR", "WR_DATA", "WR_EN"):
        print(table("memory_%d_%s" % (i, port.lower()), [net(b) for b in c["connections"][port]]))
    print("static lanes_word memory_%d[%d];" % (i, p["SIZE"] * p["WIDTH"]))
print("const struct lanes_memory lanes_memories[] = {")
for i, (_, c, p) in enumerate(memories):
    print("    {%d, %d, %d, %d, memory_%d_wr_addr, memory_%d_wr_data, memory_%d_wr_en, memory_%d},"
          % (p["ABITS"], p["SIZE"], p["WIDTH"], p["WR_PORTS"], i, i, i, i))
print("};\nconst int lanes_memory_count = %d;" % len(memories))
print("\n".join(functions("lanes_evaluate", "part", "lanes_word *v", "v", code)))
for name, port in module["ports"].items():
    print(table("port_" + name, [net(b) for b in port["bits"]]))
print("const struct lanes_port lanes_ports[] = {")
for name, port in module["ports"].items():
    print('    {"%s", %d, port_%s},' % (name, len(port["bits"]), name))
print("    {0, 0, 0},\n};")
print(table("flop_d", [net(c["connections"]["D"][0]) for c in flops]))
print("const int *const lanes_flop_d = flop_d;")
print("const int lanes_first_flop = %d, lanes_flops = %d;" % (first_flop, len(flops)))
print("lanes_word lanes_nets[%d];" % net.count())
print("const int lanes_net_count = %d;" % net.count())
