#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# plant.sh YOSYS RTL SLICES WORK [SIZE]: 500 mutants, or SIZE, of the core of RTL for each of the slices 1 to
# SLICES.
# Writes into WORK
#   core.il                 the core, not flattened
#   slice_N.mutations       Yosys' mutations of it, one per line
#   slice_N.list            number, module, file:line and what, separated by tabs, one line each
#   lanes.json              the netlist of the core with all mutants, each enabled by an input
#   mN_NUMBER
set -eu
yosys=$1 rtl=$2 slices=$3 work=$4
size=${5:-500}
listed=$((size + size / 4 + 10)) # some are left out

cat >"$work/core.ys" <<TEXT
read_verilog -D HSX_NO_RAM_INIT -I $rtl $(echo "$rtl"/*.v)
chparam -set CONTEXTS 16 -set WINDOWS 16 hsx_core
hierarchy -check -top hsx_core
proc
opt_expr
opt_clean
write_rtlil $work/core.il
mutate -list $listed -seed 101 -o $work/candidates_1 * t:\$mem* %d
TEXT
"$yosys" -q "$work/core.ys"

# Clocks are left alone: nobody gates one by mistake, and the harness drives only one.
: >"$work/all.mutations"
for slice in $(seq "$slices"); do
  [ "$slice" -eq 1 ] || "$yosys" -q -p "read_rtlil $work/core.il
    mutate -list $listed -seed $((100 + slice)) -o $work/candidates_$slice * t:\$mem* %d"
  grep -v -e '-port \(CLK\|clk\) ' "$work/candidates_$slice" | head -n $size >"$work/slice_$slice.mutations"
  awk -v slice="$slice" '{ sub(/^mutate /, "&-ctrl m" slice "_" NR " 1 1 "); print }' \
    "$work/slice_$slice.mutations" >>"$work/all.mutations"

  # The source of a cell comes last, after that of its wire.
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
      print NR, module, source, what " of " cell " " port
    }' "$work/slice_$slice.mutations" >"$work/slice_$slice.list"
done

cat >"$work/lanes.ys" <<TEXT
read_rtlil $work/core.il
script $work/all.mutations
hierarchy -top hsx_core
flatten
opt_clean
memory_collect
opt_clean
setundef -undriven -zero
techmap t:* t:\$mem_v2 %d
simplemap
opt_clean
dffunmap
setundef -zero
abc -fast -g AND,OR,XOR,MUX
opt_clean -purge
write_json $work/lanes.json
TEXT
"$yosys" -q "$work/lanes.ys"
