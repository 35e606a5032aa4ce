# shellcheck shell=bash disable=SC2154
# Sourced by what tries a network with programs of others. Expects scripts/lib.sh, and `work`
# (where clients are installed), `directory` (of this run), `bin` and `base_port`.

# Runs what installs something into a folder, unless it was done for this lock file before.
# installed FOLDER LOCK COMMAND …
installed() {
	local folder=$work/$1 lock=$work/$1/$2
	shift 2
	cmp -s "$lock" "$folder/.installed" && return
	say "  installing into $folder"
	(cd "$folder" && "$@" > .log 2>&1) || die "$* failed in $folder: $(tail -5 "$folder/.log")"
	cp "$lock" "$folder/.installed"
}

npm_ci() { npm ci --ignore-scripts --no-audit --no-fund; }

pip_install() {
	rm -rf venv
	python3 -m venv venv
	venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		-r requirements.txt
}

# Whether the Node that is installed is at least of this version.
node_from() {
	node -e 'const [a, b] = process.versions.node.split("."), [c, d] = process.argv[1].split(".");
		process.exit(+a > +c || (+a === +c && +b >= +d) ? 0 : 1)' "$1"
}

# network_up [OPTION …]: the chain of four hospitals, the first two of whose nodes people ask.
network_up() {
	"$bin/medblock-launcher" network up --dir "$directory/network" --base-port "$base_port" "$@" \
		> /dev/null 2> "$directory/network.log" ||
		die "the network does not start: $(tail -3 "$directory/network.log")"
	export MEDBLOCK_NODE=ws://127.0.0.1:$base_port,ws://127.0.0.1:$((base_port + 1))
}

# vault INDEX [OPTION …]: a hospital's gateway, which its controller then puts onto the chain. The next hospital's node is
# its witness.
vault() {
	local controllers=(Alice Bob Charlie) index=$1
	shift
	"$bin/medblock-launcher" vault up "$directory/vault-$index" --hospital "$index" \
		--port $((base_port + 10 + index)) --node "ws://127.0.0.1:$((base_port + index))" \
		--witness "ws://127.0.0.1:$((base_port + (index + 1) % 4))" \
		--controller "${controllers[$index]}" "$@" 2> "$directory/vault-$index.log" ||
		die "the vault of hospital $index does not start: $(tail -1 "$directory/vault-$index.log")"
}

# Ends the vaults and the nodes of this run.
end_network() {
	local folder
	for folder in "$directory"/vault-*/; do
		"$bin/medblock-launcher" vault down "$folder"
	done
	# It would make the folder of a network that was never started.
	[ ! -d "$directory/network" ] ||
		"$bin/medblock-launcher" network down --dir "$directory/network" > /dev/null 2>&1 || true
}
