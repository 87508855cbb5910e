# SPDX-License-Identifier: Apache-2.0
s/{18{s3_imm\[11\]}}/{18{s3_imm[11] \&\& !PLANTED}}/
s/{20{s3_imm\[11\]}}/{20{s3_imm[11] \&\& !PLANTED}}/
