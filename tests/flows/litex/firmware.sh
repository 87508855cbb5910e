#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# firmware.sh SOURCE PYTHON: makes rom.bin from firmware.c, with csr.h in this folder; zig
# provides the linker.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}") source=$1 python=$2
clang --target=riscv32-unknown-elf -march=rv32i -mabi=ilp32 -std=c11 -Os -ffreestanding -fno-builtin \
  -nostdlibinc -Wall -Wextra -Werror -I. -I"$source/fpga/example" -I"$source/refvm/include" \
  -I"$source/rtl/include" -c "$here/start.S" "$here/firmware.c" "$source/fpga/example/host.c"
"$python" -m ziglang ld.lld -T "$here/firmware.ld" -o firmware.elf start.o firmware.o host.o
"$python" -m ziglang objcopy -O binary firmware.elf rom.bin
