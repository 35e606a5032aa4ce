# shellcheck shell=bash disable=SC2154
# A node's ports answer other hospitals, by their address or by WireGuard, and no other machine.

[ "$(id -u)" = 0 ] || skip "network namespaces take root"
command -v nft > /dev/null || skip "nftables is not installed"
tag=mb$$
machines=(node member partner own stranger)
undo() {
	local name pid
	# The wire goes when the last program on it has ended.
	for name in "${machines[@]}"; do
		for pid in $(ip netns pids "$tag-$name" 2> /dev/null); do
			kill "$pid" 2> /dev/null
			while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
		done
		ip netns delete "$tag-$name" 2> /dev/null
	done
	ip link delete "$tag-br" 2> /dev/null
}
ip link add "$tag-br" type bridge && ip link set "$tag-br" up || skip "no bridge can be made here"
# name, address: a machine of its own, on one wire with the others. The addresses are the runbook's.
for one in node:203.0.113.1 member:198.51.100.7 partner:198.51.100.8 own:192.0.2.20 stranger:198.51.100.99; do
	name=${one%%:*}
	mkdir -p "$directory/$name/"{bin,etc,run,wireguard}
	ip netns add "$tag-$name"
	ip link add "$tag-${name:0:3}" type veth peer name eth0 netns "$tag-$name"
	ip link set "$tag-${name:0:3}" master "$tag-br" up
	ip -n "$tag-$name" address add "${one#*:}/32" dev eth0
	ip -n "$tag-$name" link set eth0 up
	ip -n "$tag-$name" link set lo up
	ip -n "$tag-$name" route add default dev eth0
done
node=203.0.113.1
in_ns() {
	local name=$1
	shift
	ip netns exec "$tag-$name" "$@"
}
# reaches MACHINE PORT [ADDRESS]
reaches() { in_ns "$1" timeout 3 bash -c "exec 3<> /dev/tcp/${3:-$node}/$2"; }
# sends MACHINE PORT: a datagram
sends() { in_ns "$1" bash -c "echo knock > /dev/udp/$node/$2"; }
refuses() { if reaches "$@" 2> /dev/null; then die "$1 reaches port $2"; fi; }

# start_node WHO OPTION …: a node that is no validator, until WHO reaches it.
start_node() {
	local who=$1
	shift
	"$bin/medblock-launcher" process start "$directory/node" medblock-node ip netns exec "$tag-node" \
		"$bin/medblock-node" --chain local --base-path "$(mktemp -d "$directory/base.XXXX")" --no-mdns --no-prometheus "$@"
	eventually 60 "$who reaches it" reaches stranger 30333
}
# What the node listens on, for others than its own machine.
listening() { in_ns node ss -Htuln | awk '{ print $1 " " $5 }' | grep -v -e '127.0.0.1:' -e '\[::1\]:' | sort -u; }
udp_listens() { listening | grep -q '^udp .*:30333$'; }
start_node "without a firewall, a stranger"
eventually 30 "without --listen-addr it listens on UDP, too" udp_listens
"$bin/medblock-launcher" process stop "$directory/node" medblock-node

# The options that the package has for a node that also other machines ask: what the firewall is for must be
# reachable before it is there.
options=$(sed -n 's/^#   MEDBLOCK_NODE_OPTIONS=\(--name .*--experimental-rpc-endpoint .*\)/\1/p' \
	"$ROOT/packaging/config/node.env" | sed "s#/var/lib/medblock/node#$directory/node#g")
