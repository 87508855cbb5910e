# hsx_memory.v
s/quick && store && !skip/quick \&\& store/
