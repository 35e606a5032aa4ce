# shellcheck shell=bash
# Sourced by every script: where things are, which Rust toolchain builds MedBlock, how to speak
# to the person who ran the command.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WASM_TARGET=wasm32v1-none

say() { printf '%s\n' "$*" >&2; }

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Prints the leading comment of the script that called it, which is its documentation.
usage() {
	awk 'NR > 1 && /^#/ { sub(/^# ?/, ""); print; next } NR > 1 { exit }' "$0"
}

# True when the `rustc` that is first on PATH can compile the runtime for WebAssembly.
has_wasm_core() {
	command -v rustc > /dev/null || return 1
	local sysroot
	# Run from the root, so that rustup applies the repository's rust-toolchain.toml.
	sysroot=$(cd "$ROOT" && rustc --print sysroot 2> /dev/null) || return 1
	compgen -G "$sysroot/lib/rustlib/$WASM_TARGET/lib/libcore-*.rlib" > /dev/null
}

# Puts a toolchain that can build the runtime first on PATH: the user's own where it has the
# wasm target, else the one that `scripts/setup` installed from Debian.
use_toolchain() {
	if ! has_wasm_core; then
		PATH="/usr/bin:$PATH"
		hash -r
		has_wasm_core || return 1
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

# Where `scripts/setup --operations` puts tools.
tools_dir() { printf '%s/tools\n' "$(target_dir)"; }

# Puts those first on PATH, if they are there.
use_tools() { PATH="$(tools_dir)/bin:$PATH"; }

# Sets the machine up and builds every binary, once, in the one profile that running and testing
# share. Features are those of the whole workspace, so that no script compiles anything twice.
build() {
	"$ROOT/scripts/setup" --quiet
	use_toolchain || die "no Rust toolchain can build the runtime: run scripts/setup"
	(cd "$ROOT" && cargo build --release --locked --workspace "$@") ||
		die "the build failed; the compiler's message is above"
}
