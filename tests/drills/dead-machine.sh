# shellcheck shell=bash disable=SC2154
# A machine dies, another one takes its place with new keys, and the old one comes back in vain.

begin sessionLength=10
network kill west
machine spare 4 3 Dave
settings=(NAME="Westfield Infirmary" CONTROLLER="$(on spare account show | jq -r .address)" GATEWAY="$(gateway spare)")
must_on spare dead-machine.md keys "${settings[@]}"
node=$(sed -n 's/^nodes = \["\(.*\)"\]/\1/p' "$directory/spare/keys.toml")
grep -q "replace-node .*$node" "$directory/said" || die "nothing says that this node takes another one's place"
decides dead-machine.md replace north east south OLD_NODE="$(< "$network/west/peer-id")" NODE="$node"
eventually 60 "the new machine catches up" up_to_date spare
eventually 60 "the session keys are registered" run_on spare dead-machine.md set-keys
with_gateway spare
eventually 150 "the new machine takes part" run_on spare dead-machine.md check

# The old machine is found, and switched on.
noted machines start west
eventually 60 "the old machine answers" rpc west system_health
now=$(final north)
eventually 90 "thirty blocks pass" finalized_beyond north $((now + 30))
no_peers west || die "the old machine is connected"
must_on spare dead-machine.md check
