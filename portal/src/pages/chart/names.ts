// How records and people are called.
import type { Author, RecordEntry } from '../../api';
import { plainNumber, t, writtenIn } from '../../ui/i18n.svelte';
import { shownName } from '../../ui/titles';

/** How pages have titled a note to a record, in each language: the title is stored as its author's page wrote it. */
const NOTE_ON = writtenIn('notes.titleOf').map((words) => words.split('{title}'));

/** A title as the reader's language has it, if a page made it from the title of the record that the note answers. */
function ownWords(title: string, entry: RecordEntry): string {
	if (entry.inReplyTo === null) return title;
	for (const [before = '', after = ''] of NOTE_ON) {
		if (title.startsWith(before) && title.endsWith(after) && title.length > before.length + after.length) {
			return t('notes.titleOf', { title: title.slice(before.length, title.length - after.length) });
		}
	}
	return title;
}

/** A record's title, or its number as long as it has none to show. */
export function titleOf(entry: RecordEntry): string {
	const title = entry.headers?.title;
	return title !== undefined ? ownWords(title, entry) : t('records.noTitle', { n: plainNumber(entry.record) });
}

/** A doctor's name, or number. */
export function doctorName(doctor: number, name: string | null): string {
	return shownName(name ?? '') || t('records.by.doctor', { n: plainNumber(doctor) });
}

/** An institution's name, or number. */
export function institutionName(institution: number, name: string | null): string {
	return shownName(name ?? '') || t('records.by.institution', { n: plainNumber(institution) });
}

/** What tells one author from another. */
export function authorKey(author: Author): string {
	if (author.kind === 'doctor') return String(author.doctor);
	if (author.kind === 'representative') return `representative-${author.representative}`;
	return author.kind === 'institution' ? `institution-${author.institution}` : 'patient';
}

/** The author of a record, as the reader would say it. */
export function authorName(author: Author, reader: 'patient' | 'doctor'): string {
	if (author.kind === 'doctor') return doctorName(author.doctor, author.name);
	if (author.kind === 'institution') return institutionName(author.institution, author.name);
	if (author.kind === 'representative') {
		return t('records.by.representative', { n: plainNumber(author.representative) });
	}
	return reader === 'patient' ? t('records.by.you') : t('records.by.patient');
}
