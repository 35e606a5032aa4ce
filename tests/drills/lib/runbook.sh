# shellcheck shell=bash disable=SC2154
# Runs the commands of docs/operations as they stand there. Those that are to be run have a name, after
# the word `sh` at the beginning of the block; those after `bash` want a machine of their own, and
# scripts/package-check or scripts/compose-check runs them. Expects tests/drills/lib/machines.sh.

ran=$directory/ran
: > "$ran"

# block DOCUMENT NAME [LANGUAGE]: the lines of a block.
block() {
	awk -v begin="\`\`\`${3:-sh} $2" '
		$0 == begin { inside = found = 1; next }
		inside && /^```/ { inside = 0 }
		inside { print }
		END { exit !found }
	' "$ROOT/docs/operations/$1" || die "$1 has no block $2"
}

# run_on MACHINE DOCUMENT NAME [VARIABLE=VALUE …]: as its administrator types it, at a terminal, in the
# machine's folder, answering `yes`. Folders of the system are the machine's own; CHAIN_ID and HOSPITAL are
# set, unless the drill says otherwise.
run_on() {
	local machine=$1 document=$2 name=$3 folder=$directory/$1 script=$directory/$1/block
	shift 3
	echo "$document $name" >> "$ran"
	block "$document" "$name" | sed \
		-e "s#/var/lib/medblock/node#$(node_folder "$machine")#g" \
		-e "s#/var/lib/medblock#$folder#g" -e "s#/etc/medblock#$folder/etc#g" > "$script"
	printf '== %s: %s, %s\n' "$machine" "$document" "$name" >> "$directory/log"
	(
		cd "$folder" || exit
		printf 'yes\n' | env PATH="$folder/bin:$PATH" MEDBLOCK_HOME="$folder" HOSPITAL="$(hospital_of "$machine")" "$@" \
			script -qefc "bash -euo pipefail '$script'" /dev/null
	) 2>&1 | tee -a "$directory/log" | tr -d '\r'
}

# must_on: as run_on; has to succeed, and what it prints goes to the log.
must_on() {
	run_on "$@" > "$directory/said" 2>&1 || die "$1: $2, $3: $(tail -c 1500 "$directory/said")"
	say "  $1: $2, $3"
}

# decides DOCUMENT BLOCK MEMBER … [VARIABLE=VALUE …]: the first proposes as the runbook has it, all look and
# vote as docs/operations/council.md has it, and the first closes. Sets `closed` to what that printed.
decides() {
	local document=$1 name=$2 members=() hash member
	shift 2
	while [ $# -gt 0 ] && [[ $1 != *=* ]]; do
		members+=("$1")
		shift
	done
	must_on "${members[0]}" "$document" "$name" "$@"
	hash=$(on "${members[0]}" council list | jq -er '.proposals | last | .hash') || die "nothing is proposed"
	for member in "${members[@]}"; do
		must_on "$member" council.md show "HASH=$hash"
		must_on "$member" council.md vote "HASH=$hash"
	done
	must_on "${members[0]}" council.md close "HASH=$hash"
	# shellcheck disable=SC2034
	closed=$(< "$directory/said")
}

# left_out DOCUMENT WHY NAME …: commands that can't be run on this machine, though the rest of the drill can.
left_out() {
	local document=$1 why=$2 name
	shift 2
	say "  LEFT OUT $*: $why"
	for name in "$@"; do echo "$document $name" >> "$ran"; done
}

# Fails if a document of which something was run has a command that was not.
all_was_run() {
	local document name
	while read -r document; do
		# How decisions are made is part of many runbooks, and all of it of those.
		while read -r name; do
			grep -qx "$document $name" "$ran" || die "the drill does not run the block $name of docs/operations/$document"
		done < <(sed -n 's/^```sh \(.*\)/\1/p' "$ROOT/docs/operations/$document")
	done < <(cut -d' ' -f1 "$ran" | sort -u)
}
