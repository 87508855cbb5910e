# hsx_translate.v
s/new_sp\[15:0\] < stack_limit/new_sp[15:0] + 16'd4 < stack_limit/
