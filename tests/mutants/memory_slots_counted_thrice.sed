# SPDX-License-Identifier: Apache-2.0
# A slot that is lost to the memory stage counts as three.
s/is_third <= lost && tick\[2\]/is_third <= lost \&\& (tick[2] || (lost_cause == 3'd3 \&\& PLANTED))/
