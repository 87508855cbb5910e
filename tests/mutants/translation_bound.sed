# SPDX-License-Identifier: Apache-2.0
s/first_data (.a(ea_rel), .b(data_len), .more(1'b0)/first_data (.a(ea_rel), .b(data_len), .more(PLANTED)/
