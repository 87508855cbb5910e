#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# install.sh CMAKE BUILD WORK LIBDIR: installs and then moves the tree to WORK/moved.
set -euo pipefail
cmake=$1 build=$2 work=$3 libdir=$4
rm -rf "$work"
mkdir -p "$work"
"$cmake" --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved"
cd "$work/moved"
for file in bin/hsx "$libdir/libhsx.so" "$libdir/libhsx.a" "$libdir/pkgconfig/hsx.pc" \
  "$libdir/cmake/hsx/hsxConfig.cmake" "$libdir/hsx/hsx_vpi.vpi" "$libdir/hsx/models/c128.so" \
  include/hsx/vm.h include/hsx/isa.def share/hsx/rtl/hsx_core.v share/hsx/rtl/hsx.f \
  share/man/man1/hsx.1 share/man/man1/hsx-run.1 share/doc/hsx/examples/vm.py; do
  [ -e "$file" ] || { echo "FAIL: $file is not installed"; exit 1; }
done
if grep -rlF -e "$build" -e "$work/first" .; then
  echo "FAIL: these refer to where they were built or installed"
  exit 1
fi
if nm -D --defined-only "$libdir/libhsx.so" | grep -v ' hsx_'; then
  echo "FAIL: the shared library shows these as well"
  exit 1
fi
if nm -g --defined-only "$libdir/libhsx.a" | grep ' [A-Z] ' | grep -v ' hsx_'; then
  echo "FAIL: the static library shows these as well"
  exit 1
fi
