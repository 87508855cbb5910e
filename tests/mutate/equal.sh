#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# equal.sh YOSYS CORE.il MUTATIONS NUMBER WORK: is the core with line NUMBER of MUTATIONS equal to
# the core? Prints "equal" if the solver proves that the mutated unit gives the same outputs and
# next state of its registers for all inputs and states; outputs of units within it are arbitrary.
# Else "unknown": for example, unreachable states are not excluded.
set -eu
yosys=$1 core=$2 mutations=$3 number=$4 work=$5
mutation=$(sed -n "${number}p" "$mutations")
module=$(printf '%s\n' "$mutation" | sed 's/.* -module \([^ ]*\) .*/\1/')

# The unit alone, as module $1.
unit() {
  cat <<TEXT
rename $module $1
hierarchy -top $1
expose -evert $1/c:*
hierarchy -top $1
memory_collect
opt_clean -purge
TEXT
}

cat >"$work.ys" <<TEXT
read_rtlil $core
$mutation
$(unit changed)
write_rtlil $work.changed.il
design -reset
read_rtlil $core
$(unit core)
read_rtlil $work.changed.il
equiv_make core changed both
hierarchy -top both
equiv_simple -undef both
equiv_induct -undef -seq 2 both
equiv_remove both
opt_clean -purge both
equiv_status -assert both
TEXT
if timeout 100 "$yosys" -q "$work.ys" >"$work.log" 2>&1; then
  echo equal
else
  echo unknown
fi
