# shellcheck shell=bash disable=SC2154
# A validator's clock is two minutes ahead: it is found out, and set right.

library=$(find /usr/lib -name libfaketimeMT.so.1 2> /dev/null | head -1)
[ -n "$library" ] || skip "Debian's faketime is not installed"
begin sessionLength=10
with_gateway west
network kill west
wrong=(LD_PRELOAD="$library" FAKETIME=+2m FAKETIME_DONT_FAKE_MONOTONIC=1)
noted machines start west "${wrong[@]}"
eventually 60 "the node with the wrong clock has peers" has_peers west
now=$(final north)
eventually 60 "the others go on" finalized_beyond north $((now + 10))
refused "the clock is wrong" run_on west clock-wrong.md look "${wrong[@]}"
# Some seconds are enough for the others to refuse its blocks.
refused "the clock is wrong" run_on west clock-wrong.md look "${wrong[@]}" FAKETIME=+5s
refused "the clock is wrong" run_on west clock-wrong.md look "${wrong[@]}" FAKETIME=-4s
# The clock is right from here on: the next start of the node does not fake it.
must_on west clock-wrong.md restart
eventually 90 "the validator takes part again" run_on west clock-wrong.md check
