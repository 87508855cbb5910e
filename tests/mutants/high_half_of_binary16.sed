# SPDX-License-Identifier: Apache-2.0
# A binary16 result clears the high half of its register.
s/= {{2{!s8_low_only}}, 2'b11}/= {{2{!s8_low_only || PLANTED}}, 2'b11}/
