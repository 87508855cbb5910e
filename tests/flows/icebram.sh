#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Another program in a bitstream, as docs/image.md says: a memory is placed and routed with random
# contents, then a program's words are inserted, and the routed netlist must contain them. HSX,
# IMAGE
. "$(dirname "$0")/common.sh" "$@"
hsx=$4 image=$5
for tool in icebram icebox_vlog nextpnr-ice40 yosys; do
  command -v $tool >/dev/null || { echo "SKIPPED: there is no $tool"; exit 77; }
done
cells=$(yosys-config --datdir 2>/dev/null || echo /usr/share/yosys)/ice40/cells_sim.v
here=$source/tests/flows/icebram

icebram -g -s 1 32 512 >blank.hex
cp "$here/rom.v" "$here/rom.pcf" .
run yosys -q -p "read_verilog rom.v; synth_ice40 -top rom -json rom.json"
run nextpnr-ice40 -q --hx1k --package tq144 --pcf rom.pcf --seed 1 --json rom.json --asc design.asc

run "$hsx" image "$image" --format readmemh --full --output app
grep -v '[@/]' app_even.mem | awk 'NR <= 512' >even.hex
icebram blank.hex even.hex <design.asc >app.asc 2>log || fail "$(cat log)"
run icepack app.asc app.bin

icebox_vlog -n routed -s -p rom.pcf app.asc >routed.v 2>log || fail "$(cat log)"
run iverilog -D NO_ICE40_DEFAULT_ASSIGNMENTS -o rom.vvp -s rom_tb "$here/rom_tb.v" routed.v "$cells"
run vvp -n rom.vvp
shown=$(tr -d '\n' <log)
wanted=$(sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/' even.hex | tr -d '\n')
[ "$(sort -u even.hex | wc -l)" -ge 20 ] || fail "the image has few words"
[[ ${shown,,} == *"${wanted,,}"* ]] || fail "the memory shows something else: ${shown:0:200}"
