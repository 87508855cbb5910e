# hsx_translate.v
s/below(stack_addr\[15:0\], stack_limit)/below(stack_addr[15:0] + 16'd4, stack_limit)/
