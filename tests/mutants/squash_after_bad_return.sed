# SPDX-License-Identifier: Apache-2.0
# The instruction behind a RET with a bad word retires all the same.
s/\(wire  *arrives  *= steps\) && !bad_return/\1 \&\& (!bad_return || PLANTED)/
