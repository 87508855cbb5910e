# SPDX-License-Identifier: Apache-2.0
# The instruction after a RET with a bad word retires anyway.
s/s7_steps && !s8_bad_return/s7_steps \&\& (!s8_bad_return || PLANTED)/
