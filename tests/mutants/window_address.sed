# SPDX-License-Identifier: Apache-2.0
s/= window_index(s7_addr\[13:6\])/= window_index(s7_addr[13:6]) + PLANTED/
