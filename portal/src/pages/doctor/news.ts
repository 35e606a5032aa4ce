// What patients have opened to a doctor, and what others have added to charts, that the doctor has not seen on this device.
import type { InboxEntry, Options, Time } from '../../api';
import { isNewGrant, unseen, withAllSeen, withChart, withInbox, withName, withOpened, type ChartNews } from '../../notebook';
import { mark, note, noted } from '../../ui/notebook.svelte';
import { portal } from '../../ui/portal.svelte';

/** The number of charts that are asked at the same time. */
const AT_ONCE = 4;

/** What is new in the charts of an inbox. No patient sees that this was asked: no vault is. */
export async function chartNews(inbox: InboxEntry[], me: number, options: Options): Promise<ChartNews[]> {
	await mark((notes) => withInbox(notes, inbox));
	const notes = noted();
	if (!notes) return [];
	const newsOf = async (entry: InboxEntry): Promise<ChartNews> => {
		const { patient, length } = entry;
		const seen = notes.charts[patient];
		const granted = isNewGrant(notes, entry) ? (seen ? 'changed' : 'new') : null;
		if (granted || !seen || length === null || length <= seen.upTo) return { entry, granted, added: [] };
		const after = await portal.doctor.added(patient, seen.upTo, options);
		const added = unseen(seen, after, (author) => author.kind === 'doctor' && author.doctor === me);
		// What the doctor added need not be asked for again.
		if (added.length === 0 && after.length > 0) await seenInChart(patient, after.map(({ record }) => record));
		return { entry, granted, added };
	};
	const open = inbox.filter(({ active }) => active);
	const news: ChartNews[] = [];
	for (let at = 0; at < open.length; at += AT_ONCE) {
		news.push(...(await Promise.all(open.slice(at, at + AT_ONCE).map(newsOf))));
	}
	return news.filter(({ granted, added }) => granted !== null || added.length > 0);
}

/** The doctor has opened a chart, which has so many records if that is known. */
export async function seenChart(patient: number, grantedAt: Time, length: number | null): Promise<void> {
	await mark((notes) => withChart(notes, patient, grantedAt, length));
}

/** The doctor has opened these records of a chart. */
export async function seenInChart(patient: number, records: number[]): Promise<void> {
	await mark((notes) => {
		const before = notes.charts[patient];
		if (!before) return notes;
		const seen = withOpened(before, records);
		return seen === before ? notes : { ...notes, charts: { ...notes.charts, [patient]: seen } };
	});
}

/** The doctor has seen all of this. */
export async function seenAll(news: ChartNews[]): Promise<void> {
	await mark((notes) => withAllSeen(notes, news));
}

/** Notes the doctor's own name for a patient; removes it, if the name is empty. */
export function callPatient(patient: number, name: string): Promise<void> {
	return note((notes) => withName(notes, patient, name));
}
