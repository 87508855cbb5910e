# hsx_core.v
# An access to a window does not wait for a result that is in the pipeline again.
s/s7_slow && (long_left || long_sent)/s7_slow \&\& long_left/
