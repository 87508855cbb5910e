#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pace.sh HSX IMAGE TASKS WANTED [OPTION...]: that many tasks of a loop take WANTED hundredths of a cycle
# for an instruction, or up to two more, which the begin and the end cost.
set -euo pipefail
hsx=$1 image=$2 tasks=$3 wanted=$4
shift 4
images=()
for ((i = 0; i < tasks; i++)); do
  images+=("$image")
done
said=$("$hsx" cosim "$@" "${images[@]}" 2>&1)
[[ $said =~ \ ([0-9]+)\ steps,\ ([0-9]+)\ cycles ]] || { echo "no steps and cycles in: $said"; exit 1; }
steps=${BASH_REMATCH[1]} cycles=${BASH_REMATCH[2]}
got=$((100 * cycles / steps))
if ((got < wanted || got > wanted + 2)); then
  echo "$tasks tasks: $steps steps in $cycles cycles, $got hundredths a step, expected $wanted"
  exit 1
fi
