// What the page notes for a person on this device: what they have seen, and a doctor's own names for patients. The Worker keeps
// it encrypted.
import type { Author, InboxEntry, RecordEntry, Time } from "./api.ts";

/** How far a chart was seen. */
export interface Seen {
	/** So many first records are no news. */
	upTo: number;
	/** Those after them that were opened. */
	opened: number[];
}

/** How far a doctor has seen a patient's chart. */
export interface SeenChart extends Seen {
	/** When the grant was made under which it was seen: another one is news. */
	grantedAt: Time;
}

/** The answers of a form of several steps that was not sent yet. */
export interface Draft {
	/** The form, by the number of chance that the browser's history has of it. */
	form: string;
	/** The answers, as the form wrote them. */
	text: string;
	/** When they changed last. */
	at: Time;
}

export interface Notes {
	/** Grants before this time are no news. */
	since: Time;
	/** The own chart; `null` until it was looked at on this device. */
	own: Seen | null;
	/** Charts of patients, by number. */
	charts: { [patient: string]: SeenChart };
	/** The doctor's own names for patients, by number. */
	names: { [patient: string]: string };
	/** Forms that were not sent yet, the newest last. */
	drafts: Draft[];
}

/** What a chart has that is new to its doctor. */
export interface ChartNews {
	entry: InboxEntry;
	/** Whether the grant is new, or another one than before. Then all of the chart is. */
	granted: "new" | "changed" | null;
	/** What others added since. */
	added: RecordEntry[];
}

/** On a new device, grants of so many milliseconds are news. */
const RECENT = 7 * 86_400_000;
/** The most opened records that are noted of a chart: those before them are taken as seen. */
const MOST_OPENED = 500;

/** Unsent forms are forgotten after so many milliseconds, and all but so many of the newest. */
const DRAFT_LASTS = 86_400_000;
const MOST_DRAFTS = 3;
/** The longest answers of a form that are noted, in characters. */
const LONGEST_DRAFT = 16_384;

/** The notes of a device that has none. */
export function blank(now: number): Notes {
	return { since: new Date(now - RECENT).toISOString(), own: null, charts: {}, names: {}, drafts: [] };
}

/** The notes as text. */
export function written(notes: Notes): string {
	return JSON.stringify(notes);
}

/** The notes of a text; blank ones if it is not one of this page's. */
export function read(text: string | null, now: number): Notes {
	const notes = blank(now);
	let found: unknown;
	try {
		found = JSON.parse(text ?? "");
	} catch {
		return notes;
	}
	if (!isObject(found)) return notes;
	if (isTime(found["since"])) notes.since = found["since"];
	if (isSeen(found["own"])) notes.own = found["own"];
	for (const [patient, seen] of entriesOf(found["charts"])) {
		if (isSeen(seen) && isTime((seen as Partial<SeenChart>).grantedAt)) notes.charts[patient] = seen as SeenChart;
	}
	for (const [patient, name] of entriesOf(found["names"])) if (typeof name === "string") notes.names[patient] = name;
	const drafts: unknown = found["drafts"];
	if (Array.isArray(drafts)) notes.drafts = drafts.filter(isDraft).filter((draft) => isFresh(draft, now)).slice(-MOST_DRAFTS);
	return notes;
}

const isObject = (value: unknown): value is { [name: string]: unknown } => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (value: unknown): value is Time => typeof value === "string" && !Number.isNaN(Date.parse(value));
const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSeen = (value: unknown): value is Seen =>
	isObject(value) && isPlace(value["upTo"]) && Array.isArray(value["opened"]) && value["opened"].every(isPlace);
const isDraft = (value: unknown): value is Draft =>
	isObject(value) && typeof value["form"] === "string" && typeof value["text"] === "string" && isTime(value["at"]);
const isFresh = ({ at }: Draft, now: number) => Date.parse(at) > now - DRAFT_LASTS;
/** Those whose names are numbers: of patients. */
const entriesOf = (value: unknown) => (isObject(value) ? Object.entries(value).filter(([name]) => /^\d{1,10}$/.test(name)) : []);

/** A chart with so many records, of which all are seen. */
export function allSeen(length: number): Seen {
	return { upTo: length, opened: [] };
}

