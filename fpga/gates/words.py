# SPDX-License-Identifier: Apache-2.0
"""What writes Yosys' netlists as C in which each bit of a word is another core."""

CHUNK = 200  # statements of a function: compilers take long for one of all


def number(text):
    return int(text.replace("x", "0"), 2)


class Nets:
    """Numbers of bits: 0 and 1 are constants, the first of a netlist's own is `first`."""

    def __init__(self, first):
        self.numbers = {"0": 0, "1": 1, "x": 0, "z": 0}
        self.offset = first - len(self.numbers)

    def __call__(self, bit):
        return self.numbers.setdefault(bit, self.count())

    def __contains__(self, bit):
        return bit in self.numbers

    def count(self):
        return len(self.numbers) + self.offset


def visit(bit, driver, done, needs, make):
    """Calls make(bit, what drives it) for what drives a bit, after all that this needs, once each.

    needs(what drives) is the bits; make puts the bit into done."""
    stack = [bit]
    while stack:
        bit = stack[-1]
        d = driver.get(bit)
        if d is None or bit in done:
            stack.pop()
            continue
        missing = [b for b in needs(d) if b in driver and b not in done]
        if missing:
            stack += missing
            continue
        stack.pop()
        make(bit, d)


def functions(name, part, parameters, arguments, statements):
    """Lines of a function of the statements, in parts."""
    starts = range(0, len(statements), CHUNK)
    lines = []
    for start in starts:
        lines.append("static void %s_%d(%s)\n{" % (part, start // CHUNK, parameters))
        lines += ["    " + line for line in statements[start : start + CHUNK]]
        lines.append("}")
    lines.append("void %s(%s)\n{" % (name, parameters))
    lines += ["    %s_%d(%s);" % (part, start // CHUNK, arguments) for start in starts]
    return lines + ["}"]


def table(name, values, storage="static "):
    return "%sconst int %s[] = {%s};" % (storage, name, ", ".join(map(str, values)) or "0")
