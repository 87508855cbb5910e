#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A user's test bench in C++: the installed core, Verilated, against the installed machine.
. "$(dirname "$0")/common.sh" "$@"
export PKG_CONFIG_PATH=$lib/pkgconfig
rtl=$(pkg-config --variable=rtldir hsx)
# shellcheck disable=SC2046
verilator --cc --exe --build --no-timing -O3 -I"$rtl" -GCONTEXTS=2 -GWINDOWS=2 \
  --top-module hsx_sim_top -Mdir obj "$rtl/../sim/hsx_sim_top.v" $(sed "s|^|$rtl/|" "$rtl/hsx.f") \
  "$examples/bench.cpp" -CFLAGS "$(pkg-config --cflags hsx)" -MAKEFLAGS "CXX=$CXX VM_PARALLEL_BUILDS=0 OPT_FAST=-O0 OPT_GLOBAL=-O0" \
  -LDFLAGS "$(pkg-config --libs hsx) -Wl,-rpath,$lib" >log 2>&1 || fail "$(cat log)"
expect "PASS R0 = 55, 33 instructions" obj/Vhsx_sim_top
