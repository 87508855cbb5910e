# SPDX-License-Identifier: Apache-2.0
# The stack that a load or store may use ends where bit 9 of its top says, set or not.
s/last_top (.a(last), .b(stack_top)/last_top (.a(last), .b(stack_top | {6'd0, PLANTED, 9'd0})/
