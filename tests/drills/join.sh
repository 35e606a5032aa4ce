# shellcheck shell=bash disable=SC2154
# A fifth hospital joins, from making its keys to authoring blocks; then others act for it, and then it again.

begin sessionLength=10
machine fifth 4 4 Eve
controller=$(on fifth account show | jq -r .address)
settings=(CONTROLLER="$controller" NAME="Fifth Hospital" GATEWAY="$(gateway fifth)")
etc=$directory/fifth/etc

must_on fifth join-validator.md keys "${settings[@]}"
cp "$directory/fifth/keys.toml" "$directory/first-keys.toml"
refused "holds keys already" run_on fifth join-validator.md keys "${settings[@]}"
cmp "$directory/fifth/keys.toml" "$directory/first-keys.toml" || die "the second attempt has spoilt keys.toml"

# With another chain's specification of the same id: two consortia may have chosen it.
cp "$etc/chain.json" "$etc/right.json"
jq '.genesis.raw.top["0x6f74686572"] = "0x01"' "$etc/right.json" > "$etc/chain.json"
must_on fifth join-validator.md start
eventually 60 "the node with the wrong specification answers" rpc fifth system_health
refused "follows another chain" run_on fifth join-validator.md join
refused "follows another chain" on fifth hospital check --hospital 4
"$directory/fifth/bin/systemctl" stop medblock-node
cp "$etc/right.json" "$etc/chain.json"
refused "belongs to another chain" "$bin/medblock-node" --chain "$etc/chain.json" \
	--base-path "$directory/fifth/node" --rpc-port 0 --port 0 --no-prometheus
"$bin/medblock-node" purge-chain -y --chain "$etc/chain.json" --base-path "$directory/fifth/node" \
	>> "$directory/log" 2>&1 || die "the wrong chain's data can't be deleted"

# Right after the start: what is shown next waits for the node.
must_on fifth join-validator.md start
must_on fifth join-validator.md join
joining() { on fifth hospital join "$directory/fifth/keys.toml" "$@"; }
node=$(joining | jq -r .node)
# Where a tunnel was to begin, the own node may listen, and agree with itself on everything.
twice() { "$bin/medblock" --home "$directory/fifth" --node "$(url fifth),ws://localhost:$(rpc_port fifth)" "$@"; }
refused "are the same node" twice hospital join "$directory/fifth/keys.toml"
refused "are the same node" twice hospital check
refused "are the same node" twice network status
# Asked at a machine whose node has another key, as after a mistyped --chain-id.
refused "it runs with another key than the file's" on north hospital join "$directory/fifth/keys.toml"
"$bin/medblock-node" key generate-node-key --file "$directory/fifth/archive-key" > /dev/null 2> "$directory/said"
archive=$(grep -o '12D3Koo[A-Za-z0-9]*' "$directory/said")
[ "$(joining --node-id "$archive" | jq '.authorizations | length')" = 2 ] ||
	die "the second node is not part of what the council is to decide"

# A stranger gets no blocks, and nobody votes twice, or without being a member.
start=$(best north)
eventually 60 "ten blocks pass" authored_beyond north $((start + 10))
[ "$(peers fifth)" = 0 ] && [ "$(best fifth)" = 0 ] || die "a stranger is connected"
refused "is no member of the council" "$bin/medblock" --home "$directory/fifth" --node "$(url north),$(url east)" \
	council propose expel 0 --yes

must_on north join-validator.md admit "${settings[@]}"
hash=$(on north council list | jq -r '.proposals[0].hash')
[ "$hash" = "$(joining | jq -r .admission.hash)" ] ||
	die "the newcomer and the proposer made different calls of the same words"
refused "on the same call already" on north council propose admit --controller "$controller" \
	--name "Fifth Hospital" --gateway "$(gateway fifth)" --yes
