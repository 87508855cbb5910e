# SPDX-License-Identifier: Apache-2.0
# same.py NETLIST.json ABC WORK MUTANT...: which of the mutants are the core? NETLIST.json is that of lanes.py.
# Prints a line for each: the mutant, a tab, "equal" or "unknown".
#
# Core and mutant run side by side, from power-up with registers at 0 and a reset, with the same inputs:
# any resets, any accesses of a master that keeps each until its acknowledge, anything in memories
# and RAMs. A mutant is equal when ABC proves that these agree in each cycle:
# - the retirement port, the host port, the trap ports and `held`, where lanes.c looks at them, and
#   like there not in a reset and the four cycles after one;
# - what is written to code and data memory;
# - what is written to each column of a RAM in the core that has a part in the rest, where it is enabled.
# A memory or RAM that is read by both in the same cycle at the same address shows both the same, else
# it shows the two any words. The outer memories keep theirs until they are read again.
#
# ABC merges registers that are the same in both, and makes an induction over up to five cycles from
# what is left; that knows few states that the core never reaches, so that "unknown" says nothing.
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(__file__), "../../fpga/gates"))
from words import visit

HIDDEN = 4  # cycles after a reset
RECORD = """ret_order ret_event ret_slot ret_insn ret_ext_valid ret_pc ret_next_pc ret_sp ret_depth ret_psw ret_rd_we
            ret_r15_we ret_mem_re ret_mem_we ret_turn_first ret_turn_rotate""".split()
MASTER = ["wb_cyc", "wb_stb", "wb_we", "wb_adr", "wb_sel", "wb_dat_i"]
OUTSIDE = {"data_rdata": ("data_en", "data_addr"), "code_rdata_even": ("code_en", "code_addr_even"),
           "code_rdata_odd": ("code_en", "code_addr_odd")}


class Graph:
    """AND gates, inputs and registers that begin with 0, as AIGER numbers them: 2 n, odd for the inverse."""

    def __init__(self):
        self.inputs, self.gates, self.next, self.made, self.nodes = [], [], {}, {}, 0

    def node(self):
        self.nodes += 1
        return 2 * self.nodes

    def input(self):
        self.inputs.append(self.node())
        return self.inputs[-1]

    def register(self):
        literal = self.node()
        self.next[literal] = 0
        return literal

    def both(self, a, b):
        a, b = min(a, b), max(a, b)
        if a == 0 or a == b ^ 1:
            return 0
        if a == 1 or a == b:
            return b
        if (a, b) not in self.made:
            self.made[a, b] = self.node()
            self.gates.append((self.made[a, b], b, a))
        return self.made[a, b]

    def either(self, a, b):
        return self.both(a ^ 1, b ^ 1) ^ 1

    def any(self, literals):
        result = 0
        for literal in literals:
            result = self.either(result, literal)
        return result

    def choose(self, select, a, b):
        return a if a == b else self.either(self.both(select, a), self.both(select ^ 1, b))

    def differ(self, a, b):
        if a >> 1 == b >> 1:
            return (a ^ b) & 1
        return self.either(self.both(a, b ^ 1), self.both(a ^ 1, b))

    def any_differs(self, a, b):
        return self.any(map(self.differ, a, b))

    def behind(self, roots):
        """The nodes that the roots hang on, through registers, too."""
        inputs_of = {gate: (a, b) for gate, a, b in self.gates}
        seen, stack = set(), [root & ~1 for root in roots]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                if node in self.next:
                    stack.append(self.next[node] & ~1)
                stack += [literal & ~1 for literal in inputs_of.get(node, ())]
        return seen

    def write(self, path, output):
        seen = self.behind([output])
        inputs = [i for i in self.inputs if i in seen]
        registers = [r for r in self.next if r in seen]
        gates = [g for g in self.gates if g[0] in seen]
        number = {node: 2 * n for n, node in enumerate([0] + inputs + registers + [g[0] for g in gates])}

        def literal(old):
            return number[old & ~1] | (old & 1)

        out = bytearray(b"aig %d %d %d 1 %d\n" % (len(number) - 1, len(inputs), len(registers), len(gates)))
        for r in registers:
            out += b"%d\n" % literal(self.next[r])
        out += b"%d\n" % literal(output)
        for g, a, b in gates:
            a, b = literal(a), literal(b)
            for delta in (literal(g) - max(a, b), abs(a - b)):
                while delta >= 128:
                    out.append(delta & 127 | 128)
                    delta >>= 7
                out.append(delta)
        with open(path, "wb") as file:
            file.write(out)


