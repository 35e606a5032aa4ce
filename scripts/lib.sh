# shellcheck shell=bash
# Sourced by every script: where things are, which Rust toolchain builds MedBlock, how to speak
# to the person who ran the command.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# What the chain's runtime, and the client for browsers, are compiled for.
WASM_TARGET=wasm32v1-none
# shellcheck disable=SC2034 # for those that source this
BROWSER_TARGET=wasm32-unknown-unknown

say() { printf '%s\n' "$*" >&2; }

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Prints the leading comment of the script that called it, which is its documentation.
usage() {
	awk 'NR > 1 && /^#/ { sub(/^# ?/, ""); print; next } NR > 1 { exit }' "$0"
}

# has_target TARGET: whether the `rustc` that is first on PATH has a standard library for it.
has_target() {
	command -v rustc > /dev/null || return 1
	local sysroot
	# Run from the root, so that rustup applies the repository's rust-toolchain.toml.
	sysroot=$(cd "$ROOT" && rustc --print sysroot 2> /dev/null) || return 1
	compgen -G "$sysroot/lib/rustlib/$1/lib/libcore-*.rlib" > /dev/null
}

# use_toolchain [TARGET]: puts a toolchain that builds the runtime, or what TARGET names, first on
# PATH: the user's own where it has that target, else the one that `scripts/setup` installed from
# Debian.
use_toolchain() {
	local target=${1:-$WASM_TARGET}
	if ! has_target "$target"; then
		PATH="/usr/bin:$PATH"
		hash -r
		has_target "$target" || return 1
	fi
	export PATH
}

# Where cargo puts what it builds; outside the clone if the caller says so.
target_dir() {
	local folder=${CARGO_TARGET_DIR:-$ROOT/target}
	# Cargo takes a relative one from where it is started: the root.
	case $folder in
		/*) printf '%s\n' "$folder" ;;
		*) printf '%s\n' "$ROOT/$folder" ;;
	esac
}

# browser_cargo COMMAND ARGUMENT …: cargo for the client for browsers. Switches of the native build stay out of it, and
# where cargo keeps sources stays out of what it makes, so that everyone gets the same bytes.
browser_cargo() {
	local command=$1
	shift
	CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
		cargo "$command" --quiet --locked --profile web --target "$BROWSER_TARGET" "$@"
}

# Where `scripts/setup` puts the tools that it builds.
tools_dir() { printf '%s/tools\n' "$(target_dir)"; }

# Puts those first on PATH, if they are there.
use_tools() { PATH="$(tools_dir)/bin:$PATH"; }

# Whether the Node that is first on PATH can drive a browser.
has_node() {
	node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2> /dev/null
}

# Puts such a Node first on PATH: the user's own, else the one that `scripts/setup --portal` took from
# npm.
use_node() {
	local folder
	has_node && return
	for folder in "$(tools_dir)"/node/node_modules/node-linux-*/bin; do PATH="$folder:$PATH"; done
	has_node || die "Node is missing, or older than 20: run scripts/setup --portal"
}

# Sets the machine up and builds every binary, once, in the one profile that running and testing
# share. Features are those of the whole workspace, so that no script compiles anything twice.
build() {
	"$ROOT/scripts/setup" --quiet
	use_toolchain || die "no Rust toolchain can build the runtime: run scripts/setup"
	(cd "$ROOT" && cargo build --release --locked --workspace "$@") ||
		die "the build failed; the compiler's message is above"
}

# Builds what hospitals run, as they get it: node, gateway and client in the production profile, with the features of the
# whole workspace. The runtime in it is the release profile's, byte for byte, since its hash is what a council compares.
build_production() {
	"$ROOT/scripts/setup" --quiet
	use_toolchain || die "no Rust toolchain can build the runtime: run scripts/setup"
	(cd "$ROOT" && WASM_BUILD_TYPE=release cargo build --profile production --locked --workspace \
		--bin medblock-node --bin medblock-gateway --bin medblock) ||
		die "the build failed; the compiler's message is above"
}
