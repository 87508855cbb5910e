# hsx_translate.v
s/below(ea_rel, data_len)/!below(data_len, ea_rel)/
