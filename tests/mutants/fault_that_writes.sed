s/quick && store && !skip/quick \&\& store \&\& (!skip || PLANTED)/
