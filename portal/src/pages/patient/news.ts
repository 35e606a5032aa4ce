// What doctors have added to the own chart, and the patient has not opened on this device.
import type { Options, Patient, RecordEntry } from '../../api';
import { allSeen, unseen, withOpened } from '../../notebook';
import { mark, noted } from '../../ui/notebook.svelte';
import { portal } from '../../ui/portal.svelte';

/** The most that nodes give at once. */
const PAGE = 256;

/** What is new in the own chart, the newest first. On a device that never showed it, nothing is. */
export async function ownNews({ records: length }: Patient, options: Options): Promise<RecordEntry[]> {
	await mark((notes) => (notes.own ? notes : { ...notes, own: allSeen(length) }));
	const own = noted()?.own;
	if (!own || length <= own.upTo) return [];
	const page = await portal.patient.records({ limit: PAGE, ...(own.upTo > 0 && { after: own.upTo - 1 }) }, options);
	const news = unseen(own, page.items, (author) => author.kind === 'patient');
	// What the patient added need not be asked for again.
	if (news.length === 0) await seenUpTo((page.items[page.items.length - 1]?.record ?? length - 1) + 1);
	return news.reverse();
}

/** The patient has seen so many first records. */
export async function seenUpTo(length: number): Promise<void> {
	await mark((notes) => (notes.own && notes.own.upTo >= length ? notes : { ...notes, own: allSeen(length) }));
}

/** The patient has opened these records. */
export async function seenRecords(records: number[]): Promise<void> {
	await mark((notes) => {
		if (!notes.own) return notes;
		const own = withOpened(notes.own, records);
		return own === notes.own ? notes : { ...notes, own };
	});
}
