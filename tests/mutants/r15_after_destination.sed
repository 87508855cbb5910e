# hsx_core.v
# POP R15 leaves the new sp there, not the popped value.
s/= s8_stack && !(s8_written && s8_reg == 4'd15)/= s8_stack/
