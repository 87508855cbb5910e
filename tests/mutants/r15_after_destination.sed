# hsx_core.v
# POP R15 leaves the new sp there, not the popped value.
s/result_from_load && !fault && !s7_ret/& \&\& !(s7_pop \&\& s7_rd == 4'd15)/
s/: (s7_push || s7_ret) ? {16/: (s7_push || s7_ret || (s7_pop \&\& s7_rd == 4'd15)) ? {16/
