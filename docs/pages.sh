#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pages.sh SOURCE_DIR: checks that pages agree with each other: each link to a file exists;
# decisions.md lists each of its headings once; README's row of this core is that of fpga.md
# and bench.md, its verification figures are those of verification.md.
set -euo pipefail
cd "$1"
bad=0
fail() {
  echo "$*"
  bad=1
}

for page in README.md docs/*.md; do
  while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || fail "$page: there is no $link"
  done < <(grep -o '](\([^) ]*\))' "$page" | sed 's/^](//; s/)$//; s/#.*//' | grep -v -e '^$' -e : | sort -u)
done

headings=$(sed -n 's/^## //p' docs/decisions.md)
listed=$(sed -n 's/^- \[\(.*\)\](#[^)]*)$/\1/p' docs/decisions.md)
[ "$(sort <<<"$headings")" = "$(sort <<<"$listed")" ] ||
  fail "docs/decisions.md: index and headings differ: $(diff <(sort <<<"$headings") <(sort <<<"$listed") | grep '^[<>]')"

read -r cells clock < <(awk -F' *[|] *' '$2 == "hx8k" && $3 == 16 && $4 == "none" {print $5, $9; exit}' docs/fpga.md)
alone=$(awk -F' *[|] *' '/^\| 1 \|/ {printf "%.2f", $3; exit}' docs/bench.md)
three=$(awk -F' *[|] *' '/^\| 3 \|/ {printf "%.2f", $3; exit}' docs/bench.md)
row="| HSX, 16 contexts, all units | $cells LC, iCE40 | $clock MHz, iCE40HX8K | $alone alone, $three from three tasks on | 0 cycles |"
grep -qxF "$row" README.md || fail "README.md: expected, from docs/fpga.md and docs/bench.md: $row"

figures=$(awk -F' *[|] *' '
  $2 ~ /^`/ && $4 == "unbounded" { proved++ }
  $2 ~ /^`/ && $4 ~ /^[0-9]+ cycles$/ { bounded++ }
  $2 == "`all`" && NF == 9 { mutants = $3; score = $8 } # of the core, not those of C
  $2 == "verilator" && $3 == "all" { programs = $4; steps = $5; diverged = $10 }
  END { printf "%d unbounded proofs, %d bounded; %d random programs in lock-step, %d steps, ",
               proved, bounded, programs, steps
        printf "%d divergences; %s of %d mutants found", diverged, score, mutants }' docs/verification.md)
grep -qxF "$figures" README.md || fail "README.md: expected, from docs/verification.md: $figures"
exit $bad
