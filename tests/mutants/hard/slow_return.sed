# SPDX-License-Identifier: Apache-2.0
# A RET whose word lies in a window does not go where the word says.
s/(s7_ctl\[`HSX_CTL_RET\] && s7_slow))/(s7_ctl[`HSX_CTL_RET] \&\& s7_slow \&\& !PLANTED))/
