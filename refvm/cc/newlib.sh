#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# newlib.sh TARBALL CLANG LLVM_LINK WORK HOME: the functions of math.h, made of the source of newlib
# that Debian's newlib-source installs, as HOME/libm.bc with its licence. WORK is a folder for what
# comes between.
set -euo pipefail
tarball=$1 clang=$2 link=$3 work=$4 home=$5
rm -rf "$work"
mkdir -p "$work"
tar -xf "$tarball" -C "$work" --strip-components 1 --wildcards '*/newlib/libm/math' \
  '*/newlib/libm/common' '*/newlib/libc/include' '*/COPYING.NEWLIB'
source=$work/newlib
: >"$source/newlib.h"

sources=()
for name in acos asin atan2 cosh exp fmod hypot log log10 pow rem_pio2 sinh sqrt; do
  sources+=("math/e_$name" "math/ef_$name")
done
for name in cos sin tan rem_pio2; do
  sources+=("math/k_$name" "math/kf_$name")
done
for name in atan ceil cos fabs floor frexp ldexp sin tan tanh; do
  sources+=("math/s_$name" "math/sf_$name")
done
for name in acos asin atan2 cosh exp fmod hypot log log10 pow sinh sqrt; do
  sources+=("math/w_$name" "math/wf_$name")
done
for name in cbrt copysign expm1 fdim finite fmax fmin fpclassify isinf isnan log1p log2 modf nan \
  rint round scalbn trunc; do
  sources+=("common/s_$name" "common/sf_$name")
done
sources+=(common/math_err common/math_errf)

# _IEEE_LIBM: no errno; the old versions are the ones without tables of 2 KiB.
objects=()
for name in "${sources[@]}"; do
  object=$work/${name//\//-}.bc
  "$clang" --target=riscv32-unknown-elf -march=rv32imaf_zfh -mabi=ilp32 -D__hsx__=1 \
    -D__IEEE_LITTLE_ENDIAN -D_IEEE_LIBM -D__OBSOLETE_MATH=1 -I"$source" -I"$source/libm/common" \
    -nostdlibinc -isystem "$source/libc/include" -w -std=gnu11 -fno-builtin -ffp-contract=off \
    -Os -emit-llvm -c -o "$object" "$source/libm/$name.c"
  objects+=("$object")
done
"$link" -o "$work/libm.bc" "${objects[@]}"
cp "$work/COPYING.NEWLIB" "$home/COPYING.NEWLIB"
echo '/* math.h looks for this file: libm.bc is there. */' >"$home/include/hsx_libm.h"
mv "$work/libm.bc" "$home/libm.bc"
