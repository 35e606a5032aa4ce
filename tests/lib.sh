# shellcheck shell=bash
# Sourced by what tries a network with clients of other languages. Expects scripts/lib.sh, and `work`
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

# vault INDEX: a hospital's gateway, which its controller then puts onto the chain.
vault() {
	local folder=$directory/vault-$1 url=http://127.0.0.1:$((base_port + 10 + $1))
	local controllers=(Alice Bob Charlie)
	mkdir -p "$folder"
	(
		exec setsid "$bin/medblock-gateway" --hospital "$1" --listen "${url#http://}" --url "$url" \
			--node "ws://127.0.0.1:$((base_port + $1))" --data "$folder/data" \
			> "$folder/log" 2>&1 < /dev/null
	) &
	echo $! > "$folder/pid"
	for _ in $(seq 150); do
		curl -fsS --max-time 2 "$url/health" > /dev/null 2>&1 && break
		kill -0 "$(< "$folder/pid")" 2> /dev/null || die "a vault ended: $(tail -1 "$folder/log")"
		sleep 0.2
	done
	"$bin/medblock" --home "$folder/staff" account import me --dev "${controllers[$1]}" > /dev/null 2>&1
	"$bin/medblock" --home "$folder/staff" --quiet hospital gateway "$url" > /dev/null ||
		die "the chain does not take the address of a vault"
}

# Ends the vaults and the nodes of this run.
end_network() {
	local pid
	for pid in "$directory"/vault-*/pid; do
		[ -s "$pid" ] && kill "$(< "$pid")" 2> /dev/null
	done
	"$ROOT/scripts/network" down --dir "$directory/network" > /dev/null 2>&1 || true
}
