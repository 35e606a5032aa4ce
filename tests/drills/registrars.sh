# shellcheck shell=bash disable=SC2154
# Registrars are appointed, accept, share the key of profiles, and leave; the key is renewed each time.

begin sessionLength=10
for who in first second; do
	mkdir "$directory/$who"
	cp "$directory/north/config.toml" "$directory/$who/"
done
on first account import me --dev Ferdie > /dev/null 2>&1
on second account import me --dev Eve > /dev/null 2>&1
address() { on "$1" account show | jq -r .address; }
# joins NAME: is appointed on the controller's machine, and accepts on an own one.
joins() {
	must_on north registrars.md appoint ADDRESS="$(address "$1")"
	must_on north registrars.md accept MEDBLOCK_HOME="$directory/$1"
}
state() { on north hospital registrar list | jq -c '[.profileKey.key.version, .profileKey.holders, .profileKey.due]'; }

refused "no hospital has appointed" on first hospital registrar accept
joins first
must_on north registrars.md publish MEDBLOCK_HOME="$directory/first"
[ "$(state)" = '[1,1,false]' ] || die "the key is $(state)"
joins second
refused "has given this account" on second hospital publish-key --yes
refused "add --yes" on first hospital share-key
must_on north registrars.md list
must_on north registrars.md share MEDBLOCK_HOME="$directory/first"
[ "$(state)" = '[1,2,false]' ] || die "the key is $(state)"

must_on north registrars.md remove ADDRESS="$(address first)"
[ "$(state)" = '[1,1,true]' ] || die "no new version is due: $(state)"
must_on north registrars.md renew MEDBLOCK_HOME="$directory/second"
[ "$(state)" = '[2,1,false]' ] || die "the key is $(state)"
refused "is no registrar" on first hospital share-key

# The last one who has it does not leave by mistake.
refused "add --yes" on second hospital registrar resign
refused "lose-key" on second hospital registrar resign --yes
refused "lose-key" on north hospital registrar remove "$(address second)" --yes
joins first
must_on north registrars.md share MEDBLOCK_HOME="$directory/second"
must_on north registrars.md resign MEDBLOCK_HOME="$directory/second"
must_on north registrars.md renew MEDBLOCK_HOME="$directory/first"
[ "$(state)" = '[3,1,false]' ] || die "the key is $(state)"

must_on north registrars.md suspensions
must_on north registrars.md verifications
refused "acts for no active hospital" on second hospital allow suspensions patient 1
