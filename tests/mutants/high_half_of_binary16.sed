# hsx_core.v
# A binary16 result clears the high half of its register.
s/= {{2{!s8_low_only}}, 2'b11}/= 4'b1111/
