# shellcheck shell=bash disable=SC2154
# A vault's folder is lost, then its whole machine; restored from the back-up, the patient's record is there.

begin sessionLength=10
with_gateway north
settings=(BACKUP="$directory/north/backup")
patient() { "$bin/medblock" --home "$directory/ana" --node "$(url north),$(url east)" --quiet --json "$@"; }
"$bin/medblock" --home "$directory/ana" --quiet account import me --dev Ferdie > /dev/null 2>&1
on north hospital registrar appoint "$(on north account show | jq -r .address)" > /dev/null
on north hospital registrar accept > /dev/null
number=$(patient patient register --hospital 0 | jq .patient)
on north hospital verify patient --yes "$number" > /dev/null
head -c 100000 /dev/urandom > "$directory/record"
patient record add "$directory/record" > /dev/null

# What can't be copied is said, and keeps nothing else from being copied.
mkdir "$directory/north/backup"
mkdir "$directory/north/backup/state.sqlite"
refused "backup/state.sqlite" run_on north vault-back-up.md back-up "${settings[@]}"
[ -n "$(find "$directory/north/backup/blobs" -type f)" ] && [ -s "$directory/north/backup/vault.json" ] ||
	die "a back-up that fails at one thing leaves out others"
rmdir "$directory/north/backup/state.sqlite"
must_on north vault-back-up.md back-up "${settings[@]}"
"$directory/north/bin/systemctl" stop medblock-gateway
rm -rf "$directory/north/vault"
must_on north vault-back-up.md restore "${settings[@]}"
eventually 60 "the restored vault serves" run_on north vault-back-up.md check
record_is_there() {
	patient record open 0 --output "$directory/opened-$1" > /dev/null
	cmp "$directory/record" "$directory/opened-$1" || die "the record came back different"
	say "  the patient's record is there, byte for byte"
}
record_is_there first

# Now on a machine of its own, with an archive node that comes in another one's place: that one's key is lost.
"$directory/north/bin/systemctl" stop medblock-gateway
rm -rf "$directory/north/vault"
machine spare 4 0 Alice
# North's node is the same hospital's, which nothing is compared with.
printf 'nodes = ["%s", "%s"]\n' "$(url spare)" "$(url east)" > "$directory/spare/config.toml"
key_of() { "$bin/medblock-node" key generate-node-key --file "$1" 2>&1 > /dev/null | grep -o '12D3Koo[A-Za-z0-9]*'; }
old=$(key_of "$directory/old-key")
hash=$(on north council propose authorize-node 0 "$old" --yes | jq -er .hash) || die "the archive node can't be proposed"
for member in north east south; do on "$member" council vote "$hash" aye --yes > /dev/null; done
on north council close "$hash" --yes > /dev/null || die "the archive node is not let in"
key=$directory/spare/node/node-key
node=$(key_of "$key")
printf 'MEDBLOCK_NODE_OPTIONS=--name spare --state-pruning archive --blocks-pruning archive --node-key-file %s\n' "$key" \
	> "$directory/spare/etc/node.env"
decides vault-back-up.md replace north east south OLD_NODE="$old" NODE="$node"
must_on spare vault-back-up.md node
eventually 60 "the new archive node catches up" up_to_date spare
# What is in the way is kept, also where the vault has a disk of its own, which can't be moved.
if mount -t tmpfs medblock-drill "$directory/spare/vault" 2> /dev/null; then
	undo() { umount --lazy "$directory/spare/vault"; }
else
	say "  LEFT OUT a vault with a disk of its own: nothing can be mounted here"
fi
mkdir "$directory/spare/vault/lost+found"
touch "$directory/spare/vault/in-the-way"
must_on spare vault-back-up.md restore "${settings[@]}"
[ ! -e "$directory/spare/vault/in-the-way" ] && ls "$directory"/spare/vault/old-*/in-the-way > /dev/null ||
	die "what was in the way is not kept"
with_gateway spare
eventually 60 "the vault on the new machine serves" run_on north vault-back-up.md check
record_is_there again

# Another hospital's vault does not take these files for its own.
cp -a "$directory/north/backup/." "$directory/east/vault/"
"$directory/east/bin/systemctl" start medblock-gateway
eventually 30 "another hospital's vault refuses the folder" grep -qiE "hospital|belong" "$directory/east/medblock-gateway.log"
