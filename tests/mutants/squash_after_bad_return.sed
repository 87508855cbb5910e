# SPDX-License-Identifier: Apache-2.0
# The instruction behind a RET with a bad word retires all the same.
s/s7_steps && !s8_bad_return/s7_steps \&\& (!s8_bad_return || PLANTED)/
