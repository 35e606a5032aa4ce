# shellcheck shell=bash disable=SC2154
# Two of four machines are lost for good: finality is restarted with new ones.

begin sessionLength=20
machine spare-west 4 3 Dave
machine spare-south 5 2 Charlie
network kill west south
keys_of() {
	must_on "$1" lost-for-good.md keys CONTROLLER="$(on "$1" account show | jq -r .address)" NAME="$1" \
		GATEWAY="$(gateway "$1")"
	grep -q "This is hospital $(hospital_of "$1") already" "$directory/said" ||
		die "the hospital was not known by its controller: $(< "$directory/said")"
}
node_of() { sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/$1/keys.toml"; }
# An administrator whose own node knows nothing yet asks those of two others.
others=MEDBLOCK_NODE=$(url north),$(url east)
# decides_now BLOCK [VARIABLE=VALUE …]: as `decides`, while nothing becomes final.
decides_now() {
	local block=$1 hash
	shift
	must_on north lost-for-good.md "$block" "$@"
	hash=$(on north council list --not-final | jq -er '.proposals | last | .hash') || die "nothing is proposed"
	must_on north lost-for-good.md vote "HASH=$hash"
	must_on east lost-for-good.md vote "HASH=$hash"
	must_on spare-south lost-for-good.md vote "HASH=$hash" "$others"
	must_on north lost-for-good.md close "HASH=$hash"
}
keys_of spare-west
keys_of spare-south
decides_now replace OLD_NODE="$(< "$network/west/peer-id")" NODE="$(node_of spare-west)"
decides_now replace OLD_NODE="$(< "$network/south/peer-id")" NODE="$(node_of spare-south)"
for name in spare-west spare-south; do
	eventually 90 "$name catches up" caught_up "$name"
	eventually 60 "the session keys of $name are registered" run_on "$name" lost-for-good.md set-keys
done
stopped=$(final north)
[ "$(final east)" = "$stopped" ] || die "the two don't agree on what is final"
session=$(($(best north) / 20 * 20))
eventually 120 "the session ends in which the keys came" authored_beyond north $((session + 20))
[ "$(final north)" = "$stopped" ] || die "finality has not stopped"
decides_now note-stalled BLOCK="$stopped"
eventually 240 "finality goes on" finalized_beyond north $((session + 50))
eventually 60 "at the new machines, too" finalized_beyond spare-west $((session + 50))
