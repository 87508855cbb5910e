#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# prove.sh CMAKE YOSYS ABC SOURCE BUILD: makes every proof of BUILD/proofs.list as deep as it says there,
# and puts the table of them into SOURCE/docs/verification.md. Ends with status 1 if one fails.
set -euo pipefail
cmake=$1 yosys=$2 abc=$3 source=$4 build=$5
TIMEFORMAT=%U
table=$build/proofs.md
failed=0

echo '| proof | what holds | how far | CPU time |' >"$table.new"
echo '|---|---|---|---|' >>"$table.new"
while IFS='|' read -r name top method define cut files says; do
  log=$build/$name.log
  if { time "$cmake" -DTOP="$top" -DMETHOD="$method" -DDEFINE="$define" -DCUT="$cut" \
    -DSOURCES="$files" -DINCLUDE="$source/rtl" -DYOSYS="$yosys" -DABC="$abc" \
    -DOUT="$build/$name" -P "$source/tb/formal/prove.cmake" >"$log" 2>&1; } 2>"$log.time"; then
    case $method in
    invariant | induction\ *) far=unbounded ;;
    bounded\ *) far="${method#bounded } cycles" ;;
    reach\ *) far="a cover, within ${method#reach } cycles" ;;
    esac
    echo "$name: proven, $far, $(cat "$log.time") s"
    echo "| \`$name\` | $says | $far | $(printf %.0f "$(cat "$log.time")") s |" >>"$table.new"
  else
    cat "$log"
    echo "$name: NOT PROVEN; the log is $log"
    failed=1
  fi
done <"$build/proofs.list"
[ "$failed" -eq 0 ] || exit 1
mv "$table.new" "$table"

"$source/tests/publish.sh" "$source/docs/verification.md" proofs <"$table"
