# shellcheck shell=bash disable=SC2154
# A node is restarted on purpose, and the others go on.

begin sessionLength=10
with_gateway north
eventually 60 "all are there" run_on north planned-restart.md before
now=$(final east)
must_on north planned-restart.md restart
finalized_beyond east "$now" || die "the others stopped"
eventually 60 "the restarted node takes part" run_on north planned-restart.md after

# The first look shows that another hospital is away, long before it is benched.
network kill west
sees_silence() {
	run_on north planned-restart.md before > "$directory/before" 2>&1 || true
	grep -q "seated, silent" "$directory/before"
}
eventually 90 "a hospital that is away is seen before the next restart" sees_silence
