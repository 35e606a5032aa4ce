// How records and people are called.
import type { Author, RecordEntry } from '../../api';
import { plainNumber, t } from '../../ui/i18n.svelte';

/** A record's title, or its number as long as it has none to show. */
export function titleOf(entry: RecordEntry): string {
	return entry.headers?.title ?? t('records.noTitle', { n: plainNumber(entry.record) });
}

/** A doctor's name, or number. */
export function doctorName(doctor: number, name: string | null): string {
	return name ?? t('records.by.doctor', { n: plainNumber(doctor) });
}

/** The author of a record, as the reader would say it. */
export function authorName(author: Author, reader: 'patient' | 'doctor'): string {
	if (author.kind === 'doctor') return doctorName(author.doctor, author.name);
	return reader === 'patient' ? t('records.by.you') : t('records.by.patient');
}
