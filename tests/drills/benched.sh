# shellcheck shell=bash disable=SC2154
# A validator that was away for too long is benched, and takes its seat back.

begin sessionLength=10 minimumSeats=3
with_gateway west
seat_is() { [ "$(on north network status | jq -r '.hospitals[3].seat')" = "$1" ]; }
network kill west
eventually 180 "the chain benches it" seat_is benched
now=$(final north)
eventually 60 "the others go on" finalized_beyond north $((now + 10))
"$directory/west/bin/systemctl" start medblock-node
eventually 60 "it is back, and has caught up" caught_up west
refused "is benched" run_on west benched.md look
eventually 60 "it claims its seat" run_on west benched.md reclaim
eventually 120 "it takes part again" run_on west benched.md check
