# hsx_translate.v
s/push_limit (.a(stack_addr\[15:0\])/push_limit (.a(stack_addr[15:0] + 16'd4)/
