// What takes time: reading something (Loading), and doing something (Deed).
import { onDestroy } from 'svelte';
import { PortalError, type Options, type Problem, type Progress } from '../api';
import { t } from './i18n.svelte';
import { say } from './news.svelte';
import { hold } from './router.svelte';

/** The problem behind an error. */
export function problemOf(error: unknown): Problem {
	if (error instanceof PortalError) return error;
	return { kind: 'unexpected', sentence: t('problem.unexpected') };
}

/** Something that the person does: never twice at once, with progress, and a way to cancel. */
export class Deed {
	running = $state(false);
	problem = $state.raw<Problem | null>(null);
	progress = $state.raw<Progress | null>(null);
	#abort: AbortController | null = null;

	/** Keeps the person on the page while it runs. */
	protected hold(): () => void {
		return hold();
	}

	/** Says that what was asked for was not begun, since something is being done: the person may take it for done. */
	protected refuse(): void {
		say(t('progress.busy'));
	}

	/**
	 * Does it; the result, or `undefined` if it failed, was cancelled, or runs already. With `again`, a problem stays, and
	 * the focus on its button, until there is an answer.
	 */
	async run<Value>(what: (options: Options) => Promise<Value>, { again = false } = {}): Promise<{ value: Value } | undefined> {
		if (this.running) {
			this.refuse();
			return undefined;
		}
		const release = this.hold();
		const abort = new AbortController();
		this.#abort = abort;
		this.running = true;
		if (!again) this.problem = null;
		this.progress = null;
		try {
			const value = await what({ signal: abort.signal, progress: (progress) => (this.progress = progress) });
			this.problem = null;
			return { value };
		} catch (error) {
			const problem = problemOf(error);
			this.problem = problem.kind === 'cancelled' ? null : problem;
			return undefined;
		} finally {
			this.running = false;
			release();
		}
	}

	cancel(): void {
		this.#abort?.abort();
	}
}

/** A deed that changes nothing on the chain: the person may leave the page while it runs. */
export class Reading extends Deed {
	protected override hold(): () => void {
		return () => undefined;
	}

	protected override refuse(): void {}
}

/** Something that a page shows once it is there. Asking again keeps what is shown, also a problem, until the new answer. */
export class Loading<Value> {
	value = $state.raw<Value | undefined>(undefined);
	problem = $state.raw<Problem | null>(null);
	busy = $state(false);
	progress = $state.raw<Progress | null>(null);
	#ask: (options: Options) => Promise<Value>;
	#abort: AbortController | null = null;

	constructor(ask: (options: Options) => Promise<Value>) {
		this.#ask = ask;
		void this.again();
	}

	async again(): Promise<void> {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		this.busy = true;
		try {
			const value = await this.#ask({ signal: abort.signal, progress: (progress) => (this.progress = progress) });
			if (abort.signal.aborted) return;
			this.value = value;
			this.problem = null;
		} catch (error) {
			if (!abort.signal.aborted) this.problem = problemOf(error);
		} finally {
			if (this.#abort === abort) this.busy = false;
		}
	}

	/** Asks again and again until its page goes, but not while the tab is hidden or a deed of the page runs. */
	every(milliseconds: number, deed?: Deed): void {
		const timer = setInterval(() => {
			if (!document.hidden && !this.busy && !deed?.running) void this.again();
		}, milliseconds);
		onDestroy(() => clearInterval(timer));
	}

	/** Ends it when its page goes. */
	end(): void {
		this.#abort?.abort();
	}
}