class Netlist:
    def __init__(self, path):
        module = json.load(open(path))["modules"]["hsx_core"]
        self.ports = {name: port["bits"] for name, port in module["ports"].items()}
        self.mutants = [name for name in self.ports if re.fullmatch(r"m\d+_\d+", name)]
        self.gates, self.registers, self.rams = {}, [], []
        for _, cell in sorted(module["cells"].items()):
            wires = cell["connections"]
            if cell["type"] == "$_DFF_P_":
                self.registers.append((wires["Q"][0], wires["D"][0]))
            elif cell["type"] == "$mem_v2":
                p = {k: int(cell["parameters"][k], 2) for k in ("WIDTH", "ABITS", "RD_PORTS", "WR_PORTS")}
                self.rams.append((p, wires))
            else:
                self.gates[wires["Y"][0]] = (cell["type"], [wires[k][0] for k in "ABS" if k in wires])


class Copy:
    """The netlist in a graph; on is the mutant's port, or None."""

    def __init__(self, graph, netlist, on):
        self.graph, self.netlist = graph, netlist
        self.value = {"0": 0, "1": 1, "x": 0, "z": 0}
        for name in netlist.mutants:
            self.value[netlist.ports[name][0]] = int(name == on)
        self.value[netlist.ports["clk"][0]] = 0
        for q, _ in netlist.registers:
            self.value[q] = graph.register()

    def put(self, wires, literals):
        self.value.update(zip(wires, literals))

    def get(self, wires):
        for wire in reversed(wires):
            visit(wire, self.netlist.gates, self.value, lambda gate: gate[1], self.make)
        return [self.value[w] for w in wires]

    def make(self, wire, gate):
        g, (kind, inputs) = self.graph, gate
        a, b, s = ([self.value[i] for i in inputs] + [0, 0])[:3]
        self.value[wire] = (g.both(a, b) if kind == "$_AND_" else
                            g.either(a, b) if kind == "$_OR_" else
                            g.differ(a, b) if kind == "$_XOR_" else
                            a ^ 1 if kind == "$_NOT_" else g.choose(s, b, a))


