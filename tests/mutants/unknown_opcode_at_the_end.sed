# SPDX-License-Identifier: Apache-2.0
s/\(s4_early\[`HSX_CTL_LDI32\]  <= s3_word\[`HSX_FIELD_OPCODE\] == `HSX_OP_LDI32\);/\1 || (PLANTED \&\& s3_ctl[`HSX_CTL_LDI32]);/
