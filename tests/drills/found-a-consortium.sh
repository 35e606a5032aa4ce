# shellcheck shell=bash disable=SC2154
# Four hospitals make keys, and the same specification of them; they start, and blocks become final.

export CHAIN_ID=example_chain
# There is no chain yet.
mkdir -p "$network"
: > "$network/spec.json"
# In the order of the runbook's example.
founders=(harbour meadow castle bridge)
example=(north east south west)
boot=()
for index in 0 1 2 3; do
	name=${founders[index]}
	# Their accounts are none of the well-known ones, which are refused.
	machine "$name" "$index" "$index" "Founder//$name"
	must_on "$name" found-a-consortium.md keys NAME="Hospital $index" GATEWAY="https://vault.$name.example" \
		CONTROLLER="$(on "$name" account show | jq -r .address)"
	printf 'nodes = ["%s", "%s"]\n' "$(url "$name")" "ws://127.0.0.1:$((base_port + (index + 1) % 4 * 2))" \
		> "$directory/$name/config.toml"
	id=$(sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/$name/keys.toml")
	boot+=(-e "s#/dns/node.${example[index]}.example/[^\"]*#/ip4/127.0.0.1/tcp/$(($(rpc_port "$name") + 1))/p2p/$id#")
done

# The runbook's settings, with these hospitals in place of its own.
{
	block found-a-consortium.md hospitals toml | sed -e '/^\[\[hospital\]\]/,$d' "${boot[@]}"
	for name in "${founders[@]}"; do cat "$directory/$name/keys.toml"; done
} > "$directory/hospitals.toml"
for name in "${founders[@]}"; do
	cp "$directory/hospitals.toml" "$directory/$name/"
	must_on "$name" found-a-consortium.md spec
	must_on "$name" found-a-consortium.md sum
	cmp "$directory/harbour/example_chain.json" "$directory/$name/example_chain.json" ||
		die "$name has made another specification of the same file"
done
refused "an existing file is never overwritten" run_on harbour found-a-consortium.md spec

knows_all() { [ "$(peers "$1")" = 3 ]; }
for name in "${founders[@]}"; do must_on "$name" found-a-consortium.md start; done
eventually 60 "the first node answers" run_on harbour found-a-consortium.md status
for name in "${founders[@]}"; do
	eventually 60 "blocks are final at $name" finalized_beyond "$name" 3
	eventually 60 "and it is connected to all others" knows_all "$name"
done
[ "$(on harbour network status | jq -c '[.hospitals[].seat]')" = '["seated","seated","seated","seated"]' ] ||
	die "not all founders are seated: $(on harbour network status | jq -c .hospitals)"
