// Days of the calendar, as date inputs write them: 2026-05-03.

/**
 * Whether a text is a day of the calendar. A date input lets years of five digits pass, and a link may say anything; a
 * text that is no day has no time, so that a page that counts on one breaks.
 */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const day = new Date(`${text}T00:00:00Z`);
	// Browsers make 3 March of 31 February.
	return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
