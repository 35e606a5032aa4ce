/** The maximum number of notifications that wait for a slow reader. */
const ROOM = 1024;

/** What a subscription brings, in order, until it ends or fails. */
export class Subscription {
	readonly #unsubscribe: () => void;
	readonly #queue: unknown[] = [];
	#ended: { why?: Error } | undefined;
	#wake: () => void = () => {};

	constructor(unsubscribe: () => void) {
		this.#unsubscribe = unsubscribe;
	}

	/**
	 * Puts a notification behind the others. If there are too many, the subscription ends: its
	 * reader gets those that are there, and subscribes again from the last.
	 */
	push(notification: unknown): void {
		if (this.#ended) return;
		this.#queue.push(notification);
		if (this.#queue.length >= ROOM) this.end();
		this.#wake();
	}

	/** Ends it with an error, which comes behind what is waiting. */
	fail(why: Error): void {
		this.#ended ??= { why };
		this.#wake();
	}

	/** Ends it. */
	end(): void {
		if (this.#ended) return;
		this.#ended = {};
		this.#unsubscribe();
		this.#wake();
	}

	/** Iterates over what has come and what is coming; throws the reason of `signal` when it says stop. */
	async *until(signal: AbortSignal | undefined): AsyncGenerator<unknown, void, void> {
		const stop = () => this.#wake();
		signal?.addEventListener("abort", stop);
		try {
			for (;;) {
				signal?.throwIfAborted();
				if (this.#queue.length > 0) {
					yield this.#queue.shift();
				} else if (this.#ended) {
					if (this.#ended.why) throw this.#ended.why;
					return;
				} else {
					await new Promise<void>((resolve) => {
						this.#wake = resolve;
					});
				}
			}
		} finally {
			signal?.removeEventListener("abort", stop);
			this.end();
		}
	}
}
