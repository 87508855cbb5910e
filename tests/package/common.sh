# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests in this folder: TREE is the installed tree, WORK an empty folder that
# they run in.
set -euo pipefail
tree=$1 work=$2 lib=$1/$3
rm -rf "$work"
mkdir -p "$work"
cd "$work"
examples=$tree/share/doc/hsx/examples

fail() {
  echo "FAIL: $*"
  exit 1
}

skip() {
  echo "SKIPPED: $*"
  exit 77
}

# expect TEXT COMMAND...: prints the command's output and fails if TEXT is not in it.
expect() {
  local text=$1 said
  shift
  said=$("$@" 2>&1) || fail "$*: status $?, and it said: $said"
  echo "$said"
  [[ $said == *"$text"* ]] || fail "expected: $text"
}
