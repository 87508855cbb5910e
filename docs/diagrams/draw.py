#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw.py NAME.boxes.json: a drawing of boxes and arrows as SVG on standard output.

The source has a title, a width and height, and lists of
  boxes   {"id", "at": [x, y, width, height], "kind", "text": [lines], "units"}
  arrows  {"from": "box.side", "to": "box.side", "via": [[x, y]...], "text", "at": [x, y], "kind"}
  texts   {"at": [x, y], "text", "kind"}
where a side is l, r, t or b, with "+n" or "-n" for a place off its middle. A first line of text
is bold if it begins with "*". {NAME} in a text is the number that refvm/include/hsx/machine.h
gives it, in hexadecimal. {"code": FILE, "pattern": REGEX} in "holds" asks that what the pattern's
group finds in FILE are just the ids of boxes or, with "of": "units", the names in the boxes' lists
"units".
"""
import json
import pathlib
import re
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parents[2]
STYLE = """text { font: 12px sans-serif; fill: #24292f; text-anchor: middle }
text.bold { font-weight: bold } text.small { font-size: 10.5px } text.left { text-anchor: start }
text.right { text-anchor: end } text.mono { font-family: monospace }
rect { stroke: #57606a; stroke-width: 1 } rect.plain { fill: #f6f8fa } rect.state { fill: #ddf4ff }
rect.stage { fill: #fff8c5 } rect.memory { fill: #dafbe1 } rect.end { fill: #ffebe9 }
rect.frame { fill: none; stroke-dasharray: 5 4 }
path.arrow { fill: none; stroke: #57606a; stroke-width: 1.3; marker-end: url(#head) }
path.bypass { stroke: #cf222e } path.control { stroke-dasharray: 4 3 } marker path { fill: #57606a }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } rect { stroke: #8b949e } rect.plain { fill: #21262d }
rect.state { fill: #0c2d6b } rect.stage { fill: #4b3b00 } rect.memory { fill: #033a16 }
rect.end { fill: #5d1214 } path.arrow { stroke: #8b949e } path.bypass { stroke: #ff7b72 }
marker path { fill: #8b949e }
}"""


def fail(text):
    sys.exit(f"{sys.argv[1]}: {text}")


def numbers():
    """Names of machine.h with their numbers."""
    text = (ROOT / "refvm/include/hsx/machine.h").read_text()
    return {name: int(value, 0) for name, value in re.findall(r"(HSX_\w+) = (\w+)", text)
            if re.fullmatch(r"0x[0-9A-Fa-f]+|\d+", value)}


def fill_in(text, known):
    def number(match):
        name, less = match.group(1), int(match.group(2) or 0)
        if name not in known:
            fail(f"{name} is no number of machine.h")
        return f"0x{known[name] - less:04X}"

    return re.sub(r"\{(HSX_\w+)(?:-(\d+))?\}", number, text)


def side(boxes, place):
    """The point of "box.side+n", and the direction out of the box."""
    match = re.fullmatch(r"(\w+)\.([lrtb])([+-]\d+)?", place)
    if not match or match.group(1) not in boxes:
        fail(f"'{place}' is no side of a box")
    x, y, w, h = boxes[match.group(1)]["at"]
    off = int(match.group(3) or 0)
    return {"l": (x, y + h / 2 + off), "r": (x + w, y + h / 2 + off),
            "t": (x + w / 2 + off, y), "b": (x + w / 2 + off, y + h)}[match.group(2)]


def text_at(x, y, text, kind=""):
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def draw_box(box, known):
    x, y, w, h = box["at"]
    lines = box.get("text", [])
    yield f'<rect class="{box.get("kind", "plain")}" x="{x}" y="{y}" width="{w}" height="{h}" rx="5"/>'
    top = y + h / 2 - 7.5 * (len(lines) - 1) + 4
    if box.get("kind") == "frame":
        top = y + 16
    for i, line in enumerate(lines):
        kind = "bold" if line.startswith("*") else "small" if i > 0 else ""
        yield text_at(x + w / 2, top + 15 * i, fill_in(line.lstrip("*"), known), kind)


def draw(source):
    known = numbers()
    boxes = {box["id"]: box for box in source["boxes"]}
    for rule in source.get("holds", []):
        found = set(re.findall(rule["pattern"], (ROOT / rule["code"]).read_text(), re.M))
        named = set(boxes)
        if rule.get("of") == "units":
            named = {unit for box in source["boxes"] for unit in box.get("units", [])}
        if found != named:
            fail(f"boxes and {rule['code']} differ in {', '.join(sorted(found ^ named))}")
    width, height = source["width"], source["height"]
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}">')
    yield f"<title>{escape(source['title'])}</title>\n<style>\n{STYLE}\n</style>"
    yield ('<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
           'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>')
    for box in source["boxes"]:
        yield from draw_box(box, known)
    for arrow in source.get("arrows", []):
        points = [side(boxes, arrow["from"]), *arrow.get("via", []), side(boxes, arrow["to"])]
        path = "L".join(f"{x:g} {y:g}" for x, y in points)
        yield f'<path class="arrow {arrow.get("kind", "")}" d="M{path}"/>'
        if "text" in arrow:
            x, y = arrow.get("at") or [(points[0][i] + points[-1][i]) / 2 for i in (0, 1)]
            for i, line in enumerate(arrow["text"].split("\n")):
                yield text_at(x, y + 13 * i, line, "small " + arrow.get("align", ""))
    for text in source.get("texts", []):
        yield text_at(*text["at"], fill_in(text["text"], known), text.get("kind", ""))
    yield "</svg>"


if len(sys.argv) != 2:
    sys.exit("usage: draw.py NAME.boxes.json")
print("\n".join(draw(json.loads(pathlib.Path(sys.argv[1]).read_text()))))
