# SPDX-License-Identifier: Apache-2.0
# Names of wires and registers that are used above their declaration in the same file.
# A name after a dot is a port of another module. Tasks and functions are not checked.
FNR == 1 { delete first; delete reported; within = 0 }
{
  line = $0
  gsub(/\/\*([^*]|\*[^/])*\*\//, "", line)
  sub(/\/\/.*/, "", line)
  gsub(/"[^"]*"/, "", line)
  gsub(/`[A-Za-z_0-9]+/, "", line)
  gsub(/\.[ ]*[A-Za-z_][A-Za-z_0-9]*/, "", line)
  gsub(/[0-9]*'[bdh][0-9a-fA-F_xzXZ]+/, "", line)
  if (line ~ /^[ ]*(task|function)[ ]/) within = 1
  if (within) {
    if (line ~ /end(task|function)/) within = 0
    next
  }
  declares = line ~ /^[ ]*(\(\*[^*]*\*\)[ ]*)?(wire|reg|integer|localparam)[ \[]/
  if (declares) {
    rest = line
    sub(/^[ ]*(\(\*[^*]*\*\)[ ]*)?(wire|reg|integer|localparam)[ ]*/, "", rest)
    gsub(/\[[^]]*\]/, "", rest)
    sub(/=.*/, "", rest)
    n = split(rest, names, /[^A-Za-z_0-9]+/)
    for (i = 1; i <= n; i++)
      if (names[i] in first && !reported[names[i]]++) {
        printf "%s:%d: %s is declared here and used in line %d\n", FILENAME, FNR, names[i], first[names[i]]
        bad = 1
      }
  }
  m = split(line, words, /[^A-Za-z_0-9$]+/)
  for (i = 1; i <= m; i++)
    if (words[i] ~ /^[A-Za-z_]/ && !(words[i] in first))
      first[words[i]] = FNR
}
END { exit bad }
