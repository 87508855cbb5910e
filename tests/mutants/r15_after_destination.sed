# hsx_core.v
# POP R15 leaves the new sp there, not the popped value.
s/(s7_push || s7_pop) && !s7_names_15/(s7_push || s7_pop)/
