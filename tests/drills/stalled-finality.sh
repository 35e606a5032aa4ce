# shellcheck shell=bash disable=SC2154
# Two of four validators are lost, nothing becomes final, and one that returns is enough.

begin sessionLength=10
with_gateway south
network kill west south
at=$(best north)
eventually 60 "blocks still come" authored_beyond north $((at + 3))
stopped=$(final north)
eventually 120 "more blocks come" authored_beyond north $((at + 9))
[ "$(final north)" = "$stopped" ] || die "two of four made something final"
must_on north stalled-finality.md look
must_on south stalled-finality.md back
eventually 60 "finality goes on" finalized_beyond north $((at + 9))
eventually 60 "the one that returned takes part" run_on south stalled-finality.md check
