#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# soc.sh HSX BOARD DEMOS: runs the mailbox demo on BOARD, a simulated one, over its serial line. The
# result must equal the VM's.
set -euo pipefail
. "$(dirname "$0")/../../tests/serial/await.sh"
hsx=$1 board=$2 demos=$3
work=$(mktemp -d)
trap 'kill "$!" 2>/dev/null || true; rm -rf "$work"' EXIT
demo=("$demos/producer.hxe" "$demos/consumer.hxe")

"$board" --link "$work/line" >"$work/name" 2>&1 &
await "$!" -e "$work/line" "$work/name"
for where in vm "serial:$work/line,timeout=5000,patience=600000"; do
  "$hsx" run --target "$where" "${demo[@]}" >"$work/${where%%:*}.out" 2>"$work/${where%%:*}.err"
  # A row for each task: its steps and result.
  grep -E '^ +[0-9]+ ' "$work/${where%%:*}.err" >"$work/${where%%:*}.tasks"
done
cmp "$work/vm.out" "$work/serial.out"
diff "$work/vm.tasks" "$work/serial.tasks"
tail -1 "$work/serial.err"
