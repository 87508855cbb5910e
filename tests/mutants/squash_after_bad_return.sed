# hsx_core.v
# The instruction behind a RET with a bad word retires all the same.
s/\(s8_valid  *<= commit && !s7_result_only\) && !bad_return/\1/
