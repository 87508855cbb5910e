# SPDX-License-Identifier: Apache-2.0
# Lets the first LUT that makes a bit of data_wdata be inverted, when bug 1 is planted; fails if
# there is none.
!planted && /^  assign data_wdata\[[0-9]+\] = .*;$/ {
  planted = 1
  match($0, / = /)
  expression = substr($0, RSTART + 3, length($0) - RSTART - 3)
  print substr($0, 1, RSTART + 2) "(hsx_planted::number == 8'd1) ^ 1'(" expression ");"
  next
}
{ print }
END { exit !planted }