read -ra options <<< "$options"
[ ${#options[@]} != 0 ] || die "packaging/config/node.env has no options for such a node"
start_node "with the package's options, a stranger still" "${options[@]}"
eventually 60 "and its JSON-RPC" reaches stranger 9944
[ "$(listening)" = $'tcp 0.0.0.0:30333\ntcp 0.0.0.0:9944' ] || die "the node listens on more than these two ports: $(listening)"
say "  and nothing else listens, on TCP or UDP"

# run_in MACHINE BLOCK [VARIABLE=VALUE …]: as its administrator types it. The folders of the system are its own.
run_in() {
	local name=$1 block=$2
	shift 2
	echo "firewall.md $block" >> "$ran"
	block firewall.md "$block" | sed "s#/etc/medblock#$directory/$name/etc#g" > "$directory/block"
	# A namespace of the network brings along one of mounts.
	# shellcheck disable=SC2016
	in_ns "$name" env PATH="$directory/$name/bin:$PATH" "$@" bash -euo pipefail -c '
		if [ -d /etc/wireguard ]; then
			mkdir -p /run/wireguard
			mount --bind "$0/wireguard" /etc/wireguard
			mount --bind "$0/run" /run/wireguard
		fi
		. "$1"' "$directory/$name" "$directory/block"
}
block firewall.md rules nft > "$directory/node/etc/firewall.nft"
run_in node load > "$directory/said" 2>&1 || die "nft: $(< "$directory/said")"
eventually 30 "with it, nothing answers a stranger" run_in stranger outside VALIDATOR="$node"
reaches member 30333 || die "another hospital does not reach the node"
refuses member 9944
reaches own 9944 || die "the hospital's own machine does not reach JSON-RPC"
reaches own 30333 || die "the hospital's own machine, which may have its other node, does not reach the node"
in_ns node timeout 3 bash -c 'exec 3<> /dev/tcp/127.0.0.1/9944' || die "the machine itself does not reach its JSON-RPC"
say "  another hospital reaches the node, an own machine its JSON-RPC, too"

dropped() {
	in_ns node nft -j list table inet medblock |
		jq -r --arg protocol "$1" '.nftables[].rule? | objects | .expr | select(.[0].match.left.payload?.protocol? == $protocol)
			| .[].counter? | objects | .packets'
}
before=$(dropped udp)
sends stranger 30333
sends member 30334
sends stranger 9443
[ "$(dropped udp)" = $((before + 3)) ] || die "datagrams were not dropped: $before before, $(dropped udp) after"
say "  datagrams to these ports are dropped"

# What a container engine does with a port that it publishes: it goes elsewhere before the input hook.
in_ns node nft -f - <<- FORWARDED || die "no port can be forwarded here"
	table ip forwarded {
		chain arriving {
			type nat hook prerouting priority dstnat
			tcp dport { 30334, 9443 } redirect to :9944
		}
	}
FORWARDED
for port in 30334 9443; do
	refuses stranger $port
	reaches member $port || die "another hospital does not reach the forwarded port $port"
done
reaches own 9443 || die "the hospital's own machine does not reach the proxy's port"
refuses own 30334
say "  a forwarded port is as closed, and the proxy's is open to hospitals and own machines"

# A machine that was taken off the list is off it once the file is loaded again.
sed -i '/set hospitals/,/}/{/elements/d}' "$directory/node/etc/firewall.nft"
run_in node load > "$directory/said" 2>&1 || die "nft: $(< "$directory/said")"
refuses member 30333
refuses member 9443
say "  a machine that was taken off the list does not reach it"

# --- WireGuard ---------------------------------------------------------------------------------

has_wireguard() {
	command -v wg-quick > /dev/null || return 1
	if in_ns stranger ip link add wg0 type wireguard 2> /dev/null; then
		in_ns stranger ip link delete wg0
	else
		command -v wireguard-go > /dev/null && [ -c /dev/net/tun ]
	fi
}
if ! has_wireguard; then
	left_out firewall.md "neither the kernel's WireGuard nor wireguard-go is here, or no wireguard-tools" wireguard-key wireguard wireguard-change
	return
fi
# What systemd does: /usr/lib/systemd/system/wg-quick@.service.
for name in node partner; do
	cat > "$directory/$name/bin/systemctl" <<- 'SHIM'
		#!/usr/bin/env bash
		case $* in
			"enable --now wg-quick@wg0") wg-quick up wg0 ;;
			"restart wg-quick@wg0") wg-quick down wg0 && wg-quick up wg0 ;;
			*) exit 1 ;;
		esac
	SHIM
	chmod +x "$directory/$name/bin/systemctl"
	run_in $name wireguard-key > "$directory/$name/public" 2> "$directory/said" || die "wg: $(< "$directory/said")"
	[ "$(stat -c %a "$directory/$name/wireguard/wg0.key")" = 600 ] || die "others can read the key of $name"
done
block firewall.md wireguard ini | sed "s#WHAT_EAST_SAID#$(< "$directory/partner/public")#" > "$directory/node/wireguard/wg0.conf"
# East has the same of this machine.
block firewall.md wireguard ini | sed -e "s#WHAT_EAST_SAID#$(< "$directory/node/public")#" -e 's#10.77.0.1/24#10.77.0.2/24#' \
	-e 's#10.77.0.2/32#10.77.0.1/32#' -e "s#198.51.100.8:#$node:#" > "$directory/partner/wireguard/wg0.conf"
for name in node partner; do
	run_in $name wireguard > "$directory/said" 2>&1 || die "wg-quick: $(< "$directory/said")"
done
eventually 30 "another hospital reaches the node by WireGuard" reaches partner 30333 10.77.0.1
reaches partner 9443 10.77.0.1 || die "another hospital does not reach the proxy's port by WireGuard"
refuses partner 30333
refuses partner 9944 10.77.0.1
# A stranger that sends what is meant for the inner address there gets no answer.
refuses stranger 30333 10.77.0.1
say "  and neither its address nor another port; a stranger reaches nothing"
run_in node wireguard-change > "$directory/said" 2>&1 || die "wg-quick: $(< "$directory/said")"
eventually 30 "after a change of the file, too" reaches partner 30333 10.77.0.1
sed -i '/^\[Peer\]/,$d' "$directory/node/wireguard/wg0.conf"
run_in node wireguard-change > "$directory/said" 2>&1 || die "wg-quick: $(< "$directory/said")"
refuses partner 30333 10.77.0.1
say "  and a machine that was removed from it does not"
