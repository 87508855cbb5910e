# hsx_translate.v
s/(ea_rel < data_len)/(ea_rel <= data_len)/
