# SPDX-License-Identifier: Apache-2.0
# POP R15 leaves the new sp there, not the popped value.
/s8_mirrors  *<=/s/&& !s7_names_15/\&\& (!s7_names_15 || PLANTED)/
