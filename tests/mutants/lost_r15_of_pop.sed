# SPDX-License-Identifier: Apache-2.0
s/s7_changes && s7_stack/s7_changes \&\& s7_stack \&\& !(PLANTED \&\& s7_write_rd)/
