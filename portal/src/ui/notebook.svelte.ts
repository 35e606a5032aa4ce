// The notebook of the unlocked account, as pages read and change it. It is empty until it was read.
import { read, written, type Notes } from '../notebook';
import { onAccountChange, portal } from './portal.svelte';

let notes = $state.raw<Notes | null>(null);
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
	const { opened } = portal.state;
	const changing = last.then(async () => {
		// The account was locked meanwhile, or another one was unlocked in its place.
		if (opened !== portal.state.opened) return;
		const text = await portal.notebook.read();
		const before = read(text, Date.now());
		const after = change(before);
		if (opened !== portal.state.opened) return;
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

onAccountChange(() => {
	notes = null;
});
