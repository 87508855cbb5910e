# SPDX-License-Identifier: Apache-2.0
# Inverts the LUT that makes the first bit of data_wdata in the netlist; fails if there is none.
/^  SB_LUT4 #\($/ { cell = $0; next }
cell == "" { print; next }
{ cell = cell "\n" $0 }
/^  \);$/ {
  if (!planted && cell ~ /\.O\(data_wdata\[[0-9]+\]\)/)
    planted = sub(/\.LUT_INIT\(/, "&~", cell)
  print cell
  cell = ""
}
END { exit !planted }
