# shellcheck shell=bash
# The hospitals' machines of a drill: four founders by scripts/network, and others that come later. On
# each, `systemctl`, `journalctl` and `chown` are for its own node and gateway. Expects scripts/lib.sh, and
# `directory`, `base_port`, `bin`.

# A machine's place among the ports, its hospital, and the account that acts for it.
declare -A PLACE=([north]=0 [east]=1 [south]=2 [west]=3)
declare -A HOSPITAL_OF=([north]=0 [east]=1 [south]=2 [west]=3)
declare -A ACTS=([north]=Alice [east]=Bob [south]=Charlie [west]=Dave)
CHAIN_ID=medblock_local
network=$directory/network
# Everybody's accounts are under the same passphrase here.
export MEDBLOCK_PASSPHRASE_FILE=$directory/passphrase
[ -s "$MEDBLOCK_PASSPHRASE_FILE" ] || head -c 24 /dev/urandom | base64 > "$MEDBLOCK_PASSPHRASE_FILE"

network() {
	local command=$1
	shift
	MEDBLOCK_NO_BUILD=yes "$ROOT/scripts/network" "$command" --dir "$network" "$@" >> "$directory/log" 2>&1
}

# begin [SETTING=VALUE …] [-- OPTION …]: a chain of four, with these settings in its genesis.
begin() {
	local settings='.genesis.runtimeGenesis.patch.consortium.settings' filter=. name
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		filter+=" | $settings.${1%%=*} = ${1#*=}"
		shift
	done
	[ $# -eq 0 ] || shift
	mkdir -p "$network"
	"$bin/medblock-node" export-chain-spec --chain local 2> /dev/null | jq "$filter" > "$directory/plain.json"
	network up --base-port "$base_port" --spec "$directory/plain.json" "$@" ||
		die "the chain does not begin: $(tail -3 "$directory/log")"
	for name in north east south west; do set_up "$name"; done
}

# machine NAME PLACE HOSPITAL ACCOUNT: a machine besides the founders', with nothing running on it. Its
# node's options are in etc/node.env, as the package has them.
machine() {
	PLACE[$1]=$2
	HOSPITAL_OF[$1]=$3
	ACTS[$1]=$4
	mkdir -p "$directory/$1/node"
	set_up "$1"
}

# The folder and the programs of a machine, and its administrator's account.
set_up() {
	local folder=$directory/$1 program
	mkdir -p "$folder/etc" "$folder/vault" "$folder/bin"
	cp "$network/spec.json" "$folder/etc/chain.json"
	printf 'MEDBLOCK_NODE_OPTIONS=--validator --name %s\n' "$1" > "$folder/etc/node.env"
	for program in systemctl journalctl chown; do
		cat > "$folder/bin/$program" <<- SHIM
			#!/usr/bin/env bash
			exec "$BASH" "$ROOT/tests/drills/lib/service" $program "$1" "$directory" "\$@"
		SHIM
		chmod +x "$folder/bin/$program"
	done
	for program in medblock medblock-node medblock-gateway; do
		ln -sf "$bin/$program" "$folder/bin/$program"
	done
	printf 'nodes = ["%s", "%s"]\n' "$(url "$1")" "$(url "$(neighbour "$1")")" > "$folder/config.toml"
	"$bin/medblock" --home "$folder" --quiet account import me --dev "${ACTS[$1]}" \
		>> "$directory/log" 2>&1 ||
		die "cannot make the account of $1"
	remember
}

# For the services, which are other processes.
remember() { declare -p PLACE HOSPITAL_OF ACTS CHAIN_ID base_port bin > "$directory/machines"; }

neighbour() { [ "$1" = north ] && echo east || echo north; }
is_founder() { [[ $1 =~ ^(north|east|south|west)$ ]]; }

rpc_port() {
	if is_founder "$1"; then echo $((base_port + PLACE[$1])); else echo $((base_port + PLACE[$1] * 2)); fi
}
url() { echo "ws://127.0.0.1:$(rpc_port "$1")"; }
gateway() { echo "http://127.0.0.1:$((base_port + 14 + PLACE[$1] % 6))"; }
node_folder() { if is_founder "$1"; then echo "$network/$1"; else echo "$directory/$1/node"; fi; }

# on MACHINE WORD …: what its administrator types, with the answers as JSON.
on() {
	local machine=$1
	shift
	"$bin/medblock" --home "$directory/$machine" --quiet --json "$@"
}

# rpc MACHINE METHOD [PARAMETERS]
rpc() {
	curl -sS --max-time 5 -H 'Content-Type: application/json' \
		-d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$2\",\"params\":${3:-[]}}" \
		"http://127.0.0.1:$(rpc_port "$1")" 2> /dev/null | jq -ce '.result' 2> /dev/null
}

peers() { rpc "$1" system_health | jq .peers; }
best() { printf '%d' "$(rpc "$1" chain_getHeader | jq -r .number)"; }
final() { printf '%d' "$(rpc "$1" chain_getHeader "[$(rpc "$1" chain_getFinalizedHead)]" | jq -r .number)"; }
no_peers() { [ "$(peers "$1")" = 0 ]; }
has_peers() { [ "$(peers "$1")" -gt 0 ]; }
finalized_beyond() { [ "$(final "$1")" -gt "$2" ]; }
authored_beyond() { [ "$(best "$1")" -gt "$2" ]; }
# What its pool of transactions goes by follows the blocks: the first transaction may be refused for a moment.
caught_up() { has_peers "$1" && [ $(($(best "$1") + 3)) -ge "$(best "$(neighbour "$1")")" ]; }
# With what is final, too, which follows later: transactions name a final block that is not too old.
up_to_date() { caught_up "$1" && [ $(($(final "$1") + 10)) -ge "$(final "$(neighbour "$1")")" ]; }

node_ended() { ! kill -0 "$(< "$network/$1/pid")" 2> /dev/null; }

# Puts a hospital's gateway to work, and its address onto the chain.
with_gateway() {
	"$directory/$1/bin/systemctl" start medblock-gateway
	on "$1" hospital gateway "$(gateway "$1")" > /dev/null
	eventually 30 "the gateway of $1 is healthy" curl -fsS --max-time 2 -o /dev/null "$(gateway "$1")/health"
}

# eventually SECONDS WHAT COMMAND …: until it succeeds. The seconds are what it takes where nothing else
# runs, and then some; a busy machine is given four times as many.
eventually() {
	local limit=$(($1 * 4)) what=$2 started=$SECONDS
	shift 2
	until "$@" > "$directory/said" 2>&1; do
		[ $((SECONDS - started)) -lt "$limit" ] ||
			die "waited $limit s in vain: $what; the last answer was: $(tail -c 1500 "$directory/said")"
		sleep 0.3
	done
	say "  $what"
}

# refused WORDS COMMAND …: it fails, and says these words.
refused() {
	local words=$1
	shift
	if "$@" > "$directory/said" 2>&1; then die "should have been refused: $*"; fi
	grep -qF -- "$words" "$directory/said" || die "expected '$words' of $*, not: $(tail -c 1500 "$directory/said")"
	say "  refused: $(grep -hF -- "$words" "$directory/said" | head -1 | cut -c1-160)"
}

skip() {
	say "  not possible here: $*"
	exit 77
}

end_machines() {
	local pid
	for pid in "$directory"/*/*.pid; do
		[ -s "$pid" ] && kill "$(< "$pid")" 2> /dev/null || true
	done
	network down || true
}
