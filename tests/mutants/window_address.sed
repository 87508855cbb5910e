# hsx_memory.v
s/= addr\[6 +: INDEX_BITS\]/= addr[6 +: INDEX_BITS] + 1'b1/
