// Text and tables of text.
import { element, label, table } from './parts';
import { decode, LONGEST_TEXT, separator } from './sniff';

const ROWS = 500;
/** A row of a million cells would keep the browser busy for minutes. */
const COLUMNS = 100;

function read(bytes: Uint8Array): { text: string; cut: boolean } {
	const cut = bytes.length > LONGEST_TEXT;
	const text = decode(bytes.subarray(0, LONGEST_TEXT), cut);
	if (text === null) throw new Error('not text');
	return { text: text.replace(/^\ufeff/, ''), cut };
}

export function showText(bytes: Uint8Array, place: HTMLElement): void {
	const { text, cut } = read(bytes);
	const shown = element('pre', text);
	shown.dir = 'auto';
	place.append(shown);
	if (cut) place.append(element('p', label('moreRows'), 'soft'));
}

export function showCsv(bytes: Uint8Array, place: HTMLElement): void {
	const { text, cut } = read(bytes);
	const sign = separator(text.trimStart());
	if (sign === null) {
		showText(bytes, place);
		return;
	}
	const rows = cells(text, sign);
	const [head = [], ...lines] = rows.slice(0, ROWS).map((row) => row.slice(0, COLUMNS));
	place.append(table(head, lines));
	if (cut || rows.length > ROWS || rows.some((row) => row.length > COLUMNS)) place.append(element('p', label('moreRows'), 'soft'));
}

/** The cells of RFC 4180, as far as they are shown. */
function cells(text: string, sign: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = '';
	let quoted = false;
	for (let at = 0; at < text.length && rows.length <= ROWS; at += 1) {
		const character = text[at] ?? '';
		if (quoted) {
			if (character !== '"') cell += character;
			else if (text[at + 1] === '"') {
				cell += '"';
				at += 1;
			} else quoted = false;
		} else if (character === '"' && cell === '') quoted = true;
		else if (character === sign) {
			row.push(cell);
			cell = '';
		} else if (character === '\n') {
			row.push(cell.replace(/\r$/, ''));
			if (row.some((each) => each !== '')) rows.push(row);
			row = [];
			cell = '';
		} else cell += character;
	}
	if (cell !== '' || row.length > 0) rows.push([...row, cell]);
	return rows;
}
