# shellcheck shell=bash
# The node's port answers other hospitals, and nobody else.

[ "$(id -u)" = 0 ] || skip "network namespaces take root"
command -v nft > /dev/null || skip "nftables is not installed"
tag=mb$$
undo() {
	local name
	# The wire goes when the last program in it has ended.
	while kill -0 "$(< "$directory/node/medblock-node.pid")" 2> /dev/null; do sleep 0.1; done
	for name in node member stranger; do ip netns delete "$tag-$name" 2> /dev/null; done
	ip link delete "$tag-br" 2> /dev/null
}
ip link add "$tag-br" type bridge && ip link set "$tag-br" up || skip "no bridge can be made here"
# name, address: a machine of its own on one wire with the others.
for one in node:10.77.0.1 member:10.77.0.2 stranger:10.77.0.9; do
	name=${one%%:*}
	ip netns add "$tag-$name"
	ip link add "$tag-${name:0:3}" type veth peer name eth0 netns "$tag-$name"
	ip link set "$tag-${name:0:3}" master "$tag-br" up
	ip -n "$tag-$name" address add "${one#*:}/24" dev eth0
	ip -n "$tag-$name" link set eth0 up
	ip -n "$tag-$name" link set lo up
done
in_ns() {
	local name=$1
	shift
	ip netns exec "$tag-$name" "$@"
}
reaches() { in_ns "$1" timeout 3 bash -c "exec 3<> /dev/tcp/10.77.0.1/$2"; }

# Open to everybody on purpose: what the firewall is for must be reachable before it is there.
(cd "$directory" && exec ip netns exec "$tag-node" setsid "$bin/medblock-node" --chain local --base-path "$directory/base" \
	--no-mdns --no-prometheus --listen-addr /ip4/0.0.0.0/tcp/30333 --rpc-port 9944 \
	--rpc-external --rpc-methods safe >> "$directory/log" 2>&1 < /dev/null) &
mkdir -p "$directory/member/bin" "$directory/node/etc" "$directory/node/bin" "$directory/stranger/bin"
echo $! > "$directory/node/medblock-node.pid"
eventually 60 "without a firewall the stranger reaches the node" reaches stranger 30333
eventually 60 "and its JSON-RPC" reaches stranger 9944

block firewall.md rules nft > "$directory/node/etc/firewall.nft"
run_in() {
	local name=$1 block=$2
	shift 2
	echo "firewall.md $block" >> "$ran"
	block firewall.md "$block" | sed "s#/etc/medblock#$directory/node/etc#g" > "$directory/block"
	in_ns "$name" env "$@" bash -euo pipefail "$directory/block"
}
run_in node load > "$directory/said" 2>&1 || die "nft: $(< "$directory/said")"
eventually 30 "the stranger does not reach it any more" run_in stranger outside VALIDATOR=10.77.0.1
if reaches stranger 9944; then die "JSON-RPC answers a stranger"; fi
reaches member 30333 || die "another hospital does not reach the node"
say "  another hospital does"
in_ns node timeout 3 bash -c 'exec 3<> /dev/tcp/127.0.0.1/9944' || die "the machine itself does not reach its JSON-RPC"
