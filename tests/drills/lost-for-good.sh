# shellcheck shell=bash
# Two of four machines are lost for good: finality is restarted with new ones.

begin sessionLength=20
machine spare-west 4 3 Dave
machine spare-south 5 2 Charlie
network kill west south
# The two that lost their machines ask the nodes of the others.
export MEDBLOCK_NODE
MEDBLOCK_NODE=$(url north),$(url east)
keys_of() {
	local name=$1
	"$bin/medblock-node" consortium keys --base-path "$directory/$name/node" --chain-id "$CHAIN_ID" \
		--controller "$(on "$name" account show | jq -r .address)" --name "$name" \
		--gateway "$(gateway "$name")" > "$directory/$name/keys.toml"
	"$directory/$name/bin/systemctl" start medblock-node
	sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/$name/keys.toml"
}
decide() {
	local hash member
	hash=$(on north council propose "$@" --yes --not-final | jq -r .hash)
	for member in north east south; do on "$member" council vote "$hash" aye --yes --not-final > /dev/null; done
	on north council close "$hash" --not-final > /dev/null
	say "  the council decides: $*"
}
west=$(keys_of spare-west)
south=$(keys_of spare-south)
decide replace-node "$(< "$network/west/peer-id")" "$west"
decide replace-node "$(< "$network/south/peer-id")" "$south"
for name in spare-west spare-south; do
	on "$name" hospital set-keys "$directory/$name/keys.toml" --not-final > /dev/null
	eventually 90 "$name catches up" caught_up "$name"
done
stopped=$(final north)
[ "$(final east)" = "$stopped" ] || die "the two don't agree on what is final"
session=$(($(best north) / 20 * 20))
eventually 120 "the session ends in which the keys came" authored_beyond north $((session + 20))
[ "$(final north)" = "$stopped" ] || die "finality has not stopped"
decide note-stalled --delay 10 --finalized "$stopped"
eventually 240 "finality goes on" finalized_beyond north $((session + 50))
eventually 60 "at the new machines, too" finalized_beyond spare-west $((session + 50))
