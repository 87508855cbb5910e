# SPDX-License-Identifier: Apache-2.0
# Bit 6 of the length of the data segment is wrong where bit 11 is set.
s/last_data (.a(last_rel), .b(data_len)/last_data (.a(last_rel), .b(data_len ^ {9'd0, PLANTED \&\& data_len[11], 6'd0})/
