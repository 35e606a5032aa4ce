// Titles that a page makes by itself, from a file's name or from another title; and names as others wrote them.

/** The most bytes that a record takes, and the most letters that the field for a title takes. */
const MOST_BYTES = 256;
const MOST_LETTERS = 120;
/** What ends a line, and other controls. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
/** What shows nothing by itself. Beside letters, some of it is needed: joiners in Persian and Hindi, for example. */
const BLANK = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** What turns the reading direction or marks the order of bytes: it can't be seen, and records refuse it. */
const UNSEEN = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A text without characters that turn others around. */
export function unturned(text: string): string {
	return text.replace(UNSEEN, '');
}

/** A name that another person wrote, in one line that changes no other; empty if nothing of it would be seen. */
export function shownName(text: string): string {
	const line = unturned(text.replace(BREAKS, ' ')).trim();
	return BLANK.test(line) ? '' : line;
}

/** A text as a title that every record takes. What is too long ends between two letters. */
export function asTitle(text: string): string {
	const line = unturned(text.replace(BREAKS, ' ')).trim();
	const encoder = new TextEncoder();
	let kept = '';
	let bytes = 0;
	for (const letter of line) {
		bytes += encoder.encode(letter).length;
		if (bytes > MOST_BYTES || kept.length + letter.length > MOST_LETTERS) break;
		kept += letter;
	}
	return BLANK.test(kept) ? '' : kept.trim();
}
