// The notebook of the unlocked account, as pages read and change it. It is empty until it was read.
import { read, written, type Notes } from '../notebook';
import { portal } from './portal.svelte';

let notes = $state.raw<Notes | null>(null);
let owner = portal.state.account?.name;
let last: Promise<unknown> = Promise.resolve();

/** What is noted; `null` as long as it was not read. */
export function noted(): Notes | null {
	return notes;
}

/**
 * Changes what is noted. It is read anew before: another tab may have changed it. Fails if the notebook can't be read or
 * written.
 */
export function note(change: (notes: Notes) => Notes): Promise<void> {
	const changing = last.then(async () => {
		const of = owner;
		const text = await portal.notebook.read();
		const before = read(text, Date.now());
		const after = change(before);
		// The account was locked meanwhile.
		if (of !== owner) return;
		notes = after;
		if (text === null || after !== before) await portal.notebook.write(written(after));
	});
	last = changing.catch(() => undefined);
	return changing;
}

/** Changes what is noted if that can be done. A mark that is lost makes something new once more. */
export async function mark(change: (notes: Notes) => Notes): Promise<void> {
	await note(change).catch(() => undefined);
}

portal.on('locked', () => {
	notes = null;
});
portal.on('state', (state) => {
	// Another account was unlocked in place of this one.
	if (state.account?.name !== owner) notes = null;
	owner = state.account?.name;
});
