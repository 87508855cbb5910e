# SPDX-License-Identifier: Apache-2.0
# A RET with a bad word has used up a step of the budget and of the tick.
s/counted || revoked/counted || (revoked \&\& !PLANTED)/
