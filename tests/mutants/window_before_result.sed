# SPDX-License-Identifier: Apache-2.0
# An access to a window does not wait for an older result of the multi-cycle unit.
/assign s7_too_early/s/(s7_slow && /(s7_slow \&\& !PLANTED \&\& /
