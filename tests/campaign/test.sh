#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh HSX SOURCE: a campaign in parts, run by several commands, gives the same report as one
# command; a part that fails is repeated, and a program that diverges is reported.
set -eu
hsx=$1 source=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HSX_PART=3 HSX_JOBS=2

fail() {
  echo "FAIL: $*"
  exit 1
}

"$here/campaign.sh" "$hsx" "$work/once" - 1 8 >"$work/once.report"
grep -q '^verilator: seeds 1 to 8$' "$work/once.report" || fail "no line with all seeds"
grep -q '^| verilator | all | 8 |' "$work/once.report" || fail "not eight programs"
grep -q '^coverage: ' "$work/once.report" || fail "no coverage"

# The second part as an element of a job array, the others later.
mkdir -p "$work/project/build/release" "$work/project/tests"
ln -s "$hsx" "$work/project/build/release/hsx"
ln -s "$source/tests/campaign" "$work/project/tests/campaign"
SLURM_ARRAY_TASK_ID=1 "$here/slurm.sh" "$work/project" "$work/parts" 1
[ -f "$work/parts/4.said" ] || fail "the job array's part has another place"
touch -d 2000-01-01 "$work/parts/4.said"
"$here/campaign.sh" "$hsx" "$work/parts" - 1 8 >"$work/parts.report"
cmp "$work/once.report" "$work/parts.report" || fail "the report of the parts differs"
[ -n "$(find "$work/parts/4.said" -not -newermt 2001-01-01)" ] || fail "a part was made twice"

# Other cores next to it, each with its own lines.
"$here/campaign.sh" "$hsx" "$work/once" - 1 1 60 icarus >"$work/cores.report"
grep -q '^| icarus | all | 1 |' "$work/cores.report" || fail "no program under Icarus"
grep -q '^icarus: seeds 1 to 1$' "$work/cores.report" || fail "no line with the seeds under Icarus"
grep -q '^| verilator | all | 8 |' "$work/cores.report" || fail "Verilator's programs were lost"
status=0
"$here/campaign.sh" "$hsx" "$work/once" - 1 1 60 iron >"$work/iron" 2>&1 || status=$?
[ $status -eq 2 ] || fail "an unknown core ends with status $status"
grep -q '"iron" is no core' "$work/iron" || fail "an unknown core is not named"

# One program diverges; in another part a worker is lost, and nothing of that part is kept.
cat >"$work/hsx" <<'FAKE'
#!/bin/sh
case "$*" in
*--seed\ 4*) [ -f "${0%/*}/mended" ] || { echo "hsx fuzz: seed 5: a worker was ended" >&2; exit 1; } ;;
esac
case "$*" in
*--seed\ 1\ *) echo "seed 2: record 7 differs" >&2; status=10 ;;
esac
for option; do case $option in --coverage=*) echo "3	lost trap" >"${option#*=}" ;; esac; done
echo "3 programs of 6 tasks: 9 steps, 1500000000 cycles, 12 records compared, 1 faults, 2 SVCs, 1 divergences, 1.0 s"
echo "coverage: 1 of 2 points"
echo "hole: lost squash"
exit "${status:-0}"
FAKE
chmod +x "$work/hsx"
"$here/campaign.sh" "$work/hsx" "$work/bad" "$work/page" 1 6 >"$work/report" 2>&1 && fail "a lost worker is no success"
[ ! -f "$work/bad/4.said" ] || fail "half a part was kept"
touch "$work/mended"
printf 'before\n<!-- campaign: made -->\nold\n<!-- campaign: end -->\nbehind\n' >"$work/page"
status=0
"$here/campaign.sh" "$work/hsx" "$work/bad" "$work/page" 1 6 >"$work/report" || status=$?
[ $status -eq 10 ] || fail "a divergence ends with status $status"
grep -q '^seed 2: record 7 differs$' "$work/report" || fail "the program that diverged is not reported"
grep -q '^| verilator | all | 6 | 18 | 3000000000 |' "$work/report" || fail "a sum of more than 31 bits is wrong"
grep -q '^hole: lost squash$' "$work/report" || fail "no hole"
grep -q '^coverage: 1 of 2 points$' "$work/report" || fail "no coverage"
{ printf 'before\n<!-- campaign: made -->\n'; cat "$work/report"; printf '<!-- campaign: end -->\nbehind\n'; } |
  cmp - "$work/page" || fail "the page holds something else"
