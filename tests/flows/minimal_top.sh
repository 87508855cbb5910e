#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The minimal top of docs/integration.md as a user's file, with each use of rtl/hsx.f in the page:
# no tool may report anything.
. "$(dirname "$0")/common.sh" "$@"
awk '/^## A minimal top/ { here = 1 } here && /^```$/ { exit } inside { print }
  here && /^```verilog/ { inside = 1 }' "$source/docs/integration.md" >my_top.v
grep -q '^endmodule' my_top.v || fail "the page has no such module"
top=$work/my_top.v
rtl=$source/rtl

silent() {
  local said
  said=$("$@" 2>&1) || fail "$*: status $?: $said"
  [ -z "$said" ] || fail "$*: $said"
}

silent verilator --lint-only -Wall -I"$rtl" -F "$rtl/hsx.f" my_top.v --top-module my_top
silent iverilog -g2005 -Wall -I "$rtl" -y "$rtl" -s my_top -o my_top.vvp my_top.v
cd "$rtl"
silent verilator --lint-only -Wall -f hsx.f "$top" --top-module my_top
silent iverilog -g2005 -Wall -c hsx.f -s my_top -o "$work/listed.vvp" "$top"