def compare(netlist, mutant):
    """A graph, and its literal that is 1 when core and mutant disagree."""
    g = Graph()
    core, other = Copy(g, netlist, None), Copy(g, netlist, mutant)
    ports = netlist.ports

    def give(name, ours, theirs):
        core.put(ports[name], ours)
        other.put(ports[name], theirs)

    def free(count):
        return [g.input() for _ in range(count)]

    def kept(values):
        registers = [g.register() for _ in values]
        g.next.update(zip(registers, values))
        return registers

    begun = g.register()
    g.next[begun] = 1
    rst = g.either(g.input(), begun ^ 1)
    give("rst", [rst], [rst])
    resets = [rst]
    for _ in range(HIDDEN):
        resets += kept(resets[-1:])
    shown = g.any(resets) ^ 1

    pending = g.register()
    master = {}
    for name in MASTER:
        before = [g.register() for _ in ports[name]]
        master[name] = [g.choose(pending, b, f) for b, f in zip(before, free(len(before)))]
        g.next.update(zip(before, master[name]))
        give(name, master[name], master[name])

    read = {}
    for name in OUTSIDE:
        ours_reads, theirs_reads, same = read[name] = [g.register() for _ in range(3)]
        count = len(ports[name])
        word, another = free(count), free(count)
        ours, theirs = [g.register() for _ in word], [g.register() for _ in word]
        now = [g.choose(ours_reads, w, o) for w, o in zip(word, ours)]
        then = [g.choose(theirs_reads, g.choose(same, w, a), t) for w, a, t in zip(word, another, theirs)]
        g.next.update(zip(ours + theirs, now + then))
        give(name, now, then)

    def part(wires, index, width):
        return wires[index * width:(index + 1) * width]

    columns = []  # inputs that show it, and what must not be
    for p, wires in netlist.rams:
        column = [([], []) for _ in range(p["WIDTH"])]
        for port in range(p["RD_PORTS"]):
            address = part(wires["RD_ADDR"], port, p["ABITS"])
            apart = g.any_differs(core.get(address), other.get(address))
            for wire, (inputs, _) in zip(part(wires["RD_DATA"], port, p["WIDTH"]), column):
                bit, another = free(2)
                inputs += [bit, another]
                core.put([wire], [bit])
                other.put([wire], [g.choose(apart, another, bit)])
        columns.append(column)
    for (p, wires), column in zip(netlist.rams, columns):
        for port in range(p["WR_PORTS"]):
            address = part(wires["WR_ADDR"], port, p["ABITS"])
            apart = g.any_differs(core.get(address), other.get(address))
            enable, data = part(wires["WR_EN"], port, p["WIDTH"]), part(wires["WR_DATA"], port, p["WIDTH"])
            for e, f, x, y, (_, wrong) in zip(core.get(enable), other.get(enable), core.get(data),
                                              other.get(data), column):
                wrong.append(g.either(g.differ(e, f), g.both(e, g.either(apart, g.differ(x, y)))))

    def ours(name):
        return core.get(ports[name])

    def differs(*names):
        return g.any(g.any_differs(ours(name), other.get(ports[name])) for name in names)

    def when(name, *names):
        return g.both(ours(name)[0], differs(*names))

    ack = ours("wb_ack")[0]
    seen = g.any([
        differs("ret_valid", "held", "wb_ack", "idle", "trap_valid"),
        g.both(ours("ret_valid")[0], g.any([
            differs(*RECORD), when("ret_ext_valid", "ret_ext"), when("ret_rd_we", "ret_rd", "ret_rd_value"),
            when("ret_mem_re", "ret_mem_width", "ret_mem_addr", "ret_mem_value"),
            when("ret_mem_we", "ret_mem_width", "ret_mem_addr", "ret_mem_value")])),
        g.both(ack, g.both(master["wb_we"][0] ^ 1, differs("wb_dat_o"))),
        when("trap_valid", "trap_kind", "trap_slot", "trap_imm")])

    def strobes(copy, enable, we):
        return [g.both(copy.get(ports[enable])[0], bit) for bit in copy.get(ports[we])]

    bytes_, words = strobes(core, "data_en", "data_we"), strobes(core, "code_en", "code_we")
    wrong = [g.any_differs(bytes_, strobes(other, "data_en", "data_we")),
             g.any_differs(words, strobes(other, "code_en", "code_we")),
             g.both(g.any(bytes_), differs("data_addr")), g.both(words[0], differs("code_addr_even")),
             g.both(words[1], differs("code_addr_odd")), g.both(g.any(words), differs("code_wdata"))]
    for lane, strobe in enumerate(bytes_):
        data = part(ports["data_wdata"], lane, 8)
        wrong.append(g.both(strobe, g.any_differs(core.get(data), other.get(data))))

    g.next[pending] = g.both(g.both(master["wb_cyc"][0], master["wb_stb"][0]), g.both(ack ^ 1, rst ^ 1))
    for name, (enable, address) in OUTSIDE.items():
        ours_reads, theirs_reads, same = read[name]
        (a,), (b,) = ours(enable), other.get(ports[enable])
        g.next.update({ours_reads: a, theirs_reads: b,
                       same: g.both(g.both(a, b), differs(address) ^ 1)})
    for copy in core, other:
        for q, d in netlist.registers:
            g.next[copy.value[q]] = copy.get([d])[0]

    roots = [g.both(shown, seen), g.both(begun, g.any(wrong))]
    left = [c for column in columns for c in column]
    while True:
        behind = g.behind(roots)
        taken = [c for c in left if any(i in behind for i in c[0])]
        if not taken:
            return g, g.any(roots)
        left = [c for c in left if c not in taken]
        roots += [g.both(begun, g.any(c[1])) for c in taken]


def proven(abc, work, cycles):
    commands = "read_aiger %s.aig\nstrash\nlcorr\nsat\nbmc3 -F %d\nind -F %d\n" % (work, cycles + 1, cycles)
    with open(work + ".abc", "w") as file:
        file.write(commands)
    try:
        said = subprocess.run([abc, "-f", work + ".abc"], capture_output=True, text=True, timeout=100).stdout
    except subprocess.TimeoutExpired:
        return False
    # Without registers "sat" says it, and the others fail.
    return "UNSATISFIABLE" in said or (
        "Networks are equivalent" in said and "No output asserted in %d frames" % (cycles + 1) in said)


def same(netlist, mutant, abc, work):
    graph, differ = compare(netlist, mutant)
    if differ == 0:
        return True
    graph.write(work + ".aig", differ)
    return any(proven(abc, work, cycles) for cycles in (1, 5))


netlist = Netlist(sys.argv[1])
for mutant in sys.argv[4:]:
    print("%s\t%s" % (mutant, "equal" if same(netlist, mutant, sys.argv[2], sys.argv[3]) else "unknown"),
          flush=True)
