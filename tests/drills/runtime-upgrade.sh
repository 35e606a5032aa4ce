# shellcheck shell=bash disable=SC2154
# The council decides on a new runtime, which is put in force after the delay.

begin sessionLength=10 upgradeDelay=25
with_gateway north
# Where this build's nodes are: other folders may hold those of another day.
next=$(find "$bin/wbuild" -name next_wasm_binary.rs.compact.compressed.wasm 2> /dev/null | head -1)
[ -n "$next" ] || skip "the next runtime was not built; it comes with the whole workspace"
for machine in north east south; do cp "$next" "$directory/$machine/runtime.wasm"; done

# The council thinks better of it before the delay has passed.
decide() {
	local hash member
	hash=$(on north council propose "$@" --yes | jq -er .hash) || die "cannot be proposed: $*"
	for member in north east south; do on "$member" council vote "$hash" aye --yes > /dev/null; done
	closed=$(on north council close "$hash" --yes) || die "cannot be closed: $*"
	say "  the council decides: $1"
}
decide upgrade "$next"
hasty=$(jq -er .decision <<< "$closed") || die "nothing waits: $closed"
decide call-off "$hasty"
refused "no decision waits under the number $hasty" on north council carry-out "$hasty" --yes
[ "$(on north council list | jq '.waiting | length')" = 0 ] || die "a decision that was called off waits"

# A member sees by the hash whether the proposer's file is the same.
expected=$(on east council propose upgrade "$directory/east/runtime.wasm" --prepare | jq -r .hash)
decides runtime-upgrade.md propose north east south
waiting=$(on north council list)
[ "$(jq '.waiting | length' <<< "$waiting")" = 1 ] || die "nothing waits: $waiting"
decision=$(jq '.waiting[0].decision' <<< "$waiting")
due=$(jq '.waiting[0].due' <<< "$waiting")
grep -qF "$expected" "$directory/log" || die "the hash that the others expected never appeared"

refused "has to wait until block $due" on north council carry-out "$decision" --yes
refused "no runtime may be put in force" on north council apply-upgrade "$next" --yes
eventually 60 "the delay passes" finalized_beyond north "$due"
must_on north runtime-upgrade.md carry-out DECISION="$decision"
old=$(find "$(dirname "$next")" -name medblock_runtime.compact.compressed.wasm | head -1)
refused "another runtime than the council decided on" on north council apply-upgrade "$old" --yes
before=$(rpc north state_getRuntimeVersion | jq .specVersion)
must_on north runtime-upgrade.md apply
grep -q "System.apply_authorized_upgrade" "$directory/said" || die "the call was not shown before it was signed"
is_newer() { [ "$(rpc "$1" state_getRuntimeVersion | jq .specVersion)" -gt "$before" ]; }
for machine in north east south west; do eventually 30 "$machine has the new runtime" is_newer "$machine"; done
eventually 60 "all is well under the new rules" run_on north runtime-upgrade.md check
# And the council still decides.
on east council propose rename 3 "Westfield Hospital" --yes > /dev/null
[ "$(on south council list | jq '.proposals | length')" = 1 ] || die "no proposal under the new runtime"

# One that is not newer is not put in force, whatever the council has decided.
decide upgrade "$old"
decision=$(jq -er .decision <<< "$closed") || die "nothing waits: $closed"
due=$(on north council list | jq --argjson decision "$decision" '.waiting[] | select(.decision == $decision).due')
eventually 60 "the delay passes" finalized_beyond north "$due"
on north council carry-out "$decision" --yes > /dev/null || die "the decision can't be carried out"
refused "has not put this runtime in force" on north council apply-upgrade "$old" --yes
