#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A LiteX SoC with the core in Icarus, with cocotb on its serial line. HOST: uartbone, without a CPU,
# or cpu, PicoRV32.
. "$(dirname "$0")/common.sh" "$@"
host=$4
here=$source/tests/flows/litex
need_python litex cocotb
options=()
[ "$host" = uartbone ] ||
  options=(--cpu-type picorv32 --make-rom "$here/firmware.sh $source $python/bin/python")
run python "$source/fpga/litex/soc.py" --baudrate 1500000 "${options[@]}" soc
cd soc
run iverilog -g2005 -s soc -c soc.f -o soc.vvp
export PYTHONPATH=$here MODULE=test_$host TOPLEVEL=soc TOPLEVEL_LANG=verilog
run vvp -M "$(cocotb-config --lib-dir)" -m libcocotbvpi_icarus soc.vvp
grep -q '\*\* TESTS=1 PASS=1 FAIL=0 SKIP=0 ' log || fail "$(cat log)"
