# shellcheck shell=bash disable=SC2154
# A node's disk fills up: it ends in time, says why, and goes on with a new copy of the chain when there is room.

[ "$(id -u)" = 0 ] || skip "a disk that can be filled takes root"
mkdir -p "$network/west"
mount -t tmpfs -o size=1400m medblock-drill "$network/west" || skip "nothing can be mounted here"
undo() { umount "$network/west"; }
begin sessionLength=10
with_gateway west
free=$(df --output=avail -m "$network/west" | tail -1)
fallocate -l $((free - 900))M "$network/west/other-data"
eventually 90 "the node has ended" node_ended west
must_on west disk-full.md look
grep -q "MiB" "$directory/said" || die "the log does not say why"
refused "MiB are free" "$bin/medblock-node" --chain "$network/spec.json" --base-path "$network/west" \
	--rpc-port 0 --port 0
rm "$network/west/other-data"
kept=$(find "$network/west" -path '*/keystore/*' -type f | sort)
must_on west disk-full.md purge
[ ! -d "$network/west/chains/$CHAIN_ID/paritydb" ] || die "the database is still there"
[ -n "$kept" ] && [ "$(find "$network/west" -path '*/keystore/*' -type f | sort)" = "$kept" ] || die "keys were deleted, too"
must_on west disk-full.md warp
must_on west disk-full.md start
eventually 120 "the node has got the chain from the others, and takes part" run_on west disk-full.md check
grep -q "Warp sync is complete" "$network/west/log" || die "the node has executed all blocks"
block_is_there() { rpc west chain_getBlock "[$(rpc west chain_getBlockHash '[1]')]" | jq -e '.block.extrinsics | length > 0' > /dev/null; }
eventually 60 "and then all old blocks" block_is_there
