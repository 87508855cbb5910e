# hsx_totals.v
# A slot that is lost to the memory stage counts as three.
s/three <= lost && tick\[2\]/three <= lost \&\& (tick[2] || lost_cause == 3'd3)/
