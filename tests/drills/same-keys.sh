# shellcheck shell=bash disable=SC2154
# Two machines run with the same keys: the node's, then the validator's. Both are found out, and mended.

begin sessionLength=10
with_gateway west
controller=$(on west account show | jq -r .address)
keystore=chains/$CHAIN_ID/keystore
seat() { on north network status | jq -re '.hospitals[3].seat'; }
[ "$(seat)" = seated ] || die "west is not seated"

# A copy of the node's key. It has to be a founder's: a node without peers knows the genesis alone, and only
# founders are on its list.
machine copy 4 3 Dave
mkdir -p "$directory/copy/node/chains/$CHAIN_ID/network"
cp "$network/west/node-key" "$directory/copy/node/chains/$CHAIN_ID/network/secret_ed25519"
"$directory/copy/bin/systemctl" start medblock-node
refused "on the chain's list already, as one of hospital 3" \
	on north council propose authorize-node 3 "$(< "$network/west/peer-id")" --yes

# Meanwhile a second machine of the hospital's gets a node of its own, and the validator's session keys.
machine twin 5 3 Dave
"$bin/medblock-node" consortium keys --base-path "$directory/twin/node" --chain-id "$CHAIN_ID" \
	--controller "$controller" --name Twin --gateway "$(gateway twin)" > "$directory/twin/keys.toml"
node=$(sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/twin/keys.toml")
rm "$directory/twin/node/$keystore"/*
cp "$network/west/$keystore"/* "$directory/twin/node/$keystore/"
hash=$(on north council propose authorize-node 3 "$node" --yes | jq -er .hash) || die "the second node can't be proposed"
for member in north east south; do on "$member" council vote "$hash" aye --yes > /dev/null; done
on north council close "$hash" --yes > /dev/null || die "the second node is not let in"
say "  the hospital's second node is let in"

eventually 120 "the copy says why it has no peers" \
	grep -q "runs with this node's key" "$directory/copy/medblock-node.log"
refused "runs with this node's key" on copy hospital check --hospital 3
has_peers west || die "the copy has driven the node itself out"
"$directory/copy/bin/systemctl" stop medblock-node

"$directory/twin/bin/systemctl" start medblock-node
suspended() { [ "$(seat)" = suspended ]; }
eventually 150 "the chain takes the seat" suspended
refused "signed conflicting votes" run_on west same-keys.md look
now=$(final north)
eventually 60 "the other three go on" finalized_beyond north $((now + 5))

# Both end. One of them gets new keys, and its place on the list is the only one.
must_on twin same-keys.md stop
must_on west same-keys.md stop
decides same-keys.md revoke north east south NODE="$node"
must_on west same-keys.md keys CONTROLLER="$controller" NAME="Westfield Infirmary" GATEWAY="$(gateway west)"
# Each file has its key's name, and the other machine has the old ones.
[ -z "$(comm -12 <(ls "$network/west/$keystore") <(ls "$directory/twin/node/$keystore"))" ] || die "an old key is left"
eventually 60 "the node catches up" caught_up west
eventually 60 "the new session keys are registered" run_on west same-keys.md set-keys
now=$(final north)
eventually 90 "two sessions pass" finalized_beyond north $((now + 21))
[ "$(seat)" = suspended ] || die "the seat came back by itself"
decides same-keys.md reinstate north east south HOSPITAL=3
eventually 120 "the hospital takes part again, with one machine and new keys" run_on west same-keys.md check
