#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The FuseSoC cores: lint, simulation, and the commands of synthesis. BOOT is the ROM of the
# example.
. "$(dirname "$0")/common.sh" "$@"
boot=$4

# FuseSoC reads no rtl/hsx.f: its core must list the same files.
diff <(cat "$source/rtl/hsx.f"; cd "$source/rtl" && ls ./*.vh | sed 's|^./||') \
  <(sed -n 's/^      - \(hsx_[a-z0-9_]*\.vh\?\).*/\1/p' "$source/rtl/hsx.core") ||
  fail "rtl/hsx.core (>) lists other files than rtl/hsx.f and the headers (<)"
diff <(cat "$source/fpga/soc/hsx_soc.f"; cd "$source/fpga/soc" && ls ./*.vh | sed 's|^./||') \
  <(sed -n 's/^      - \(hsx_[a-z0-9_]*\.vh\?\).*/\1/p' "$source/fpga/soc/hsx_soc.core") ||
  fail "fpga/soc/hsx_soc.core (>) lists other files than hsx_soc.f and the headers (<)"
diff <(sed -n 's/^  parameter integer \([A-Z0-9_]*\) .*/\1/p' "$source/rtl/hsx_core.v") \
  <(sed -n 's/^  \([A-Z0-9_]*\): {datatype.*/\1/p' "$source/rtl/hsx.core") ||
  fail "rtl/hsx.core (>) has other parameters than hsx_core (<)"

need_python fusesoc
fusesoc=(fusesoc)
for folder in rtl sim/rtl fpga; do fusesoc+=(--cores-root "$source/$folder"); done

run "${fusesoc[@]}" run --target=lint hsx:core:hsx --CONTEXTS=128
grep -q '^-GCONTEXTS=128\|CONTEXTS=128' build/hsx_core_hsx_*/lint/*.vc || fail "a parameter was lost"
run "${fusesoc[@]}" run --target=sim hsx:core:hsx
grep -q '^PASS R0 = 55 after 33 instructions' log || fail "$(cat log)"

# Synthesis itself takes minutes.
run "${fusesoc[@]}" run --setup --target=synth hsx:core:hsx --HAS_FP16=0
grep -q 'chparam -set HAS_FP16 0' build/hsx_core_hsx_*/synth/*.tcl || fail "a parameter was lost"
run "${fusesoc[@]}" run --setup --target=synth hsx:boards:hsx_example --ROM="$boot"
grep -q -- '--pcf .*hsx_example.pcf' build/hsx_boards_hsx_example_*/synth/Makefile ||
  fail "no pins for the board"
for board in icebreaker hx8k_breakout ulx3s; do
  run "${fusesoc[@]}" run --setup --target=$board hsx:boards:hsx_boards
  grep -q -- "--[pl][cp]f .*hsx_$board" build/hsx_boards_hsx_boards_*/$board/Makefile ||
    fail "no pins for $board"
done
