#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# newlib.sh TARBALL CLANG LLVM_LINK WORK HOME: bitcode of the functions that the library takes
# from newlib, whose source Debian's newlib-source installs. HOME/libm.bc, with the licence next
# to it, has the functions of math.h; WORK/strings.bc has those of string.h, not optimized, and
# WORK/strings0.bc the same, optimized.
set -euo pipefail
tarball=$1 clang=$2 link=$3 work=$4 home=$5
rm -rf "$work"
mkdir -p "$work"
tar -xf "$tarball" -C "$work" --strip-components 1 --wildcards '*/newlib/libm/math' \
  '*/newlib/libm/common' '*/newlib/libc/include' '*/newlib/libc/string' '*/newlib/libc/stdlib' \
  '*/newlib/libc/search' '*/COPYING.NEWLIB'
source=$work/newlib
: >"$source/newlib.h"

mathematics=()
for name in acos acosh asin atan2 atanh cosh exp fmod hypot log log10 pow rem_pio2 remainder sinh \
  sqrt; do
  mathematics+=("libm/math/e_$name" "libm/math/ef_$name")
done
for name in cos sin tan rem_pio2; do
  mathematics+=("libm/math/k_$name" "libm/math/kf_$name")
done
for name in asinh atan ceil cos erf fabs floor frexp ldexp sin tan tanh; do
  mathematics+=("libm/math/s_$name" "libm/math/sf_$name")
done
for name in acos acosh asin atan2 atanh cosh exp exp2 fmod hypot log log10 pow remainder sinh sqrt; do
  mathematics+=("libm/math/w_$name" "libm/math/wf_$name")
done
for name in cbrt copysign expm1 fdim finite fmax fmin fpclassify ilogb isinf isnan llrint llround \
  log1p log2 logb lrint lround modf nan nearbyint nextafter remquo rint round scalbln scalbn trunc; do
  mathematics+=("libm/common/s_$name" "libm/common/sf_$name")
done
mathematics+=(libm/common/math_err libm/common/math_errf)

strings=()
for name in memccpy memchr memcmp memmem memrchr stpcpy stpncpy strcat strchr strchrnul strcmp \
  strcoll strcpy strcspn strlcat strlcpy strlen strncat strncmp strncpy strnlen strpbrk strrchr \
  strsep strspn strstr strtok_r strxfrm swab; do
  strings+=("libc/string/$name")
done
for name in abs div imaxabs imaxdiv labs ldiv llabs lldiv rand_r; do
  strings+=("libc/stdlib/$name")
done
strings+=(libc/search/bsearch)

# compile OUT "OPTION..." SOURCE...
compile() {
  local out=$1 options=$2 name objects=()
  shift 2
  mkdir -p "$work/${out%.bc}"
  for name in "$@"; do
    # shellcheck disable=SC2086 # several options
    "$clang" --target=riscv32-unknown-elf -march=rv32imaf_zfh -mabi=ilp32 -D__hsx__=1 \
      -I"$source" -nostdlibinc -isystem "$source/libc/include" -w -std=gnu11 -fno-builtin \
      -ffp-contract=off -fno-vectorize -fno-slp-vectorize -Os $options -emit-llvm -c \
      -o "$work/${out%.bc}/${name//\//-}.bc" "$source/$name.c"
    objects+=("$work/${out%.bc}/${name//\//-}.bc")
  done
  "$link" -o "$work/$out" "${objects[@]}"
}

# -Os: string functions that work byte by byte. _IEEE_LIBM: no errno. __OBSOLETE_MATH: the
# versions without tables of 2 KiB.
compile strings.bc '-Xclang -disable-llvm-passes' "${strings[@]}"
"${link/llvm-link/opt}" '-passes=default<Os>' -o "$work/strings0.bc" "$work/strings.bc"
compile libm.bc "-D__IEEE_LITTLE_ENDIAN -D_IEEE_LIBM -D__OBSOLETE_MATH=1 -I$source/libm/common" \
  "${mathematics[@]}"
cp "$work/COPYING.NEWLIB" "$home/COPYING.NEWLIB"
mv "$work/libm.bc" "$home/libm.bc"
