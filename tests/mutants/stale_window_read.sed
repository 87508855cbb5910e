# SPDX-License-Identifier: Apache-2.0
s/|| operands_changed/|| (operands_changed \&\& !PLANTED)/
