#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# c.sh SOURCE BUILD PAGE: builds the project for gcov in BUILD, runs the tests of VM, executive, assembler,
# images and symbols, and writes which part of their lines is executed, and which lines of VM and
# executive are not, into PAGE. Ends with status 1 if it is less than 95 % anywhere.
set -eu
source=$(readlink -f "$1") page=$3
mkdir -p "$2"
build=$(readlink -f "$2")
tests="test_vm test_half test_exec test_exec_recall test_exec_mailbox test_snapshot test_host test_run
  test_image test_image_command test_asm test_asm_cli test_symbols test_trace_check test_trace_cli
  test_trace_files test_trace_text test_lockstep test_reorder test_jobs test_fuzz"

# C++ is what Verilator makes; it is neither measured nor slowed down.
[ -f "$build/build.ninja" ] ||
  cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_C_FLAGS_RELEASE=-O0 --coverage" \
    -DCMAKE_C_STANDARD_LIBRARIES=-lgcov -DCMAKE_CXX_STANDARD_LIBRARIES=-lgcov >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; rm -f "$build/build.ninja"; exit 1; }
# shellcheck disable=SC2086
ninja -C "$build" hsx shell_images cosim_images $tests >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
find "$build" -name '*.gcda' -delete
for test in $tests; do
  (cd "$build" && "./$test" --ignore-warnings) >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
done
{
  ctest --test-dir "$build" -R '^shell\.' -j "$(nproc)"
  "$build/hsx" conform --target vm "$source/tests/conformance/isa_vectors.jsonl"
  "$build/hsx" fuzz --count 20 --coverage
} >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }

# Each line once, though headers are in many objects: what one of them executes is executed.
report() {
  (cd "$build" && find . -name '*.gcda' -exec gcov -t {} + 2>/dev/null) | awk -F: '
    $2 ~ /^ *0$/ {
      if ($3 == "Source") { file = $4; sub(/^(\.\.\/)+/, "", file) }
      next
    }
    file !~ /^(refvm\/(asm|image|isa|symbols|vm)|scheduler)\// { next }
    { count = $1; gsub(/ /, "", count) }
    count == "-" || count == "" { next }
    { at = file ":" $2 + 0; lines[at] = 1; if (count !~ /^[#=]/) executed[at] = 1 }
    END {
      for (at in lines) print at ":" (at in executed)
    }' | sort -t : -k 1,1 -k 2,2n | awk -F: '
    { folder = $1; sub(/\/[^\/]*$/, "", folder); all[folder]++; all["all"]++ }
    $3 { executed[folder]++; executed["all"]++; next }
    folder ~ /^(refvm\/vm|scheduler)$/ { missed[$1] = missed[$1] " " $2 }
    END {
      print "| folder | lines | executed | |"
      print "|---|--:|--:|--:|"
      for (folder in all) if (folder != "all") line(folder, "sort")
      close("sort")
      line("all", "cat")
      close("cat")
      print "\n```text"
      for (file in missed) print "not executed: " file ":" missed[file] | "sort"
      close("sort")
      print "```"
    }
    function line(folder, to) {
      printf "| `%s` | %d | %d | %.1f %% |\n", folder, all[folder], executed[folder],
        100 * executed[folder] / all[folder] | to
    }'
}
report >"$build/report"
cat "$build/report"
"$source/tests/publish.sh" "$page" c-coverage <"$build/report"
# The floor: what came lower has lines that no test knows.
awk -F '|' '$2 ~ /`/ && $5 + 0 < 95 { print "below 95 %:" $2; low = 1 } END { exit low }' "$build/report"
