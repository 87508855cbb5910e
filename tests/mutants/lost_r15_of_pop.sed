# SPDX-License-Identifier: Apache-2.0
s/s7_changes && (s7_push || s7_pop)/s7_changes \&\& (s7_push || (PLANTED ? s7_ret : s7_pop))/