/** Whether a record was seen. */
function isSeenRecord({ upTo, opened }: Seen, record: number): boolean {
	return record < upTo || opened.includes(record);
}

/** The same with these records opened; the very same if they were. */
export function withOpened<Of extends Seen>(seen: Of, records: number[]): Of {
	const more = [...new Set(records)].filter((record) => !isSeenRecord(seen, record));
	if (more.length === 0) return seen;
	const opened = [...seen.opened, ...more].sort((one, other) => one - other);
	const excess = opened.splice(0, Math.max(0, opened.length - MOST_OPENED));
	let upTo = Math.max(seen.upTo, (excess[excess.length - 1] ?? -1) + 1);
	// Those that follow at once need no place of their own.
	while (opened[0] === upTo) {
		opened.shift();
		upTo += 1;
	}
	return { ...seen, upTo, opened };
}

/** What is there to be read, was added by others, and was not seen. */
export function unseen(seen: Seen, entries: RecordEntry[], isOwn: (author: Author) => boolean): RecordEntry[] {
	return entries.filter(({ record, author, state }) => state !== "withdrawn" && !isOwn(author) && !isSeenRecord(seen, record));
}

/** Whether a grant is news to its doctor. */
export function isNewGrant({ since, charts }: Notes, { patient, grantedAt }: Pick<InboxEntry, "patient" | "grantedAt">): boolean {
	const seen = charts[patient];
	return seen ? Date.parse(seen.grantedAt) !== Date.parse(grantedAt) : Date.parse(grantedAt) >= Date.parse(since);
}

/** A doctor has opened a chart. If it is new here, what it has now is seen: so many records, if that is known. */
export function withChart(notes: Notes, patient: number, grantedAt: Time, length: number | null): Notes {
	const before = notes.charts[patient];
	const seen = before ?? (length === null ? null : allSeen(length));
	if (!seen || before?.grantedAt === grantedAt) return notes;
	return { ...notes, charts: { ...notes.charts, [patient]: { ...seen, grantedAt } } };
}

/** A doctor has seen all that is new in these charts. */
export function withAllSeen(notes: Notes, news: ChartNews[]): Notes {
	const charts = { ...notes.charts };
	for (const { entry: { patient, grantedAt, length } } of news) {
		const seen = length === null ? charts[patient] : allSeen(length);
		if (seen) charts[patient] = { ...seen, grantedAt };
	}
	return { ...notes, charts };
}

/**
 * The notes of a doctor with these charts. What is noted of others is forgotten, names included: it goes when the patient
 * takes the access back. Older charts that this device does not know yet are no news.
 */
export function withInbox(notes: Notes, inbox: InboxEntry[]): Notes {
	const here = new Set(inbox.map(({ patient }) => String(patient)));
	const kept = <Value>(all: { [patient: string]: Value }) => Object.fromEntries(Object.entries(all).filter(([patient]) => here.has(patient)));
	const charts = kept(notes.charts);
	for (const entry of inbox) {
		const { patient, grantedAt, length, active } = entry;
		if (active && length !== null && !charts[patient] && !isNewGrant(notes, entry)) charts[patient] = { ...allSeen(length), grantedAt };
	}
	return { ...notes, charts, names: kept(notes.names) };
}

/** The same with the doctor's own name for a patient; without it, if the name is empty. */
export function withName(notes: Notes, patient: number, name: string): Notes {
	const names = { ...notes.names };
	if (name === "") delete names[patient];
	else names[patient] = name;
	return { ...notes, names };
}

/** The answers of a form; `null` if there are none. */
export function draftIn({ drafts }: Notes, form: string, now: number): string | null {
	return drafts.find((draft) => draft.form === form && isFresh(draft, now))?.text ?? null;
}

/** The same with a form's answers; without them, if they are `null` or too long. */
export function withDraft(notes: Notes, form: string, text: string | null, now: number): Notes {
	const others = notes.drafts.filter((draft) => draft.form !== form);
	if (text === null || text.length > LONGEST_DRAFT) {
		return others.length === notes.drafts.length ? notes : { ...notes, drafts: others };
	}
	return { ...notes, drafts: [...others, { form, text, at: new Date(now).toISOString() }].slice(-MOST_DRAFTS) };
}
