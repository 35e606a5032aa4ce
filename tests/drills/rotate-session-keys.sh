# shellcheck shell=bash disable=SC2154
# A validator's session keys are changed while it runs; then only the new ones are left.

begin sessionLength=10
with_gateway north
settings=(NAME="Northern General" GATEWAY="$(gateway north)"
	CONTROLLER="$(on north account show | jq -r .address)")
must_on north rotate-session-keys.md keys "${settings[@]}"
# Another hospital's administrator can't register them.
refused "for another hospital's controller" on east hospital set-keys "$directory/north/keys.new"
must_on north rotate-session-keys.md set-keys
now=$(final east)
eventually 120 "three sessions pass" finalized_beyond east $((now + 31))
eventually 60 "the validator takes part" run_on north rotate-session-keys.md check
# In a folder without the file, or with an empty one, nothing is deleted.
keystore=$network/north/chains/$CHAIN_ID/keystore
held=$(ls "$keystore")
mv "$directory/north/keys.new" "$directory/north/elsewhere"
refused "keys.new" run_on north rotate-session-keys.md remove
: > "$directory/north/keys.new"
must_on north rotate-session-keys.md remove
[ "$(ls "$keystore")" = "$held" ] || die "keys were deleted, though keys.new names none"
mv "$directory/north/elsewhere" "$directory/north/keys.new"
must_on north rotate-session-keys.md remove
new=$(sed -n 's/^\(aura\|grandpa\) = "0x\(.*\)"/\2/p' "$directory/north/keys.new" | sort)
[ "$(find "$keystore" -type f -printf '%f\n' | cut -c9- | sort)" = "$new" ] || die "not just the new keys are left"
# From here on it has nothing else in memory either.
"$directory/north/bin/systemctl" restart medblock-node
now=$(final east)
eventually 60 "sixteen blocks pass" finalized_beyond east $((now + 40))
eventually 60 "the validator authors with nothing but the new keys" \
	run_on north rotate-session-keys.md check
