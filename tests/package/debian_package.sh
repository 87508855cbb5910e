#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/common.sh" "$@"
for tool in dpkg-deb dpkg-shlibdeps; do
  command -v "$tool" >/dev/null || skip "there is no $tool"
done
"$CPACK" -G DEB --config "$BUILD/CPackConfig.cmake" -B "$work/out" >log 2>&1 || fail "$(cat log)"
package=$(echo out/*.deb)
dpkg-deb --contents "$package" | awk '{print $6}' >contents
for file in ./usr/bin/hsx ./usr/include/hsx/vm.h ./usr/share/man/man1/hsx.1 \
  ./usr/share/hsx/rtl/hsx_core.v; do
  grep -qx "$file" contents || fail "$file is not in $package"
done
dpkg-deb --extract "$package" root
version=$(root/usr/bin/hsx --version)
expect "${version#hsx }" dpkg-deb --field "$package" Version
expect libjansson4 dpkg-deb --field "$package" Depends
