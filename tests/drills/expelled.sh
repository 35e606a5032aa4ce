# shellcheck shell=bash
# The council expels a hospital, whose node is cut off; the others go on.

begin sessionLength=10 minimumSeats=3
with_gateway west
decides expelled.md expel north east south HOSPITAL=3
eventually 30 "nobody talks to the expelled node" no_peers west
refused "does not belong to the consortium" run_on west expelled.md look HOSPITAL=3
must_on west expelled.md stop
now=$(final north)
eventually 90 "the others go on, and are a set of their own" finalized_beyond north $((now + 30))
[ "$(on north council list | jq '.members | length')" = 3 ] || die "its vote is not gone"
