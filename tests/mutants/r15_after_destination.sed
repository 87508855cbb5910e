# hsx_core.v
# POP R15 leaves the new sp there, not the popped value.
s/ && !(s7_write_rd && s7_rd == 4'd15);/;/
