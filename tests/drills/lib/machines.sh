# shellcheck shell=bash disable=SC2154
# The hospitals' machines of a drill: four founders and others that come later, which medblock-launcher
# knows. Expects scripts/lib.sh, and `directory`, `base_port`, `bin`.

export CHAIN_ID=medblock_local
network=$directory/network
export MEDBLOCK_PASSPHRASE_FILE=$directory/passphrase

machines() { "$bin/medblock-launcher" machines --dir "$directory" "$@"; }
machines create --base-port "$base_port"

# noted COMMAND …: what it says goes to the log.
noted() { "$@" >> "$directory/log" 2>&1 || die "$* failed: $(tail -3 "$directory/log")"; }

# begin [SETTING=VALUE …]: a chain of four, with these settings in its genesis.
begin() { noted machines begin "$@"; }

# machine NAME PLACE HOSPITAL ACCOUNT: a machine besides the founders', with nothing running on it. Its
# node's options are in etc/node.env, as the package has them.
machine() { noted machines add "$@"; }

# network kill MACHINE …
network() {
	local command=$1
	shift
	noted "$bin/medblock-launcher" network "$command" --dir "$network" "$@"
}

url() { machines show "$1" url; }
rpc_port() { machines show "$1" rpc-port; }
gateway() { machines show "$1" gateway; }
node_folder() { machines show "$1" node-folder; }
hospital_of() { machines show "$1" hospital; }
peers() { machines show "$1" peers; }
best() { machines show "$1" best; }
final() { machines show "$1" final; }

# rpc MACHINE METHOD [PARAMETERS]
rpc() { machines ask "$@"; }

no_peers() { machines check "$1" no-peers; }
has_peers() { machines check "$1" has-peers; }
finalized_beyond() { machines check "$1" final-beyond "$2"; }
authored_beyond() { machines check "$1" best-beyond "$2"; }
# What its pool of transactions goes by follows the blocks: the first transaction may be refused for a moment.
caught_up() { machines check "$1" caught-up; }
up_to_date() { machines check "$1" up-to-date; }
node_ended() { machines check "$1" ended; }
serves() { machines check "$1" serves; }

# on MACHINE WORD …: what its administrator types, with the answers as JSON.
on() {
	local machine=$1
	shift
	"$bin/medblock" --home "$directory/$machine" --quiet --json "$@"
}

# Puts a hospital's gateway to work, and its address onto the chain.
with_gateway() {
	"$directory/$1/bin/systemctl" start medblock-gateway
	on "$1" hospital gateway "$(gateway "$1")" > /dev/null
	eventually 30 "the gateway of $1 is healthy" serves "$1"
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
