# hsx_core.v
s/{18{s4_imm\[13\]}}/18'd0/
