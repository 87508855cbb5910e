# hsx_memory.v
s/= finish && pop && !skip/= 1'b0/
