# SPDX-License-Identifier: Apache-2.0
# An access to a window does not wait for an older long operation's result.
/wire  *too_early /s/(s7_slow && /(s7_slow \&\& !PLANTED \&\& /
