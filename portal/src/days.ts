// Days of the calendar, as date inputs write them: 2026-05-03.

/** No one who lives was born before. */
const EARLIEST = '1880';

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

/**
 * Whether a text is a birth date as far as it is known: a day, a month or a year, not after `today`. Of a year of two digits,
 * date inputs make one of the first century.
 */
export function isBirth(text: string, today: string): boolean {
	return (isDay(text) || /^\d{4}(-(0[1-9]|1[0-2]))?$/.test(text)) && text >= EARLIEST && text <= today;
}
