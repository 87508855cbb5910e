# hsx_core.v
# An access to a window does not wait for an older long operation's result.
s/s7_replay || (s7_slow && (long_left || long_sent))/s7_replay/
