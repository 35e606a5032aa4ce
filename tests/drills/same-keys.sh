# shellcheck shell=bash
# Two machines validate with the same keys: the chain takes the seat, and the check says why.

begin sessionLength=10
machine twin 5 3 Dave
controller=$(on twin account show | jq -r .address)
"$bin/medblock-node" consortium keys --base-path "$directory/twin/node" --chain-id "$CHAIN_ID" \
	--controller "$controller" --name Twin --gateway "$(gateway twin)" > "$directory/twin/keys.toml"
node=$(sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/twin/keys.toml")
keystore=chains/$CHAIN_ID/keystore
rm "$directory/twin/node/$keystore"/*
cp "$network/west/$keystore"/* "$directory/twin/node/$keystore/"
decide() {
	local hash member
	hash=$(on north council propose "$@" --yes | jq -r .hash)
	for member in north east south; do on "$member" council vote "$hash" aye --yes > /dev/null; done
	on north council close "$hash" > /dev/null
	say "  the council decides: $*"
}
decide authorize-node 3 "$node"
seat() { on north network status | jq -re '.hospitals[3].seat'; }
[ "$(seat)" = seated ] || die "west is not seated"
"$directory/twin/bin/systemctl" start medblock-node
suspended() { [ "$(seat)" = suspended ]; }
eventually 150 "the chain takes the seat" suspended
refused "signed conflicting votes" on west hospital check
now=$(final north)
eventually 60 "the other three go on" finalized_beyond north $((now + 5))

# docs/operations/dead-machine.md: both end, and the council gives the seat back once it is free.
"$directory/twin/bin/systemctl" stop medblock-node
"$directory/west/bin/systemctl" stop medblock-node
now=$(final north)
eventually 90 "two sessions pass" finalized_beyond north $((now + 21))
decide reinstate-seat 3
"$directory/west/bin/systemctl" start medblock-node
seated() { [ "$(seat)" = seated ]; }
eventually 90 "the seat is taken by one machine again" seated
