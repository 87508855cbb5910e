s/(commit_leave || touched_window/(commit_leave || (touched_window \&\& !PLANTED)/
