import type { Connection } from "./connection.js";
import { AfterOutOfRange, ConnectionError, ErrorCode, RpcError } from "./errors.js";
import type { InboxNotification } from "./generated.js";
import { pause } from "./platform.js";

/** From where an inbox begins, and how it is followed. */
export interface InboxOptions {
	/** The doctor. */
	doctor: number;
	/**
	 * The number of the last block that you have dealt with. Without it the inbox begins behind the
	 * last finalized block, and a first notification without events says which that is.
	 */
	after?: number | undefined;
	/** Ends the iteration: it throws the signal's reason. */
	signal?: AbortSignal | undefined;
	/** Is told why the inbox was interrupted, and when it is tried again. */
	onRetry?: ((why: Error, milliseconds: number) => void) | undefined;
}

/** How long to wait before the first attempt to resume; twice as long before each further one. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/** How often in a row a node may fail to answer, which it also does while it stops. */
const MOST_INTERNAL = 5;

/** Follows an inbox over as many connections as it takes. */
export async function* inbox(
	connect: () => Promise<Connection>,
	{ doctor, after: begin, signal, onRetry }: InboxOptions,
): AsyncGenerator<InboxNotification, void, void> {
	let after = begin;
	let failures = 0;
	let hasBegun = false;
	for (;;) {
		try {
			signal?.throwIfAborted();
			const connection = await connect();
			const subscription = await connection.subscribe(
				"medicalRecords_subscribeInbox",
				"medicalRecords_unsubscribeInbox",
				{ doctor, after },
				signal,
			);
			hasBegun = true;
			for await (const each of subscription.until(signal)) {
				const notification = each as InboxNotification;
				// A node that was given this block before must not make an event come twice.
				if (after !== undefined && notification.block.number <= after) continue;
				after = notification.block.number;
				failures = 0;
				yield notification;
			}
		} catch (why) {
			signal?.throwIfAborted();
			if (!(why instanceof Error) || !passes(why, after, hasBegun, failures)) throw why;
			const most = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
			failures += 1;
			// Not all clients of a node that was away at the same moment.
			const milliseconds = Math.round(most * (0.5 + Math.random() / 2));
			onRetry?.(why, milliseconds);
			await pause(milliseconds, signal);
		}
	}
}

// Whether waiting may help.
function passes(why: Error, after: number | undefined, hasBegun: boolean, failures: number): boolean {
	// A wrong address is to be noticed at once.
	if (why instanceof ConnectionError) return hasBegun;
	// The node has not caught up yet, or finality stands still.
	if (why instanceof AfterOutOfRange) return after !== undefined && after > why.highest;
	return why instanceof RpcError && why.code === ErrorCode.Internal && failures < MOST_INTERNAL;
}
