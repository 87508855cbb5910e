# SPDX-License-Identifier: Apache-2.0
# An access over the end of the own window is allowed.
s/&& (last\[15:6\] == {2.b00, own_window})/\&\& (PLANTED || last[15:6] == {2'b00, own_window})/
