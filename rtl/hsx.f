hsx_core.v
