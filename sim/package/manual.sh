#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# manual.sh HSX BOARD_SIM DIRECTORY: writes the manual pages hsx.1, hsx-COMMAND.1 and
# hsx-board-sim.1 from --help.
set -euo pipefail
hsx=$1 board_sim=$2 out=$3
version=$("$hsx" --version)
version=${version#hsx }
commands=$("$hsx" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z_]*\)  *[A-Z].*/\1/p')

# page NAME SUMMARY: from the text of --help on standard input.
page() {
  awk -v name="$1" -v summary="$2" -v version="$version" -v commands="$commands" '
    function text(line) {
      gsub(/\\/, "\\e", line); gsub(/-/, "\\-", line)
      if (line ~ /^[.'"'"']/) line = "\\&" line
      return line
    }
    # An option begins a paragraph; its description is at column 30 or on separate lines.
    function option(line,   i, head, rest) {
      head = line; rest = ""
      if (match(line, /[^ ]  +[^ ]/) ) { head = substr(line, 1, RSTART); rest = substr(line, RSTART + RLENGTH - 1) }
      sub(/^ +/, "", head)
      printf ".TP\n.B %s\n", text(head)
      if (rest != "") print text(rest)
    }
    BEGIN {
      printf ".\\\" SPDX-License-Identifier: Apache-2.0\n"
      printf ".TH \"%s\" 1 \"\" \"hsx %s\" \"HSX\"\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n", toupper(name), version, text(name), text(summary)
    }
    /^Usage: /          { sub(/^Usage: /, ""); printf ".B %s\n", text($0); usage = 1; next }
    usage && /^  or: /  { sub(/^  or: /, ""); printf ".br\n.B %s\n", text($0); next }
    usage && /^ +/      { sub(/^ +/, ""); print text($0); next }
    usage               { usage = 0; print ".SH DESCRIPTION" }
    /^  ? ? ? ? ?-/    { if (!options) { print ".SH OPTIONS"; options = 1 } option($0); in_option = 1; next }
    in_option && /^                    / { sub(/^ +/, ""); print text($0); next }
    /^Commands:/        { print ".SH COMMANDS"; listing = 1; next }
    listing && /^  [a-z]/ { sub(/^ +/, ""); name_of = $1; sub(/^[a-z_]+ +/, ""); printf ".TP\n.B %s\n%s\n", name_of, text($0); next }
    /^$/                { if (options || listing) { if (!after) print ".SH NOTES"; after = 1; in_option = 0; listing = 0; options = 1 } print ".PP"; next }
    { print text($0) }
    END {
      print ".SH SEE ALSO"
      n = split(commands, list, "\n"); line = ""
      if (name != "hsx") line = "hsx(1)"
      for (i = 1; i <= n; i++) if ("hsx-" list[i] != name) line = line (line == "" ? "" : ", ") "hsx\\-" list[i] "(1)"
      print line
    }'
}

# The width of the terminal must not change a page.
export ARGP_HELP_FMT=rmargin=100,opt-doc-col=30
summary_of() {
  "$hsx" --help | sed -n "/^Commands:/,/^\$/s/^  $1  *\\([A-Z].*\\)/\\1/p"
}
"$hsx" --help | page hsx "programs for the HSX multi-task core" >"$out/hsx.1"
for command in $commands; do
  # `hsx cc` has no help if its compiler is not built.
  { "$hsx" help "$command" 2>/dev/null || echo "Usage: hsx $command"; } | page "hsx-$command" "$(summary_of "$command")" >"$out/hsx-$command.1"
done
"$board_sim" --help | page hsx-board-sim "a simulated board with a serial line" >"$out/hsx-board-sim.1"
