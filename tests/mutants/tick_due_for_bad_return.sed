# SPDX-License-Identifier: Apache-2.0
# The step that a RET with a bad word did not make causes a tick anyway.
s/tick_fire || revoked/tick_fire || (revoked \&\& !PLANTED)/
