#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# programs.sh page HSX KINDS PROGRAMS: writes docs/programs.md to standard output.
# programs.sh check HSX KINDS PROGRAMS PAGE: checks that the programs give the right result in
# lock-step, and that the page's instructions, sizes and kinds are up to date. The rest of the page,
# which takes the core some time or needs gcc and QEMU for RISC-V, is not checked.
#
# HSX is the program, KINDS hsx-bench-kinds, PROGRAMS this folder.
set -euo pipefail
action=$1 hsx=$2 kinds=$3 programs=$4 page=${5:-}
names=(sort crc matrix state list string dsp)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# hsx run --json; its messages are shown only when it fails.
run() {
  "$hsx" run --json "$@" >"$work/json" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
}

# The first number after a key in the output of `hsx run --json`.
first_number() {
  grep -o "\"$1\":[0-9]*" "$2" | head -n 1 | cut -d: -f2
}

# Bytes of the program's own functions, from its symbol file.
own_code() {
  awk '/"functions"/ { on = 1 } /"variables"/ { on = 0 }
    on && /"size":/ { gsub(/[^0-9]/, ""); size = $0 }
    on && /"file": "/ { sum += size }
    END { print sum }' "$1"
}

compile() {
  "$hsx" cc -Wall -Wextra -Werror --kinds "$work/$1.kinds" "$programs/$1.c" "$programs/main.c" \
    -o "$work/$1.hxe"
}

measure() {
  run "$work/$1.hxe"
  steps=$(first_number steps "$work/json")
  code=$(own_code "$work/$1.sym")
}

# Shares of the executed instructions: a row of the table.
share() {
  "$kinds" "$work/$1.hxe" "$work/$1.kinds" | awk -v name="$1" '
    { count[$1] = $2 }
    END {
      printf "| %s |", name
      split("work compare order constant move spill frame far", order, " ")
      for (i = 1; i <= 8; i++) printf " %.1f |", 100 * count[order[i]] / count["all"]
      print ""
    }'
}

# Columns of gcc for RV32IM: instructions, bytes, and the ratios of HSX to them.
risc_v() {
  local gcc=riscv64-unknown-elf-gcc instructions size
  if ! command -v $gcc >/dev/null || ! command -v qemu-system-riscv32 >/dev/null; then
    echo "- | - | - | - |"
    return
  fi
  local flags=(-march=rv32im_zicsr -mabi=ilp32 -O2 -ffreestanding -nostdlib -nostartfiles
    "-Wl,--section-start=.start=0x80000000,-Ttext=0x80000100,--no-warn-rwx-segments,--no-relax")
  $gcc "${flags[@]}" -c "$programs/$1.c" -o "$work/$1.o"
  $gcc "${flags[@]}" "$programs/rv32.c" "$work/$1.o" -o "$work/$1.elf"
  instructions=$(timeout 60 qemu-system-riscv32 -M virt -bios none -nographic -icount shift=0 \
    -kernel "$work/$1.elf" </dev/null | tr -d '\r')
  size=$(riscv64-unknown-elf-size -A "$work/$1.o" | awk '/^\.text/ { sum += $2 } END { print sum }')
  awk -v steps="$steps" -v code="$code" -v instructions="$instructions" -v size="$size" 'BEGIN {
    printf "%d | %d | %.2f | %.2f |\n", instructions, size, steps / instructions, code / size }'
}

check() {
  local name row
  compile print
  run "$work/print.hxe"
  for name in "${names[@]}"; do
    compile "$name"
    "$hsx" cosim "$work/$name.hxe" 2>"$work/said" || { cat "$work/said"; exit 1; }
    grep -q ' 0 divergences' "$work/said"
    measure "$name"
    for row in "| $name | $steps | $code |" "$(share "$name")"; do
      grep -qF "$row" "$page" || {
        echo "$page: expected, from this build: $row; rewrite it: build target bench-programs"
        exit 1
      }
    done
  done
}

if [ "$action" = check ]; then
  check
  exit
fi

cat <<'TEXT'
# Programs in C

Written by the build target `bench-programs`, a part of `./build.sh bench`, from the programs in
[sim/bench/programs](../sim/bench/programs), compiled by [`hsx cc`](cc.md) at -O2. Each checks its
result.

| program | what |
|---|---|
| sort | quicksort of 512 words |
| crc | CRC-32 of 1 KiB, by bits and by a table |
| matrix | matrices of 16 by 16 words: product, transposition |
| state | a state machine that takes numbers out of a text |
| list | a linked list: searched, turned round, sorted by merging |
| string | words of a text counted, compared, copied, searched for |
| dsp | filters in fixed point: 16 taps, two of second order |
| print | numbers as text, by snprintf |

## Instructions, cycles and size

Instructions are those of one task from its start to its end, bytes the code of the program's own
functions. Cycles are counted in the Verilated core, with one task and with eight tasks that run the
same program at the same time: all cycles, and the instructions of all tasks in each of them.

gcc 12 for RV32IM (`gcc-riscv64-unknown-elf`, `-march=rv32im -O2`) compiles the same sources; its
instructions are counted by QEMU. "Times" is how many times as many instructions or bytes HSX needs.
All instructions of both have 32 bits, but for LDI32, which has 64.

| program | instructions | bytes | cycles, 1 task | per cycle | cycles, 8 tasks | per cycle | RV32IM instructions | RV32IM bytes | times instructions | times bytes |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
TEXT
for name in "${names[@]}"; do
  compile "$name"
  measure "$name"
  run --target rtl "$work/$name.hxe"
  alone=$(first_number cycles "$work/json")
  image=$work/$name.hxe
  run --target rtl --stack 512 "$image" "$image" "$image" "$image" "$image" "$image" "$image" \
    "$image"
  eight=$(first_number cycles "$work/json")
  all=$(first_number steps "$work/json")
  awk -v name="$name" -v steps="$steps" -v code="$code" -v alone="$alone" -v eight="$eight" \
    -v all="$all" 'BEGIN { printf "| %s | %d | %d | %d | %.2f | %d | %.2f | ", name, steps, code,
      alone, steps / alone, eight, all / eight }'
  risc_v "$name"
done
cat <<'TEXT'

## What instructions are for

In percent of the instructions executed. The compiler notes for each instruction what it is for
(`hsx cc --kinds`), and `hsx-bench-kinds` counts:

| kind | what |
|---|---|
| work | what the program asks for, jumps included |
| compare | the CMP, or the instruction that sets Z of a value |
| order | what makes Z, or a number, of the carry of a comparison by order, and turns signs round: what branches on C, N and V would save |
| constant | LDI and LDI32 of constants and addresses |
| move | MOV from register to register |
| spill | registers to the frame and back |
| frame | frames, saved registers, arguments on the stack |
| far | the ways of jumps and calls that do not reach; none where a program fits in 4 KiB |

| program | work | compare | order | constant | move | spill | frame | far |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
TEXT
for name in "${names[@]}" print; do
  [ "$name" != print ] || compile print
  share "$name"
done
cat <<'TEXT'

`print` is not in the table above: it formats numbers, doubles among them, and so consists of the
library, which lies mostly beyond the reach of jumps.
TEXT
