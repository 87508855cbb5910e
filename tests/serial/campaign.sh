#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# campaign.sh [--trace] HSX DEMOS FAULTY_BOARD FAULTS [SEED [BOARD_SIM]]: runs the mailbox demo on a
# board whose line is faulty, again and again until there were so many faults. Each run must end with
# the right result, or with exit status 1 and one line that says why; with --trace its trace must agree
# with the C model. With BOARD_SIM the board at the end of the line is that one: slow, but with the
# bridge and the trace of fpga/soc. A run of more than LIMIT seconds, 400 by default, is a hang.
# With BOARD_SIM there is a fault in EVERY bytes, 400 by default; where the machine has other work, a
# request needs a longer TIMEOUT than 400 ms, and the line more PATIENCE than 60000 ms.
# Of 1000 faults RESETS press the reset button, which ends a run; 2 by default.
set -euo pipefail
. "$(dirname "$0")/await.sh"
trace=
if [ "$1" = --trace ]; then
  trace=1
  shift
fi
hsx=$1 demos=$2 faulty_board=$3 wanted=$4 seed=${5:-1} board_sim=${6:-}
work=$(mktemp -d)
board= far=
trap '[ -z "$board$far" ] || kill $board $far 2>/dev/null; rm -rf "$work"' EXIT

images=("$demos/producer.hxe" "$demos/consumer.hxe")
tasks() { grep -E '^ +[0-9]+ ' "$1" || true; }
"$hsx" run "${images[@]}" >"$work/right.out" 2>"$work/right.err"
tasks "$work/right.err" >"$work/right.tasks"

fail() {
  echo "seed $seed: $1"
  cat "$work/err"
  exit 1
}

# One run; adds to right or refused.
right=0 refused=0 faults=0 runs=0
one_run() {
  local code=0 said
  local options=() traced=() timeout=15
  local every=400
  # A board without a trace is traced an instruction at a time: there is far more on the line.
  [ -z "$trace" ] || { traced=(--trace "$work/trace") every=4000; }
  mkfifo "$work/said"
  if [ -n "$board_sim" ]; then
    "$board_sim" --link "$work/far" >"$work/name" 2>&1 &
    far=$!
    await "$far" -e "$work/far" "$work/name"
    # The bridge listens again after 10 ms of the board's time.
    options=(-l "$work/far" -b "$far") timeout=${TIMEOUT:-400} every=${EVERY:-400}
  fi
  "$faulty_board" "${options[@]}" -s "$seed" -e "$every" -r "${RESETS:-2}" -p 4 "$work/line" >"$work/said" &
  board=$!
  exec 3<"$work/said"
  rm "$work/said"
  read -r _ <&3
  timeout "${LIMIT:-400}" "$hsx" run --target "serial:$work/line,timeout=$timeout,patience=${PATIENCE:-60000}" "${traced[@]}" \
    "${images[@]}" \
    >"$work/out" 2>"$work/err" || code=$?
  kill "$board"
  wait "$board" || fail "the board failed"
  [ -z "$far" ] || kill "$far"
  board= far=
  read -r said <&3
  exec 3<&-
  for word in $said; do
    [[ $word =~ ^[0-9]+$ ]] && faults=$((faults + word))
  done
  case $code in
  0)
    cmp "$work/out" "$work/right.out" || fail "a wrong result"
    tasks "$work/err" | cmp - "$work/right.tasks" || fail "a wrong result"
    [ -z "$trace" ] || "$hsx" trace check "$work/trace" "${images[@]}" >"$work/check" ||
      fail "a wrong trace"
    right=$((right + 1))
    ;;
  1)
    # What the tasks came to is there if it was the trace's last look at the board that failed.
    [ "$(grep -vcE '^ +[0-9]+ |^  pid  name |^all tasks have ended: ' "$work/err")" = 1 ] ||
      fail "more than one error"
    grep -qE 'was reset|is gone|does not answer' "$work/err" || fail "another error"
    cmp -n "$(stat -c %s "$work/out")" "$work/out" "$work/right.out" || fail "a wrong result"
    refused=$((refused + 1))
    ;;
  124) fail "a hang" ;;
  *) fail "exit status $code" ;;
  esac
}

while [ "$faults" -lt "$wanted" ]; do
  one_run
  runs=$((runs + 1)) seed=$((seed + 1))
done
echo "$faults faults in $runs runs: $right right, $refused refused with one error, 0 wrong, 0 hangs"
[ "$right" -gt 0 ]
