#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# plant.sh YOSYS RTL COUNT SEED OUT: writes OUT.v, the core of RTL with COUNT mutants in it, each
# behind its number, OUT.list, a line for each:
#   number module file:line what
# (in the order of columns, with tabs), OUT.il, the core without mutants, and OUT.mutations, which
# Yosys makes of it. Modules stay apart, so that the harness finds its RAMs.
set -eu
yosys=$1 rtl=$2 count=$3 seed=$4 out=$5

# A clock stays a clock: a gated one is nobody's slip, and the harness moves but one.
cat >"$out.ys" <<TEXT
read_verilog -D HSX_NO_RAM_INIT -I $rtl $(echo "$rtl"/*.v)
chparam -set CONTEXTS 16 -set WINDOWS 16 hsx_core
hierarchy -check -top hsx_core
proc
opt_expr
opt_clean
write_rtlil $out.il
mutate -list $((count + count / 4 + 10)) -seed $seed -o $out.candidates * t:\$mem* %d
TEXT
cat >>"$out.ys" <<'TEXT'
!awk -v count=COUNT '!/-port (CLK|clk) / && n < count { sub(/^mutate /, "&-ctrl mutsel 16 " ++n " "); print }' OUT.candidates >OUT.mutations
TEXT
sed -i "s|count=COUNT|count=$count|; s|OUT\.|$out.|g" "$out.ys"
cat >>"$out.ys" <<TEXT
script $out.mutations
opt_clean
write_verilog -noattr $out.all
TEXT
"$yosys" -q "$out.ys"

# The selector is no port, but the number that the environment gives.
awk '
  /^module / { top = /^module hsx_core\(/ }
  top { sub(/, mutsel\);$/, ");") }
  top && /^  input \[15:0\] mutsel;$/ { next }
  top && /^  wire \[15:0\] mutsel;$/ { print "  wire [15:0] mutsel = hsx_mutants::number;"; next }
  { print }' "$out.all" >"$out.v"
rm "$out.all" "$out.candidates"

# The source of a cell comes last, behind that of its wire.
awk -v OFS='\t' -v rtl="$rtl/" '
  {
    what = module = source = port = ""
    for (i = 1; i < NF; i++) {
      if ($i == "-mode") what = $(i + 1)
      if ($i == "-module") module = $(i + 1)
      if ($i == "-port") port = $(i + 1)
      if ($i == "-portbit") port = port "[" $(i + 1) "]"
      if ($i == "-ctrlbit") what = what " by bit " $(i + 1)
      if ($i == "-cell") cell = $(i + 1)
      if ($i == "-src") source = $(i + 1)
    }
    gsub(/.*\\hsx_/, "hsx_", module)
    gsub(/\\.*/, "", module)
    sub(/\$\/.*/, "", cell)
    gsub(/[\\$]/, "", cell)
    sub(rtl, "", source)
    sub(/\.[0-9].*/, "", source)
    print $5, module, source, what " of " cell " " port
  }' "$out.mutations" | awk -v OFS='\t' '{ $0 = $0; print }' >"$out.list"
