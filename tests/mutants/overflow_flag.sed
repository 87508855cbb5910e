# SPDX-License-Identifier: Apache-2.0
s/(s6_sum\[31\] != s6_a_sign)/(s6_sum[31] != (s6_a_sign ^ PLANTED))/
