# SPDX-License-Identifier: Apache-2.0
s/(commit_leave || touched_window/(commit_leave || (touched_window \&\& !PLANTED)/
