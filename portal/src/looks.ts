// What a vault's line about the bytes that it gave says of a look, and which looks belong together.
import type { Look } from "./api.ts";

/** How much of an item a look took. */
export type Extent =
	/** The beginning of a longer file, which has its title: what lists take. */
	| "title"
	/** All of a file that is no longer than such a beginning. It was listed, or read: the vault can't tell. */
	| "short"
	/** More than any list takes. */
	| "opened";

/** A look, and how much it took. */
export interface Told {
	look: Look;
	extent: Extent;
}

/** Milliseconds that may pass between two titles of one list. */
const BETWEEN_TITLES = 10_000;
/** Milliseconds that may pass between two readings of the same, which then are one: a download may come in parts. */
const BETWEEN_PARTS = 60_000;

/**
 * How much of an item a look took. `size` is the item's length, or `null` if it is not known, such as a withdrawn
 * record's; `beginning` is the most that a list takes of a file.
 */
export function extentOf({ record, from, to }: Pick<Look, "record" | "from" | "to">, size: number | null, beginning: number): Extent {
	// A profile has no title: it is always read.
	if (record === null || from > 0 || to > beginning) return "opened";
	// A list takes as much of a file as its title needs, which may be all of it.
	return size !== null && to < size ? "title" : "short";
}

function readerOf({ reader }: Look): string {
	if (reader.kind === "doctor") return `doctor ${reader.doctor}`;
	if (reader.kind === "representative") return `representative ${reader.representative}`;
	return reader.kind === "registrar" ? `desk ${reader.hospital}` : reader.kind;
}

/** The milliseconds from the last look of a line to a later one. */
function pause(line: Told[], { look }: Told): number {
	const last = line[line.length - 1];
	return last ? Date.parse(look.time) - Date.parse(last.look.time) : 0;
}

/**
 * Looks as lines: one for each list of titles, and one for each item that was opened. Both the looks that come in and
 * those of each line that comes out begin with the newest.
 *
 * A list takes each title once, so a file that comes again begins another line: it may have been opened after the list.
 */
export function linesOf(looks: Told[]): Told[][] {
	const lines: Told[][] = [];
	const going = new Map<string, Told[]>();
	for (const told of [...looks].reverse()) {
		const { look, extent } = told;
		const isList = extent !== "opened";
		const key = isList ? readerOf(look) : `${readerOf(look)}, ${look.record} at ${look.vault}`;
		const line = going.get(key);
		const goesOn = line && pause(line, told) <= (isList ? BETWEEN_TITLES : BETWEEN_PARTS);
		if (goesOn && !(isList && line.some((one) => one.look.record === look.record))) {
			line.push(told);
			continue;
		}
		const begun = [told];
		going.set(key, begun);
		lines.push(begun);
	}
	const newest = (line: Told[]) => Date.parse(line[line.length - 1]?.look.time ?? "");
	// Of those at the same time, the one that began last comes first.
	return lines.reverse().sort((one, other) => newest(other) - newest(one)).map((line) => line.reverse());
}
