// The answers of forms that are not sent yet: in memory, and in the notebook, so that they outlast a reload and a lock.
import { draftIn, withDraft } from '../notebook';
import { mark, noted } from './notebook.svelte';
import { onAccountChange } from './portal.svelte';

const here = new Map<string, string>();
/** What the notebook has yet to learn: a form's answers, or `null` for none any more. */
const unsaved = new Map<string, string | null>();
let saving = false;

/** A form's answers, as far as they are in memory. */
export function draftOf(form: string): string | null {
	return here.get(form) ?? null;
}

/** A form's answers of before the page was loaded, or the account locked; `null` if there are none. */
export async function savedDraftOf(form: string): Promise<string | null> {
	await mark((notes) => notes);
	const notes = noted();
	const text = notes === null ? null : draftIn(notes, form, Date.now());
	if (text !== null && !here.has(form)) here.set(form, text);
	return text;
}

export function keepDraft(form: string, text: string): void {
	if (here.get(form) === text) return;
	here.set(form, text);
	void save(form, text);
}

export function dropDraft(form: string): void {
	if (!here.delete(form)) return;
	void save(form, null);
}

/** Writes as often as the notebook takes it: while one letter is written, others may follow. */
async function save(form: string, text: string | null): Promise<void> {
	unsaved.set(form, text);
	if (saving) return;
	saving = true;
	try {
		while (unsaved.size > 0) {
			const changes = [...unsaved];
			unsaved.clear();
			await mark((notes) => changes.reduce((all, [which, answers]) => withDraft(all, which, answers, Date.now()), notes));
		}
	} finally {
		saving = false;
	}
}

onAccountChange(() => {
	here.clear();
	unsaved.clear();
});
