// Waiting for what no browser tells of by itself.
import { setTimeout as passes } from "node:timers/promises";

/** Asks until something is so, and gives the answer. A process that was stopped meanwhile asks once more at the end. */
export async function until(asks, what, patience = 60_000) {
	const deadline = Date.now() + patience;
	for (;;) {
		const isLast = Date.now() > deadline;
		const answer = await asks();
		if (answer) return answer;
		if (isLast) throw new Error(`it took too long: ${what}`);
		await passes(100);
	}
}
