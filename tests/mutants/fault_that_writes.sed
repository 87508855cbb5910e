# SPDX-License-Identifier: Apache-2.0
s/quick && store && !skip/quick \&\& store \&\& (!skip || PLANTED)/
