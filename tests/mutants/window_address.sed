# hsx_memory.v
s/= beat\[4 +: INDEX_BITS\]/= beat[4 +: INDEX_BITS] + 1'b1/
