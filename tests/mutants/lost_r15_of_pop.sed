# hsx_core.v
s/s8_stack    <= s7_push || s7_pop/s8_stack    <= s7_push || s7_ret/
