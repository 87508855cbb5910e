#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fairness.sh HSX PAGE WORK: three tasks loop over ADD and a fourth over another instruction. The
# cost of a turn of the fourth to the others, in cycles of the Verilated core, must not exceed that
# given in PAGE (docs/security.md) for the instruction.
set -euo pipefail
hsx=$1 page=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# program FILE INSTRUCTIONS: loops over them; ' / ' separates them. R7 is data_base, R8 the task's
# own window, if it is loaded first.
program() {
  {
    echo '.text'
    echo '.entry start'
    echo 'leaf:'
    echo '  RET'
    echo 'start:'
    echo '  LDI32 R1, 0x7FFFFFFF'
    echo '  LDI R2, 1'
    echo '  LDI32 R3, 0x3C01'
    echo '  LDI32 R4, 0x3555'
    echo '  LDI32 R5, 0xFFFFFFFF'
    echo '  LDI32 R6, 0x80000000'
    echo '  LDI32 R10, 0x03FF'
    echo '  LDI32 R11, 0x7BFF'
    echo '  LDI32 R14, 0x7C00'
    echo '  LDI32 R7, words'
    echo '  LDI32 R8, 0x1000'
    echo 'loop:'
    for _ in {1..16}; do echo "  ${2// \/ /$'\n'  }"; done
    echo '  JMP loop'
    echo '.data'
    echo 'words:'
    echo '  .word 1, 2, 3'
  } >"$1.mvasm"
  "$hsx" asm "$1.mvasm" -o "$1.hxe"
}

program add 'ADD R9, R1, R2'
count=0
worst=""
while IFS='|' read -r _ name instruction bound _; do
  bound=${bound// /} name=${name# }
  instruction=${instruction//\`/}
  program it "$instruction"
  "$hsx" run --target rtl --steps 20000 it.hxe add.hxe add.hxe add.hxe >said 2>&1 || true
  cycles=$(sed -n 's/.*20000 steps, \([0-9]*\) cycles.*/\1/p' said)
  [ -n "$cycles" ] && ! grep -q 'FAULTED\|PAUSED\|EXITED\|RETURNED' said || { echo "FAIL: $instruction:"; cat said; exit 1; }
  # a round is a turn of each; one and a half for the start and the loops' jumps
  cost=$(((cycles - 3 * 5000) * 10 / 5000))
  echo "$instruction: $((cost / 10)).$((cost % 10)) cycles a turn, at most $bound"
  [ "$cost" -le $((bound * 10)) ] || worst="$worst $instruction"
  count=$((count + 1))
done < <(sed -n '/^| instruction | in the test/,/^$/p' "$page" | sed 1,2d | sed '/^$/d')
[ "$count" -ge 12 ] || { echo "FAIL: only $count rows in $page"; exit 1; }
[ -z "$worst" ] || { echo "FAIL: more than the page says:$worst"; exit 1; }

# A trace shows which task used the time.
program it 'FDIV R9, R2, R2'
"$hsx" run --target rtl --steps 4000 --trace t.hsxt it.hxe add.hxe add.hxe add.hxe >/dev/null 2>&1 || true
"$hsx" trace stats t.hsxt | tee said
awk '$2 == "it" { it = $5 } $2 == "add" { add += $5 } END { exit !(it > 5 * add) }' said ||
  { echo "FAIL: the division's task did not use most of the cycles"; exit 1; }
