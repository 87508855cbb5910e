# SPDX-License-Identifier: Apache-2.0
s/push_limit (.a(address\[15:0\])/push_limit (.a(address[15:0] + {13'd0, PLANTED, 2'd0})/
