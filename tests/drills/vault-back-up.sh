# shellcheck shell=bash
# A vault's folder is lost, restored from the back-up, and the patient's record is there.

begin sessionLength=10
with_gateway north
settings=(BACKUP="$directory/north/backup")
patient() { "$bin/medblock" --home "$directory/ana" --node "$(url north),$(url east)" --quiet --json "$@"; }
"$bin/medblock" --home "$directory/ana" --quiet account import me --dev Ferdie > /dev/null 2>&1
on north hospital registrar add "$(on north account show | jq -r .address)" > /dev/null
number=$(patient patient register --hospital 0 | jq .patient)
on north hospital verify patient "$number" > /dev/null
head -c 100000 /dev/urandom > "$directory/record"
patient record add "$directory/record" > /dev/null

must_on north vault-back-up.md back-up "${settings[@]}"
"$directory/north/bin/systemctl" stop medblock-gateway
rm -rf "$directory/north/vault"
must_on north vault-back-up.md restore "${settings[@]}"
eventually 60 "the restored vault serves" run_on north vault-back-up.md check
patient record open 0 --output "$directory/opened" > /dev/null
cmp "$directory/record" "$directory/opened" || die "the record came back different"
say "  the patient's record is there, byte for byte"

# Another hospital's vault does not take these files for its own.
cp -a "$directory/north/backup/." "$directory/east/vault/"
"$directory/east/bin/systemctl" start medblock-gateway
eventually 30 "another hospital's vault refuses the folder" grep -qiE "hospital|belong" "$directory/east/medblock-gateway.log"
