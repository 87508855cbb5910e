#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# spdx.sh SOURCE_DIR: checks that every source has its licence in its first line, or in the
# second if the first line is fixed.
set -euo pipefail
cd "$1"

# Seeds of fuzzers and scripts of the shell are data, whose every byte counts.
bare=$(find refvm scheduler rtl sim tb tests fpga docs build.sh CMakeLists.txt -type f \
  -not -path 'tests/fuzz/corpus/*' \
  \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.v' -o -name '*.sv' -o -name '*.vh' -o -name '*.vlt' \
  -o -name '*.def' -o -name '*.mvasm' -o -name '*.mvasm.in' -o -name '*.inc' \
  -o -name '*.sh' -o -name '*.awk' -o -name '*.sed' -o -name '*.py' -o -name '*.pcf' \
  -o -name '*.cmake' -o -name CMakeLists.txt \) -print0 |
  xargs -0 awk 'FNR == 1 {if (file != "") print file; file = FILENAME}
    FNR <= 2 && /^(\/\/|#|;) SPDX-License-Identifier: Apache-2\.0$/ {file = ""}
    FNR == 2 {nextfile}
    END {if (file != "") print file}')
if [ -n "$bare" ]; then
  echo "without the line 'SPDX-License-Identifier: Apache-2.0':"
  echo "$bare"
  exit 1
fi
