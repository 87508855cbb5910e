#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# score.sh RESULTS [PAGE]: the score of each module from the lines of mutate.sh as a Markdown table,
# and the surviving mutants. A mutant proved equal to the core does not count. With PAGE they are
# also written there.
set -eu
if [ $# -gt 1 ]; then
  said=$("$0" "$1")
  printf '%s\n' "$said"
  printf '%s\n' "$said" | "$(dirname "$0")/../publish.sh" "$2" mutants
  exit
fi
awk -F '\t' '
  { at = $1 "-" $2; module[at] = $3; last[at] = $6 }
  END {
    guards = "guards, windows, queue, translation"
    print "| module | mutants | equal to the core | found | by cycles alone | live | score |"
    print "|---|--:|--:|--:|--:|--:|--:|"
    for (at in last) {
      m = module[at]
      if (last[at] ~ /^equal/) equal[m]++
      else if (last[at] == "survives" || last[at] == "unknown" || last[at] ~ /^lives/) lives[m]++
      else { found[m]++; if (last[at] ~ /cycles/) slow[m]++ }
      all[m]++
    }
    for (m in all) {
      line(m, "sort")
      n += all[m]; e += equal[m]; f += found[m]; s += slow[m]; l += lives[m]
    }
    close("sort")
    # the modules with an aim of their own
    count = split("hsx_address hsx_ready_fifo hsx_stack_guard hsx_translate hsx_window_ram hsx_windows", aim, " ")
    for (i = 1; i <= count; i++) {
      m = aim[i]
      all[guards] += all[m]; equal[guards] += equal[m]; found[guards] += found[m]; slow[guards] += slow[m]
      lives[guards] += lives[m]
    }
    line(guards, "cat")
    all["all"] = n; equal["all"] = e; found["all"] = f; slow["all"] = s; lives["all"] = l
    line("all", "cat")
  }
  function line(m, to) {
    printf "| `%s` | %d | %d | %d | %d | %d | %.1f %% |\n", m, all[m], equal[m], found[m], slow[m],
      lives[m], found[m] + lives[m] ? 100 * found[m] / (found[m] + lives[m]) : 100 | to
  }' "$1"
echo
echo '```text'
awk -F '\t' '
  { at = $1 "-" $2; last[at] = $6; text[at] = $4 ": " $5 }
  END {
    for (at in last)
      if (last[at] ~ /^(lives|survives|unknown|lives so far|lives on)$/)
        print "lives: " text[at] (last[at] == "lives" ? "" : " (after round " \
          (last[at] == "lives so far" ? 1 : last[at] == "lives on" ? 2 : last[at] == "unknown" ? 3 : 4) ")")
  }' "$1" | sort -V
echo '```'
