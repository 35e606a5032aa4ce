# shellcheck shell=bash
# A fifth hospital joins, from making its keys to authoring blocks.

begin sessionLength=10
machine fifth 4 4 Eve
controller=$(on fifth account show | jq -r .address)
settings=(CONTROLLER="$controller" GATEWAY="$(gateway fifth)")

must_on fifth join.md keys "${settings[@]}"
refused "holds keys already" run_on fifth join.md keys "${settings[@]}"
# That attempt has emptied the file, as a careless one would; the chain has not seen it.
rm -r "$directory/fifth/node"
must_on fifth join.md keys "${settings[@]}"
must_on fifth join.md start
eventually 60 "the new node answers" rpc fifth system_health
must_on fifth join.md join
node=$(on fifth hospital join "$directory/fifth/keys.toml" | jq -r .node)

# A stranger gets no blocks, and nobody votes twice, or without being a member.
start=$(best north)
eventually 60 "ten blocks pass" authored_beyond north $((start + 10))
[ "$(peers fifth)" = 0 ] && [ "$(best fifth)" = 0 ] || die "a stranger is connected"
refused "is no member of the council" "$bin/medblock" --home "$directory/fifth" --node "$(url north),$(url east)" \
	council propose expel 0 --yes

must_on north join.md admit "${settings[@]}"
hash=$(on north council list | jq -r '.proposals[0].hash')
[ "$hash" = "$(on fifth hospital join "$directory/fifth/keys.toml" | jq -r .admission.hash)" ] ||
	die "the newcomer and the proposer made different calls of the same words"
refused "on the same call already" on north council propose admit --controller "$controller" \
	--name "Fifth Hospital" --gateway "$(gateway fifth)" --yes
must_on north council.md vote "HASH=$hash"
refused "has voted aye" on north council vote "$hash" aye --yes
refused "name the proposal by its hash" on east council vote 0 aye --yes
refused "too early to close" on north council close "$hash"
for member in east south; do
	must_on "$member" council.md show "HASH=$hash"
	must_on "$member" council.md vote "HASH=$hash"
done
must_on south council.md close "HASH=$hash"
refused "no open proposal" on north council vote "$hash" aye --yes
hospital=$(on north network status | jq '.hospitals[] | select(.name == "Fifth Hospital") | .hospital')
[ "$hospital" = 4 ] || die "the newcomer is hospital $hospital"

# Four of five are two thirds now; three would not do.
decides join.md authorize north east south west HOSPITAL="$hospital" NODE="$node"
eventually 60 "the new node catches up" caught_up fifth
refused "for another hospital's controller" on east hospital set-keys "$directory/fifth/keys.toml"
must_on fifth join.md set-keys
must_on fifth join.md gateway
eventually 120 "the fifth hospital takes part: seated, peered, final, authoring, serving" \
	run_on fifth join.md check
