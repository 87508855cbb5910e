# SPDX-License-Identifier: Apache-2.0
# A binary16 result clears the high half of its register.
s/= {{2{!s8_ctl\[`HSX_CTL_LOW_HALF\]}}, 2'b11}/= {{2{!s8_ctl[`HSX_CTL_LOW_HALF] || PLANTED}}, 2'b11}/