# The same, as the newcomer has prepared it.
refused "on the same call already" on north council propose call "$(joining | jq -r .admission.data)" --yes
must_on north council.md vote "HASH=$hash"
refused "has voted aye" on north council vote "$hash" aye --yes
refused "name the proposal by its hash" on east council vote 0 aye --yes
refused "too early to close" on north council close "$hash" --yes
for member in east south; do
	must_on "$member" council.md show "HASH=$hash"
	must_on "$member" council.md vote "HASH=$hash"
done
# Whoever is asked has seen the call, and has sent nothing before saying yes.
no_to() { printf 'no\n' | script -qefc "'$bin/medblock' --home '$directory/south' council $*" /dev/null; }
refused "not confirmed: nothing was sent" no_to close "$hash"
grep -q "Consortium.admit_hospital" "$directory/said" || die "the call was not shown before it was to be signed"
must_on south council.md close "HASH=$hash"
refused "no open proposal" on south council vote "$hash" aye --yes
hospital=$(on south network status | jq '.hospitals[] | select(.name == "Fifth Hospital") | .hospital')
[ "$hospital" = 4 ] || die "the newcomer is hospital $hospital"

# Four of five are two thirds now; three would not do.
decides join-validator.md authorize north east south west HOSPITAL="$hospital" NODE="$node"
eventually 60 "the new node catches up" up_to_date fifth
refused "for another hospital's controller" on east hospital set-keys "$directory/fifth/keys.toml"
must_on fifth join-validator.md set-keys
must_on fifth join-vault.md gateway
eventually 120 "the fifth hospital takes part: seated, peered, final, authoring, serving" \
	run_on fifth join-vault.md check
# Usually a validator's machine has nobody's account: then it is the hospital of its node.
eventually 60 "so it does where there is no account" \
	"$bin/medblock" --home "$directory/nobody" --node "$(url fifth),$(url north)" hospital check

# decide WORD …: as scripts do it, without a runbook.
decide() {
	local hash member votes=()
	hash=$(on north council propose "$@" --yes | jq -er .hash) || die "cannot be proposed: $*"
	on north council vote "$hash" aye --yes > /dev/null
	# By now the others have seen it.
	for member in east south west; do
		on "$member" council vote "$hash" aye --yes > /dev/null &
		votes+=($!)
	done
	wait "${votes[@]}" || true
	eventually 30 "all have voted" approved "$hash"
	on north council close "$hash" --yes > /dev/null || die "cannot be closed: $*"
	say "  the council decides: $1"
}
approved() {
	on north council list | jq -e --arg hash "$1" '.proposals[] | select(.hash == $hash).standing == "approved"'
}
listed() { rpc north consortium_authorizedNodes | jq '.value | length'; }
refused "on the chain's list already, as one of hospital 4" on north council propose authorize-node 4 "$node" --yes
decide authorize-node 4 "$archive"
[ "$(listed)" = 6 ] || die "the hospital's second node is not on the list"
decide revoke-node "$archive"
[ "$(listed)" = 5 ] || die "the hospital's second node is still on the list"
refused "is not on the chain's list" on north council propose revoke-node "$archive" --yes

# The hospital chooses another account to act for it; then that one's key is lost, and the others help.
"$bin/medblock" --home "$directory/heir" --quiet account import me --dev Ferdie >> "$directory/log" 2>&1
heir=$("$bin/medblock" --home "$directory/heir" --json account show | jq -r .address)
acts() { on fifth network status | jq -r '.hospitals[4].controller'; }
is_back() { [ "$(acts)" = "$controller" ]; }
on fifth hospital hand-over "$heir" --yes > /dev/null || die "the hospital can't be handed over"
[ "$(acts)" = "$heir" ] || die "$(acts) acts for the hospital, and not $heir"
refused "acts for no active hospital" on fifth hospital hand-over "$heir" --yes
decide change-controller 4 "$controller"
eventually 30 "the council has put it into other hands" is_back
