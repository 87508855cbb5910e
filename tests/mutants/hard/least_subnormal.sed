# SPDX-License-Identifier: Apache-2.0
# A little more than half of the least binary16 number is rounded down.
s/= last && (guard || rest)/= last \&\& (guard || (rest \&\& !PLANTED))/
