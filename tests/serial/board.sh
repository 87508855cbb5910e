#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# board.sh CASE HSX BOARD_SIM FAULTY_BOARD DEMOS IMAGES PAGE: a user's work with a board, here a
# simulated one.
set -euo pipefail
. "$(dirname "$0")/await.sh"
case=$1 hsx=$2 board_sim=$3 faulty_board=$4 demos=$5 images=$6 page=$7
work=$(mktemp -d)
board=
far=
trap '[ -z "$board$far" ] || kill $board $far 2>/dev/null; rm -rf "$work"' EXIT
line=$work/line
target=serial:$line,patience=60000
ping=("$images/ping.hxe" "$images/pong.hxe")
# stdbuf preloads a library, which ASan would refuse to come after.
export ASAN_OPTIONS=verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}

start_board() {
  "$@" "$line" >"$work/board.out" 2>&1 &
  board=$!
  await "$board" -e "$line" "$work/board.out"
}

# expect CODE COMMAND...: it must end with this exit status.
expect() {
  local wanted=$1 code=0
  shift
  "$@" || code=$?
  [ "$code" = "$wanted" ] || { echo "exit status $code, expected $wanted: $*"; cat "$work"/*.err; exit 1; }
}

# The output of a run without cycles and time.
tasks() { grep -E '^ +[0-9]+ ' "$1"; }

# one_error TEXT: standard error must be one line with this text.
one_error() {
  [ "$(wc -l <"$work/got.err")" = 1 ] && grep -qF "$1" "$work/got.err" ||
    { echo "expected one line with '$1', got:"; cat "$work/got.err"; exit 1; }
}

case $case in
run_reports_the_same_as_the_vm)
  start_board "$board_sim" --link
  for where in vm "$target"; do
    echo served | expect 3 "$hsx" run --target "$where" --stdin "${ping[@]}" >"$work/got.out" 2>"$work/got.err"
    [ "$where" = vm ] && mv "$work/got.out" "$work/vm.out" && mv "$work/got.err" "$work/vm.err"
  done
  cmp "$work/vm.out" "$work/got.out"
  grep -q served "$work/vm.out"
  diff <(tasks "$work/vm.err") <(tasks "$work/got.err")
  ;;
trace_of_a_shell_agrees_with_the_model)
  start_board "$board_sim" --link
  for where in vm "$target"; do
    printf '%s\n' "trace on $work/trace" "load ${ping[0]}" "load ${ping[1]}" continue "trace off" ps |
      "$hsx" shell --target "$where" >"$work/shell.out"
    [ "$where" = vm ] && mv "$work/trace" "$work/vm.trace" && mv "$work/shell.out" "$work/vm.out"
  done
  cmp "$work/vm.out" "$work/shell.out"
  "$hsx" trace check "$work/trace" "${ping[@]}"
  "$hsx" trace diff "$work/vm.trace" "$work/trace"
  ;;
trace_of_the_demo_leaves_the_board)
  # More events than fit in the board's trace.
  start_board "$board_sim" --link
  demo=("$demos/producer.hxe" "$demos/consumer.hxe")
  "$hsx" run --trace "$work/vm.trace" "${demo[@]}" >"$work/vm.out" 2>"$work/vm.err"
  expect 0 "$hsx" run --target "$target" --trace "$work/trace" "${demo[@]}" >"$work/got.out" 2>"$work/got.err"
  cmp "$work/vm.out" "$work/got.out"
  diff <(tasks "$work/vm.err") <(tasks "$work/got.err")
  "$hsx" trace check "$work/trace" "${demo[@]}" | grep -qx '[0-9]\{4,\} events agree with the C model'
  "$hsx" trace diff "$work/vm.trace" "$work/trace"
  ;;
lock_step_compares_each_instruction)
  start_board "$faulty_board"
  for ticks in 3 1000; do
    echo served | expect 0 "$hsx" cosim --target "$target" --stdin --check-steps 100 \
      --tick-steps "$ticks" "${ping[@]}" >"$work/got.out" 2>"$work/got.err"
  done
  grep -E 'lock-step: [0-9]{2,} records compared, [0-9]+ comparisons of the whole state, 0 divergences' "$work/got.err"
  ;;
page_has_three_commands_that_run_the_demo)
  # Building is this test's build; the others run as they stand there.
  sed -n '/^## Without a board/,/^## Boards/s/^    //p' "$page" >"$work/commands"
  [ "$(wc -l <"$work/commands")" = 3 ]
  grep -qx './build.sh board sim' "$work/commands"
  sed -i "1d; s|build/release|${hsx%/hsx}|g; s|&$|>board.out 2>\&1 \& board=\$!; await \$board -e board board.out|" "$work/commands"
  cd "$work"
  . ./commands >got.out 2>got.err || { cat got.err; exit 1; }
  "$hsx" run "$demos/producer.hxe" "$demos/consumer.hxe" >vm.out 2>vm.err
  cmp vm.out got.out
  diff <(tasks vm.err) <(tasks got.err)
  ;;
a_reset_is_one_error)
  start_board "$board_sim" --link
  stdbuf -oL "$hsx" run --target "$target" "$demos/producer.hxe" "$demos/consumer.hxe" >"$work/got.out" 2>"$work/got.err" &
  run=$!
  await "$run" -s "$work/got.out" "$work/got.err"
  kill -USR1 "$board"
  expect 1 wait "$run"
  one_error 'the board was reset: what it held is lost'
  ;;
a_signal_holds_the_core_and_ends_the_run)
  # The board runs freely, or does one step at a time for the lock-step.
  for command in run cosim; do
    if [ "$command" = run ]; then start_board "$board_sim" --link; else start_board "$faulty_board"; fi
    stdbuf -oL "$hsx" "$command" --target "$target" "$demos/producer.hxe" "$demos/consumer.hxe" >"$work/got.out" 2>"$work/got.err" &
    run=$!
    await "$run" -s "$work/got.out" "$work/got.err"
    kill -TERM "$run"
    expect 143 wait "$run"
    grep -q '^interrupted: ' "$work/got.err"
    kill "$board"
    wait "$board" || true
    board=
    rm -f "$work/got.out" "$line"
  done
  grep -q ', 0 divergences' "$work/got.err"
  ;;
a_trace_of_a_board_that_is_reset_is_one_error)
  # While its memory is read for the start of the trace.
  start_board "$faulty_board" -q 10000 -e 100 -r 1000
  expect 1 "$hsx" run --target "$target" --trace "$work/trace" "${ping[@]}" 2>"$work/got.err"
  one_error 'the board was reset: what it held is lost'
  [ ! -e "$work/trace" ]
  ;;
a_board_that_is_reset_while_its_trace_is_read_is_one_error)
  # After so many bytes, each time at another place in an event's words.
  for bytes in 120000 120100 120200; do
    "$board_sim" --link "$work/far" >"$work/far.out" 2>&1 &
    far=$!
    await "$far" -e "$work/far" "$work/far.out"
    start_board "$faulty_board" -l "$work/far" -b "$far" -q "$bytes" -e 100 -r 1000
    expect 1 "$hsx" run --target "$target" --trace "$work/trace" "$demos/producer.hxe" "$demos/consumer.hxe" \
      >"$work/got.out" 2>"$work/got.err"
    one_error 'the board was reset: what it held is lost'
    [ ! -e "$work/trace" ]
    kill "$board" "$far"
    wait "$board" "$far" || true
    board=
    far=
    rm -f "$line" "$work/far"
  done
  ;;
a_board_with_small_memories_is_one_error)
  start_board "$faulty_board" -m 4096
  expect 1 "$hsx" run --target "$target" "${ping[@]}" 2>"$work/got.err"
  one_error 'the board has 4096 bytes of code memory and 4096 of data, expected 65536 of each'
  ;;
what_is_no_board_is_one_error)
  expect 1 "$hsx" run --target "serial:$work/none" "${ping[@]}" 2>"$work/got.err"
  one_error 'No such file or directory'
  : >"$work/file"
  expect 1 "$hsx" shell --target "serial:$work/file" -c ps 2>"$work/got.err"
  one_error 'not a terminal device'
  expect 2 "$hsx" run --target "serial:$work/none,baud=12345" "${ping[@]}" 2>"$work/got.err"
  one_error "baud is '12345', expected a usual rate from 9600 to 4000000"
  expect 2 "$hsx" run --target "serial:$work/none,speed=1" "${ping[@]}" 2>"$work/got.err"
  one_error "'speed=1' is no option of a serial line"
  start_board "$board_sim" --link
  kill -STOP "$board"
  expect 1 "$hsx" run --target "serial:$line,timeout=20,patience=100" "${ping[@]}" 2>"$work/got.err"
  one_error 'the board does not answer'
  exec 3<>"$line"
  flock 3
  expect 1 "$hsx" run --target "serial:$line" "${ping[@]}" 2>"$work/got.err"
  one_error 'another program uses it'
  kill -CONT "$board"
  ;;
the_simulated_board_refuses_what_it_cannot_do)
  expect 2 "$board_sim" line 2>"$work/got.err"
  grep -qF "'line' is not expected" "$work/got.err"
  expect 2 "$board_sim" --rate=1 2>"$work/got.err"
  expect 1 "$board_sim" --link "$work/none/line" 2>"$work/got.err"
  one_error 'No such file or directory'
  : >"$work/file"
  expect 1 "$board_sim" --link "$work/file" 2>"$work/got.err"
  one_error 'File exists'
  expect 1 "$board_sim" --link "$work/line" 2>"$work/got.err" >/dev/full
  one_error 'standard output: No space left on device'
  [ ! -e "$work/line" ]
  expect 1 "$board_sim" --help 2>"$work/got.err" >/dev/full
  one_error 'standard output: No space left on device'
  ;;
*)
  echo "no such case: $case"
  exit 1
  ;;
esac
