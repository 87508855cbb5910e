# hsx_core.v
s/(commit_leave || touched_window/(commit_leave/
