# hsx_memory.v
s/= (load || store) && !skip/= (load || store)/
