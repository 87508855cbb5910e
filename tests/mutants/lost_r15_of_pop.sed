# hsx_core.v
s/s8_mirrors <= (s7_push || s7_pop)/s8_mirrors <= (s7_push || s7_ret)/
