// Text as it is compared in searches, in the same way as `medblock` does it (client/lib/src/people.rs).

/** Signs for which phones and office programs put others. */
const SIGNS: [RegExp, string][] = [
	[/[`\u00b4\u02bc\u2018\u2019\u2032\uff07]/g, "'"],
	[/[\u2010-\u2013\u2212\uff0d]/g, '-'],
	[/[\u0387\u2022\u2027\u22c5\u30fb\uff65]/g, '\u00b7'],
];

/** Marks that can't be seen, which come along when a name is copied, and joiners, which few can type. */
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff]/g;

/** What people write who don't have a small letter on their keyboard: Unicode takes strokes and ligatures for no accents. */
const PLAIN: Record<string, string> = {
	'\u00df': 'ss', '\u00e6': 'ae', '\u0153': 'oe', '\u00fe': 'th', '\u00f8': 'o', '\u0111': 'd', '\u00f0': 'd', '\u0127': 'h',
	'\u0131': 'i', '\u0142': 'l', '\u0167': 't', '\u03c2': '\u03c3', '\u0649': '\u06cc', '\u064a': '\u06cc', '\u0643': '\u06a9',
};

/** The text without accents, in lower case, and as a keyboard of another language has it. */
export function folded(text: string): string {
	const typed = SIGNS.reduce((typed, [signs, plain]) => typed.replace(signs, plain), text.replace(UNSEEN, ''));
	const lower = typed.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
	return Array.from(lower, (letter) => PLAIN[letter] ?? letter).join('');
}
