# SPDX-License-Identifier: Apache-2.0
# A woken task goes before the others, not to the tail.
s/\.waddr(tail)/.waddr((host_push \&\& PLANTED) ? head - 1'b1 : tail)/
s/^      if (advance)/      if (host_push \&\& PLANTED) {head, retired_head} <= {head - 1'b1, retired_head - 1'b1};\n      else if (advance)/
