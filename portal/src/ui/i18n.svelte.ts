// Languages: one JSON file each, keys checked by the compiler, everything else by Intl.
import de from '../../locales/de.json';
import en from '../../locales/en.json';
import { unturned } from './titles';

/** A key of the English file, which is the one that is complete by definition. */
export type Key = keyof typeof en;
/** What stands in a sentence's `{places}`; `n` also chooses the plural form. */
export type Values = Record<string, string | number>;
type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** The languages to choose from; `ar-XB` is English in a right-to-left disguise, for tests. */
export const LOCALES = ['en', 'de'] as const;
type Locale = (typeof LOCALES)[number] | 'ar-XB';
const PSEUDO = 'ar-XB';
const MESSAGES: Record<(typeof LOCALES)[number], Record<string, Message>> = { en, de: { ...en, ...de } };
const STORED = 'medblock.language';

let current = $state<Locale>(chosen());

function known(tag: string | null): Locale | undefined {
	if (tag === PSEUDO) return PSEUDO;
	const primary = tag?.split('-')[0];
	return LOCALES.find((locale) => locale === primary);
}

function chosen(): Locale {
	const asked = new URLSearchParams(location.search).get('lang');
	let kept: string | null = null;
	try {
		kept = localStorage.getItem(STORED);
	} catch {
		// Some private windows have no storage: the browser's language decides.
	}
	for (const tag of [asked, kept, ...navigator.languages]) {
		const locale = known(tag);
		if (locale) return locale;
	}
	return 'en';
}

/** The language in use, as a tag for Intl and `lang`. */
export function language(): string {
	return current;
}

/** The language as this person's country writes it, if the browser says: dates and numbers differ within a language. */
function regional(): string {
	return navigator.languages.find((tag) => tag.startsWith(`${current}-`)) ?? (current === 'en' ? 'en-GB' : current);
}

/** The direction of writing. */
export function direction(): 'ltr' | 'rtl' {
	return current === PSEUDO ? 'rtl' : 'ltr';
}

/** Changes the language, and keeps the choice in this browser. */
export function speak(tag: string): void {
	current = known(tag) ?? 'en';
	try {
		localStorage.setItem(STORED, current);
	} catch {
		// Without storage the choice holds until the tab closes.
	}
}

/** A key's sentence in each language, with its places. */
export function writtenIn(key: Key): string[] {
	return LOCALES.map((locale) => MESSAGES[locale][key]).filter((message) => typeof message === 'string');
}

/** The sentence of a key. */
export function t(key: Key, values: Values = {}): string {
	const messages = MESSAGES[current === PSEUDO ? 'en' : current];
	const message = messages[key] ?? key;
	let text: string;
	if (typeof message === 'string') text = message;
	else {
		const form = new Intl.PluralRules(current === PSEUDO ? 'en' : current).select(Number(values['n'] ?? 0));
		text = message[form] ?? message.other ?? key;
	}
	text = text.replace(/\{(\w+)\}/g, (place, name: string) => {
		const value = values[name];
		if (value === undefined) return place;
		if (typeof value === 'number') return number(value);
		// A name that someone wrote must not turn the sentence around. The disguise itself does.
		return current === PSEUDO ? value : unturned(value);
	});
	// Marks make text that was not translated stand out; the override turns Latin letters around.
	return current === PSEUDO ? `⟦\u202e${text}\u202c⟧` : text;
}

/** Whether a text is a key: for keys that are put together from what the chain says. */
export function isKey(text: string): text is Key {
	return text in en;
}

export function number(value: number): string {
	return new Intl.NumberFormat(regional()).format(value);
}

/** A number by which people know each other: without separators. */
export function plainNumber(value: number): string {
	return new Intl.NumberFormat(regional(), { useGrouping: false }).format(value);
}

/** A date in words: 3 May 2026. */
export function date(time: string): string {
	return new Intl.DateTimeFormat(regional(), { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(time));
}

/** Whether a date is a year or a month alone, because no more of it is known. */
export function isPartial(date: string | null | undefined): boolean {
	return /^\d{4}(-\d{2})?$/.test(date ?? '');
}

/** A date that has no time zone, such as a birth date, as far as it is known. */
export function calendarDate(day: string): string {
	if (/^\d{4}$/.test(day)) return day;
	if (isPartial(day)) {
		const known = new Date(`${day}-01T00:00:00Z`);
		if (Number.isNaN(known.getTime())) return day;
		return new Intl.DateTimeFormat(regional(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(known);
	}
	const parsed = new Date(`${day}T00:00:00Z`);
	if (Number.isNaN(parsed.getTime())) return day;
	return new Intl.DateTimeFormat(regional(), { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(parsed);
}

export function dateTime(time: string): string {
	return new Intl.DateTimeFormat(regional(), { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(time));
}

/** A day within a month that is named above it. */
export function dayOfMonth(time: string): string {
	return new Intl.DateTimeFormat(regional(), { day: 'numeric', month: 'short' }).format(new Date(time));
}

export function month(time: string): string {
	return new Intl.DateTimeFormat(regional(), { month: 'long', year: 'numeric' }).format(new Date(time));
}

export function list(items: string[]): string {
	return new Intl.ListFormat(regional(), { type: 'conjunction' }).format(items);
}

/** A size as people know it. */
export function bytes(size: number): string {
	const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
	let value = size;
	let unit = 0;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1000;
		unit += 1;
	}
	return new Intl.NumberFormat(regional(), {
		style: 'unit',
		unit: units[unit] ?? 'byte',
		unitDisplay: unit === 0 ? 'long' : 'short',
		maximumFractionDigits: value < 10 && unit > 1 ? 1 : 0,
	}).format(value);
}

const DAY = 86_400_000;

/** A length of time in words, in the largest unit that it fills: 2 days. */
export function span(milliseconds: number): string {
	const units = [['day', DAY], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const;
	const [unit, length] = units.find(([, each]) => milliseconds >= each) ?? units[3];
	return new Intl.NumberFormat(regional(), { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }).format(milliseconds / length);
}

/** Whole days from now until a time, never below 0. */
export function daysUntil(time: string): number {
	return Math.max(0, Math.ceil((new Date(time).getTime() - Date.now()) / DAY));
}

/** The time so many days from now. */
export function inDays(days: number): string {
	return new Date(Date.now() + days * DAY).toISOString();
}

/** The last moment of a day of the calendar, here. */
export function endOfDay(day: string): string {
	return new Date(`${day}T23:59:59`).toISOString();
}

/** The day of a time, as date inputs want it. */
export function dayOf(time: Date): string {
	const two = (part: number) => String(part).padStart(2, '0');
	return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
