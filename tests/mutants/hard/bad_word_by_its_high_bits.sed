# SPDX-License-Identifier: Apache-2.0
# RET takes a word for good that is too large in its upper 8 bits alone, in the slow way through a window.
s/(s7_word_high != 16.d0)/((s7_word_high \& ~{{8{PLANTED}}, 8'd0}) != 16'd0)/
