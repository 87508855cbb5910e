#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh DIR: all parts of a campaign in one report: programs by number of tasks, failures, points of
# coverage and holes. Ends with status 10 if a program diverged.
set -eu
dir=$1
set -- "$dir"/*.said
[ -f "$1" ] || { echo "report.sh: no part of a campaign in $dir" >&2; exit 1; }

awk '
  /^[0-9]+ programs of [0-9]+ tasks: / {
    tasks = $4
    programs[tasks] += $1; steps[tasks] += $6; cycles[tasks] += $8; records[tasks] += $10
    faults[tasks] += $13; svcs[tasks] += $15; diverged[tasks] += $17; parts[tasks]++
  }
  END {
    print "| tasks | programs | steps in lock-step | cycles | records compared | faults | SVCs | divergences |"
    print "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for (tasks in programs) {
      line(tasks, "sort -t\"|\" -n -k 2")
      programs["all"] += programs[tasks]; steps["all"] += steps[tasks]; cycles["all"] += cycles[tasks]
      records["all"] += records[tasks]; faults["all"] += faults[tasks]; svcs["all"] += svcs[tasks]
      diverged["all"] += diverged[tasks]
    }
    close("sort -t\"|\" -n -k 2")
    line("all", "cat")
  }
  function line(t, to) {
    printf "| %s | %d | %d | %d | %d | %d | %d | %d |\n", t, programs[t], steps[t], cycles[t], records[t],
      faults[t], svcs[t], diverged[t] | to
  }' "$@"

echo
echo '```text'
awk '/^part / { print $2, $2 + $3 - 1 }' "$@" | sort -n | awk '
  NR > 1 && $1 == last + 1 { last = $2; next }
  NR > 1 { printf "seeds %d to %d\n", first, last }
  { first = $1; last = $2 }
  END { printf "seeds %d to %d\n", first, last }'

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
! grep -q '^part [0-9]* [0-9]* 10$' "$@" || exit 10
