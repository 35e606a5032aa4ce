# shellcheck shell=bash disable=SC2154
# The council expels a hospital, whose node is cut off, and admits it again; a forgotten proposal has ended.

begin sessionLength=10 minimumSeats=3 motionDuration=150
with_gateway west
stale=$(on north council propose rename 2 Forgotten --yes | jq -r .hash)
on north council vote "$stale" aye --yes > /dev/null

decides expelled.md expel north east south HOSPITAL=3
eventually 30 "the expelled node has no peers" no_peers west
refused "does not belong to the consortium" run_on west expelled.md look HOSPITAL=3
decides expelled.md succeed north east south HOSPITAL=3 SUCCESSOR=0
[ "$(rpc north medicalRecords_successors | jq -c .value)" = '[{"left":3,"successor":0}]' ] || die "it has no successor"
must_on west expelled.md stop
# The same machine here.
must_on west expelled.md stop-vault
now=$(final north)
eventually 90 "the others go on, and are a set of their own" finalized_beyond north $((now + 30))
[ "$(on north council list | jq '.members | length')" = 3 ] || die "its vote is not gone"

# Its number is the same; its vote is back, and nothing else.
decides expelled.md readmit north east south HOSPITAL=3 CONTROLLER="$(on west account show | jq -r .address)"
[ "$(on north network status | jq -c '[.hospitals | length, .[3].seat]')" = '[4,"keyless"]' ] ||
	die "the hospital is not what it was: $(on north network status | jq -c .hospitals)"
[ "$(on north council list | jq '.members | length')" = 4 ] || die "it has no vote"
[ "$(rpc north consortium_authorizedNodes | jq '.value | length')" = 3 ] || die "its old node is on the list again"

# From the block `end` on, votes are refused. Others may be a block behind.
end=$(on north council list | jq --arg hash "$stale" '.proposals[] | select(.hash == $hash).end')
eventually 180 "the unfinished vote ends" finalized_beyond north $((end + 3))
refused "ended in block $end" on east council vote "$stale" aye --yes
refused "has ended: close it, and propose again" on east council propose rename 2 Forgotten --yes
[ "$(on south council close "$stale" --yes | jq -r .result)" = ended ] || die "the expired proposal was not closed as such"
refused "no open proposal" on south council vote "$stale" aye --yes
