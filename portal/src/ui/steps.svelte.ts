// The steps of a form, each a place in the browser's history: its back button goes to the step before, with all answers, and
// its forward button on again. The history knows a form by a number of chance and the step's name, and nothing that a person
// wrote: answers are in memory, and in the notebook, which is encrypted (drafts.ts).
import { onDestroy } from 'svelte';
import { draftOf, dropDraft, keepDraft, savedDraftOf } from './drafts';
import { withSteps } from './router.svelte';

/** What is wrong with the answers of a step, by fields. */
export type Errors = Record<string, string>;

/** What a place of the history says. */
interface Place {
	/** The form, by a number of chance: that of an earlier visit is another one. */
	form: string;
	step: string;
	/** How many places of the form are before it. */
	depth: number;
}

/** Milliseconds after which a way back that the browser does not go is given up. */
const LONGEST = 1_000;

function placeOf(state: unknown): Place | null {
	if (typeof state !== 'object' || state === null) return null;
	const { form, step, depth } = state as { form?: unknown; step?: unknown; depth?: unknown };
	return typeof form === 'string' && typeof step === 'string' && typeof depth === 'number' ? { form, step, depth } : null;
}

/** The questions of a form. */
export interface Questions<Step extends string> {
	/** The steps that the present answers ask for, in order: all of them if it is left out. */
	order?: () => readonly Step[];
	/** What is wrong with a step's answers. */
	wrong?: (step: Step) => Errors;
}

export class Steps<Step extends string> {
	/** The step on which the form is. */
	now = $state.raw('' as Step);
	/** Whether the answers of an earlier visit, if there were any, are there again. */
	ready = $state(true);
	/** What is wrong on this step. */
	errors = $state.raw<Errors>({});
	/** The step of an earlier visit, if its answers are gone. */
	readonly lost: Step | null;
	readonly #all: readonly Step[];
	#order: () => readonly Step[];
	#wrong: (step: Step) => Errors;
	/** The step that places have which are none of this form's. */
	#home: Step;
	#form: string = crypto.randomUUID();
	#closing = false;
	/** Whether it was sent once: what is still in its fields is no draft. */
	#ended = false;
	#gone = false;
	#restore: ((text: string) => void) | null = null;

	/** `all` has the steps, the first one first. The answers of a `secret` form are kept nowhere. */
	constructor({ all, order = () => all, wrong = () => ({}), secret = false }: Questions<Step> & { all: readonly [Step, ...Step[]]; secret?: boolean }) {
		this.#all = all;
		this.#order = order;
		this.#wrong = wrong;
		this.#home = all[0];
		this.now = all[0];
		const end = withSteps(this);
		onDestroy(() => {
			this.#gone = true;
			end();
		});
		const before = placeOf(history.state);
		const step = this.#stepOf(before);
		this.lost = secret ? step : null;
		if (secret || before === null || step === null) this.#mark(0);
		else this.#resume(before.form);
	}

