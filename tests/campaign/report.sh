#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh DIR: all parts of a campaign in one report: programs by core and number of tasks, failures, points of
# coverage and holes. Ends with status 10 if a program diverged.
set -eu
dir=$1
set -- "$dir"/*.said
[ -f "$1" ] || { echo "report.sh: no part of a campaign in $dir" >&2; exit 1; }

awk '
  FNR == 1 { said = 0 }
  /^[0-9]+ programs of [0-9]+ tasks: / {
    said = $4
    programs = $1; steps = $6; cycles = $8; records = $10; faults = $13; svcs = $15; diverged = $17
  }
  /^part / && said {
    core = NF > 4 ? $5 : "verilator"
    add(core "\t" said)
    add(core "\tall")
  }
  END {
    print "| core | tasks | programs | steps in lock-step | cycles | records compared | faults | SVCs | divergences |"
    print "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    # By core, then by number of tasks, "all" last. Each line begins with a sort key.
    place = "sort -k 1,1 -k 2,2n | cut -d \" \" -f 3-"
    for (key in sum) {
      split(key, k, "\t")
      print k[1], (k[2] == "all" ? 1000 : k[2]), "| " k[1] " | " k[2] sum[key] " |" | place
    }
  }
  function add(key) {
    n[key, 1] += programs; n[key, 2] += steps; n[key, 3] += cycles; n[key, 4] += records
    n[key, 5] += faults; n[key, 6] += svcs; n[key, 7] += diverged
    sum[key] = ""
    for (i = 1; i <= 7; i++) sum[key] = sum[key] sprintf(" | %.0f", n[key, i])
  }' "$@"

echo
echo '```text'
awk '/^part / { print (NF > 4 ? $5 : "verilator"), $2, $2 + $3 - 1 }' "$@" | sort -k 1,1 -k 2,2n | awk '
  $1 == core && $2 == last + 1 { last = $3; next }
  NR > 1 { printf "%s: seeds %d to %d\n", core, first, last }
  { core = $1; first = $2; last = $3 }
  END { printf "%s: seeds %d to %d\n", core, first, last }'

awk '
  FILENAME ~ /\.coverage$/ { reached[substr($0, index($0, "\t") + 1)] = 1; next }
  /^hole: / { hole[substr($0, 7)] = 1 }
  /^coverage: / { points = $4 }
  END {
    for (name in hole) if (!(name in reached)) { holes++; print "hole: " name | "sort" }
    printf "coverage: %d of %d points\n", points - holes, points
    close("sort")
  }' "$dir"/*.coverage "$@"

grep -hE '^seed [0-9]+: ' "$@" | sort -t ' ' -n -k 2 || true
echo '```'
! grep -qE '^part [0-9]+ [0-9]+ 10( |$)' "$@" || exit 10
