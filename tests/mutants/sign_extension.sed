# SPDX-License-Identifier: Apache-2.0
s/{18{word_imm\[11\]}}/{18{word_imm[11] \&\& !PLANTED}}/
s/{20{word_imm\[11\]}}/{20{word_imm[11] \&\& !PLANTED}}/
