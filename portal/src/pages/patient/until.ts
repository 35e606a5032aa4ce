// From an answer to "until when?" to a time, and back to words.
import type { Time } from '../../api';
import { date, dayOf, endOfDay, inDays, t } from '../../ui/i18n.svelte';
import type { Span } from './Until.svelte';

/** Whether the answer is one. */
export function isSaid(span: Span, day: string): boolean {
	return span !== 'day' || (day !== '' && day >= dayOf(new Date()));
}

/** The time of an answer; `null` for no end. */
export function timeOf(span: Span, day: string): Time | null {
	if (span === 'open') return null;
	return span === 'day' ? endOfDay(day) : inDays(Number(span));
}

/** The answer in words. */
export function wordsOf(span: Span, day: string): string {
	const time = timeOf(span, day);
	return time === null ? t('share.until.open') : t('share.until.to', { date: date(time) });
}

/** What a doctor's code proposes: `30d`, or a day. */
export function proposed(text: string | null): { span: Span; day: string } {
	const days = /^(7|30|365)d$/.exec(text ?? '')?.[1];
	if (days === '7' || days === '30' || days === '365') return { span: days, day: '' };
	return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? { span: 'day', day: text } : { span: '30', day: '' };
}
