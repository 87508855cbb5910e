# SPDX-License-Identifier: Apache-2.0
# An access to a window does not wait for a result that is in the pipeline again.
/wire  *too_early /s/long_sent/(long_sent \&\& !PLANTED)/
