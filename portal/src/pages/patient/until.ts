// From an answer to "until when?" to a time, and back to words.
import type { Grant, Time } from '../../api';
import { isDay } from '../../days';
import { date, dayOf, endOfDay, inDays, t } from '../../ui/i18n.svelte';
import type { Span } from './Until.svelte';

/**
 * Whether the answer is one. `present` is the end that "as now" keeps: without it, or once it has passed, that is none, and
 * must not become an access without an end.
 */
export function isSaid(span: Span, day: string, present: Time | null = null): boolean {
	if (span === 'same') return present !== null && Date.parse(present) > Date.now();
	return span !== 'day' || (isDay(day) && day >= dayOf(new Date()));
}

/** The time of an answer; `null` for no end. `present` is the end that "as now" keeps. */
export function timeOf(span: Span, day: string, present: Time | null): Time | null {
	if (span === 'open') return null;
	if (span === 'same') return present;
	return span === 'day' ? endOfDay(day) : inDays(Number(span));
}

/** An end in words. */
export function endInWords(time: Time | null): string {
	return time === null ? t('share.until.open') : t('share.until.to', { date: date(time) });
}

/** The answer that changes nothing about a grant. */
export function presentOf(grant: Grant): Span {
	return grant.expiresAt === null ? 'open' : 'same';
}

/** What a doctor's code proposes: `30d`, or a day. */
export function proposed(text: string | null): { span: Span; day: string } | null {
	const days = /^(7|30|365)d$/.exec(text ?? '')?.[1];
	if (days === '7' || days === '30' || days === '365') return { span: days, day: '' };
	return text !== null && isDay(text) ? { span: 'day', day: text } : null;
}