	/** Has the answers kept until the form ends, and puts those of an earlier visit back. For while the form's page is made. */
	keeps<Answers>(answers: () => Answers, restore: (answers: Answers) => void): void {
		const begun = JSON.stringify(answers());
		const fields = (text: string) => Object.keys(JSON.parse(text) as object).join();
		this.#restore = (text) => {
			// Another version of this page may have other questions.
			if (fields(text) === fields(begun)) restore(JSON.parse(text) as Answers);
		};
		const kept = draftOf(this.#form);
		if (kept !== null) this.#restore(kept);
		$effect(() => {
			const text = JSON.stringify(answers());
			const isUsed = this.now !== this.#home || draftOf(this.#form) !== null || (!this.#ended && text !== begun);
			if (this.ready && isUsed && !this.#closing) keepDraft(this.#form, text);
		});
	}

	/** Has the questions asked that another part of the page has. For while that part is made. */
	asks({ order, wrong }: Required<Questions<Step>>): void {
		this.#order = order;
		this.#wrong = wrong;
	}

	/** Goes on from this step, unless something is wrong with its answers. */
	next(): void {
		this.errors = this.#wrong(this.now);
		if (Object.keys(this.errors).length > 0) return;
		const order = this.#order();
		const next = order[order.indexOf(this.now) + 1];
		if (next !== undefined) this.to(next);
	}

	/**
	 * Whether no question before this step is open; otherwise the first open one is shown. For before a signature: what the
	 * answers are about may be gone, or not be there yet.
	 */
	isComplete(): boolean {
		const open = this.#allowed(this.now);
		if (open === this.now) return true;
		this.to(open);
		this.errors = this.#wrong(open);
		return false;
	}

	/** Goes to a step, such as to change its answer. Back leads here again. */
	to(step: Step): void {
		if (this.#closing || step === this.now) return;
		const place = this.#own();
		this.#show(step);
		history.pushState(this.#place((place?.depth ?? 0) + 1), '');
	}

	/** To the step before, as the browser's button. */
	back(): void {
		if ((this.#own()?.depth ?? 0) > 0) {
			history.back();
			return;
		}
		const order = this.#order();
		this.#show(order[order.indexOf(this.now) - 1] ?? this.#home);
		this.#mark(0);
	}

	/** The number of this step, and how many there are, `before` not counted. */
	count(before = 0): { n: number; total: number } {
		const order = this.#order();
		return { n: order.indexOf(this.now) + 1 - before, total: order.length - before };
	}

	/** Forgets the answers, and leaves one place of the form's in the history, from which the page may go elsewhere. */
	async close(): Promise<void> {
		this.#closing = true;
		dropDraft(this.#form);
		const depth = this.#own()?.depth ?? 0;
		if (depth === 0) return;
		await new Promise<void>((done) => {
			addEventListener('popstate', () => done(), { once: true });
			setTimeout(done, LONGEST);
			history.go(-depth);
		});
	}

	/** Ends the form on this step: the way back leads to what was before the form, and no way leads to its answers. */
	async end(step: Step): Promise<void> {
		await this.close();
		const isHere = this.#own() !== null;
		this.#form = crypto.randomUUID();
		this.#ended = true;
		this.#home = step;
		this.#show(step);
		if (isHere && !this.#gone) this.#mark(0);
		this.#closing = false;
	}

	arrive(): void {
		if (this.#closing) return;
		const place = this.#own();
		const step = this.#stepOf(place);
		const allowed = place === null || step === null ? this.#home : this.#allowed(step);
		this.#show(allowed);
		if (allowed !== step) this.#mark(place?.depth ?? 0);
	}

	stay(address: string): void {
		const place = this.#own();
		history.pushState(this.#place(place === null ? 0 : place.depth + 1), '', address);
	}

	/** The step itself, or the first one before it whose answers are missing: no way leads around a question. */
	#allowed(step: Step): Step {
		if (step === this.#home) return step;
		const order = this.#order();
		const at = order.indexOf(step);
		if (at < 0) return this.#home;
		return order.slice(0, at).find((each) => Object.keys(this.#wrong(each)).length > 0) ?? step;
	}

	/** Goes on with a form of an earlier visit, if its answers are still there. */
	#resume(form: string): void {
		const own = this.#form;
		this.#form = form;
		const kept = draftOf(form);
		if (kept !== null) {
			this.now = this.#stepOf(this.#own()) ?? this.#home;
			return;
		}
		this.ready = false;
		void savedDraftOf(form).then((saved) => {
			if (this.#gone) return;
			const step = this.#stepOf(this.#own());
			if (saved === null || step === null) {
				this.#form = own;
				this.#mark(0);
			} else {
				this.#restore?.(saved);
				this.now = step;
			}
			this.ready = true;
		});
	}

	#show(step: Step): void {
		if (step === this.now) return;
		this.errors = {};
		this.now = step;
	}

	/** Where the browser is, if that is a place of this form. */
	#own(): Place | null {
		const place = placeOf(history.state);
		return place?.form === this.#form ? place : null;
	}

	#stepOf(place: Place | null): Step | null {
		return this.#all.find((each) => each === place?.step) ?? null;
	}

	#place(depth: number): Place {
		return { form: this.#form, step: this.now, depth };
	}

	/** Makes the place where the browser is this step's. */
	#mark(depth: number): void {
		history.replaceState(this.#place(depth), '');
	}
}
