# SPDX-License-Identifier: Apache-2.0
# An access to a window does not wait for a result that is in the pipeline again.
/assign s7_too_early/s/unit_returning/(unit_returning \&\& !PLANTED)/
