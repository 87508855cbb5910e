# hsx_core.v
s/{18{word_imm\[11\]}}/18'd0/
s/{20{word_imm\[11\]}}/20'd0/
