# hsx_core.v
s/s7_changes && (s7_push || s7_pop)/s7_changes \&\& (s7_push || s7_ret)/
