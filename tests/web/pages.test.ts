// What the portal's pages work out by themselves, in Node: how much a look took, which looks are one list, what is new, why
// nothing can be shared with a doctor, what codes say, what is a number, what is a day, what a search finds,
// and what exported files are called.
//
// Usage: tests/web/run bundles it, and runs it in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Author, InboxEntry, Look, RecordEntry } from "../../portal/src/api.ts";
import { isBirth, isDay } from "../../portal/src/days.ts";
import { nameOf } from "../../portal/src/exporting.ts";
import { folded } from "../../portal/src/folded.ts";
import { decision } from "../../portal/src/hindrance.ts";
import { extentOf, linesOf, type Extent, type Told } from "../../portal/src/looks.ts";
import {
	allSeen, blank, draftIn, isNewGrant, read, unseen, withAllSeen, withChart, withDraft, withInbox, withName, withOpened, written, type Notes,
} from "../../portal/src/notebook.ts";
import { numberOf } from "../../portal/src/numbers.ts";
import { actingCode, offerCode, readCode } from "../../portal/src/ui/codes.ts";
import { shownName } from "../../portal/src/ui/titles.ts";

const BEGINNING = 81_968;

test("a doctor's page says which decision of the hospital stands in the way", () => {
	const because = (reason: string) => ({ reason, sentence: "…" });
	assert.equal(decision(because("doctor-not-verified"), "suspended"), "suspended");
	assert.equal(decision(because("doctor-not-verified"), "pending"), "pending");
	assert.equal(decision(null, "rejected"), "rejected");
	assert.equal(decision(because("licence-expired"), "verified"), null);
	assert.equal(decision(because("hospital-not-active"), "suspended"), null);
});

test("a search finds names and titles as people without a letter on their keyboard write them", () => {
	// As in the test of the same in client/lib/src/people.rs.
	const cases: [typed: string, name: string][] = [
		["grossmann", "Gro\u00dfmann"],
		["GRO\u1e9eMANN", "Gro\u00dfmann"],
		["lukasz", "\u0141ukasz"],
		["soren", "S\u00f8ren"],
		["dordevic", "\u0110or\u0111evi\u0107"],
		["Gudrun Thorsdottir", "Gu\u00f0r\u00fan \u00de\u00f3rsd\u00f3ttir"],
		["isik", "I\u015f\u0131k"],
		["\u03bd\u03b9\u03ba\u03bf\u03c3", "\u039d\u03af\u03ba\u03bf\u03c2"],
		["\u0639\u0644\u064a", "\u0639\u0644\u06cc"],
		["\u963f\u30fb\u535c\u675c", "\u963f\u00b7\u535c\u675c"],
		["o'brien", "Se\u00e1n O\u2019Brien"],
		["muller-ludenscheidt", "M\u00fcller\u2011L\u00fcden\u00adscheidt"],
		// In two characters, as some systems write the names of files.
		["r\u00f6ntgen", "Knie, Ro\u0308ntgen"],
	];
	for (const [typed, name] of cases) assert.ok(folded(name).includes(folded(typed)), `${typed}: ${name}`);
	assert.ok(!folded("\u0110ukas").includes(folded("Lukas")));
});

test("an exported file has a name of whole characters", () => {
	const named = (fileName: string) => nameOf({ record: 7, headers: { fileName } as RecordEntry["headers"] });
	assert.equal(named("../.letter.pdf"), "records/0007 _.letter.pdf");
	// Of two code units each, and one more in front of the last eighty.
	const long = named(`${"\u{20bb7}".repeat(100)}x`);
	assert.equal(long, `records/0007 ${"\u{20bb7}".repeat(79)}x`);
	assert.equal(new TextDecoder().decode(new TextEncoder().encode(long)), long);
});

test("a look took the title, all of a short file, or more than a list takes", () => {
	const cases: [Extent, number | null, number, number, number | null][] = [
		// The record, the bytes from and to, the record's size.
		["title", 0, 0, BEGINNING, BEGINNING + 1],
		["title", 0, 0, BEGINNING, 5_000_000],
		["title", 0, 0, 100, 5_000_000],
		["short", 0, 0, BEGINNING, BEGINNING],
		["short", 0, 0, 6_000, 6_000],
		["opened", 0, 0, 5_000_000, 5_000_000],
		["opened", 0, 0, BEGINNING + 1, 5_000_000],
		// The rest of a download that was interrupted.
		["opened", 0, 4_000, 6_000, 6_000],
		// What was withdrawn has no size any more, so that a title can't be told from a short file.
		["short", 0, 0, BEGINNING, null],
		["short", 0, 0, 6_000, null],
		["opened", 0, 0, 5_000_000, null],
		// A profile is read whole.
		["opened", null, 0, 6_000, null],
	];
	for (const [extent, record, from, to, size] of cases) {
		assert.equal(extentOf({ record, from, to }, size, BEGINNING), extent, `${record}: ${from} to ${to} of ${size}`);
	}
});

let number = 0;
const BEN: Look["reader"] = { kind: "doctor", doctor: 3, name: "Ben" };
const EVA: Look["reader"] = { kind: "doctor", doctor: 4, name: "Eva" };

function look(seconds: number, record: number | null, extent: Extent, reader = BEN, vault = 0): Told {
	number += 1;
	const time = new Date(Date.UTC(2026, 10, 29) + seconds * 1_000).toISOString();
	return { look: { vault, number, time, reader, emergency: false, account: "", record, from: 0, to: 0, block: { number: 0, hash: "" } }, extent };
}

/** The records of each line, of looks that begin with the oldest. */
const records = (looks: Told[]) => linesOf(looks.reverse()).map((line) => line.map((one) => one.look.record));

test("a list of many titles is one line, over all vaults", () => {
	const list = Array.from({ length: 300 }, (_, index) => look(index / 4, index, index % 3 === 0 ? "short" : "title", BEN, index % 2));
	assert.deepEqual(records(list).map((line) => line.length), [300]);
});

test("a file that comes again after the list has a line of its own", () => {
	const looks = [look(0, 0, "short"), look(1, 1, "short"), look(2, 2, "title"), look(5, 1, "short"), look(7, 2, "opened")];
	assert.deepEqual(records(looks), [[2], [1], [2, 1, 0]]);
});

test("lists of two readers, or with a pause between them, are two lines", () => {
	assert.deepEqual(records([look(0, 0, "title"), look(1, 0, "title", EVA), look(2, 1, "title"), look(3, 1, "title", EVA)]), [[1, 0], [1, 0]]);
	assert.deepEqual(records([look(0, 0, "title"), look(11, 1, "title")]), [[1], [0]]);
});

test("parts of one download are one line, and what is opened later is another", () => {
	assert.deepEqual(records([look(0, 0, "opened"), look(20, 0, "opened"), look(90, 0, "opened")]), [[0], [0, 0]]);
	assert.deepEqual(records([look(0, 0, "opened"), look(0, 1, "opened"), look(1, null, "opened")]), [[null], [1], [0]]);
});

test("no looks are no lines", () => {
	assert.deepEqual(linesOf([]), []);
});

const NOW = Date.UTC(2026, 10, 29, 12);
const EARLIER = "2026-11-01T08:00:00Z";
const YESTERDAY = "2026-11-28T12:00:00Z";

const entry = (record: number, author: Author, state: RecordEntry["state"] = "readable"): RecordEntry => ({
	record, author, recordedAt: YESTERDAY, inReplyTo: null, state, headers: null, problem: null, size: 1, vault: 0, sealedToOlderKey: false,
});
const byDoctor = (doctor: number): Author => ({ kind: "doctor", doctor, name: null });

const grant = (patient: number, grantedAt: string, length: number | null = 10, active = true): InboxEntry => ({
	patient, doctor: 3, doctorName: null, scope: "chart", records: null, mayAppend: false, expiresAt: null, grantedAt, active, denial: null,
	key: "current", patientName: null, birthDate: null, length,
});

test("notes come back as they were written, and what is no notes is blank", () => {
	const notes: Notes = {
		since: YESTERDAY, own: { upTo: 3, opened: [5] }, charts: { 7: { upTo: 1, opened: [], grantedAt: EARLIER } }, names: { 7: "Mrs Quillmark" },
		drafts: [{ form: "a", text: "{}", at: new Date(NOW - 1_000).toISOString() }],
	};
	assert.deepEqual(read(written(notes), NOW), notes);
	for (const text of [null, "", "no notes", "null", "[]", "7", "{}"]) assert.deepEqual(read(text, NOW), blank(NOW), String(text));
	const odd = JSON.stringify({
		since: 7, own: { upTo: -1, opened: [] }, names: { 1: "Ana", 2: 3, __proto__x: "Ben" },
		charts: { 1: { upTo: 1, opened: ["2"], grantedAt: EARLIER }, 2: { upTo: 1, opened: [2], grantedAt: "soon" }, 3: { upTo: 1, opened: [2], grantedAt: EARLIER } },
	});
	assert.deepEqual(read(odd, NOW), { ...blank(NOW), names: { 1: "Ana" }, charts: { 3: { upTo: 1, opened: [2], grantedAt: EARLIER } } });
});

test("a form that was not sent is noted until it is, for a day, and only the newest ones", () => {
	const text = JSON.stringify({ name: "Ana Quillmark" });
	const noted = withDraft(blank(NOW), "a", text, NOW);
	assert.equal(draftIn(noted, "a", NOW), text);
	assert.equal(draftIn(noted, "b", NOW), null);
	assert.equal(draftIn(noted, "a", NOW + 86_400_000), null);
	assert.deepEqual(read(written(noted), NOW + 86_400_000).drafts, []);
	assert.deepEqual(withDraft(noted, "a", null, NOW).drafts, []);
	assert.equal(withDraft(noted, "b", null, NOW), noted, "the very same");
	assert.deepEqual(withDraft(noted, "a", "x".repeat(20_000), NOW).drafts, [], "longer than answers are");
	const many = ["b", "c", "d"].reduce((all, form) => withDraft(all, form, form, NOW), noted);
	assert.deepEqual(many.drafts.map(({ form }) => form), ["b", "c", "d"]);
	for (const drafts of [7, {}, [7], [{ form: 1, text: "", at: EARLIER }], [{ form: "a", text: "", at: "soon" }]]) {
		assert.deepEqual(read(JSON.stringify({ drafts }), NOW).drafts, [], JSON.stringify(drafts));
	}
});

test("what others added is new until it is opened", () => {
	const isMine = ({ kind }: Author) => kind === "patient";
	const all = [entry(3, byDoctor(1)), entry(4, byDoctor(1)), entry(5, { kind: "patient" }), entry(6, byDoctor(2), "withdrawn"), entry(7, byDoctor(2), "fetching")];
	const of = (seen: { upTo: number; opened: number[] }) => unseen(seen, all, isMine).map(({ record }) => record);
	assert.deepEqual(of(allSeen(4)), [4, 7]);
	assert.deepEqual(of(withOpened(allSeen(4), [7])), [4]);
	assert.deepEqual(of(allSeen(8)), []);
});

test("opened records are noted once, and those in a row as their end", () => {
	const seen = allSeen(4);
	assert.equal(withOpened(seen, [1, 3]), seen, "the very same");
	assert.deepEqual(withOpened(seen, [6, 5, 6]), { upTo: 4, opened: [5, 6] });
	assert.deepEqual(withOpened({ upTo: 4, opened: [5, 6, 9] }, [4]), { upTo: 7, opened: [9] });
	let many = allSeen(0);
	for (let record = 1; record < 2_001; record += 2) many = withOpened(many, [record]);
	assert.equal(many.opened.length, 500);
	assert.ok(many.upTo > 999 && many.opened.every((record) => record > many.upTo));
});

test("a grant is new if it is not the one under which the chart was seen; on a new device, if it is of the last days", () => {
	const notes = blank(NOW);
	assert.equal(isNewGrant(notes, grant(7, YESTERDAY)), true);
	assert.equal(isNewGrant(notes, grant(7, EARLIER)), false);
	const opened = withChart(notes, 7, YESTERDAY, 10);
	assert.equal(isNewGrant(opened, grant(7, YESTERDAY)), false);
	assert.equal(isNewGrant(opened, grant(7, "2026-11-29T08:00:00Z")), true);
	// The chart is seen as far as it was before the other grant.
	assert.deepEqual(withChart(opened, 7, EARLIER, 15).charts[7], { upTo: 10, opened: [], grantedAt: EARLIER });
	assert.equal(withChart(opened, 7, YESTERDAY, 15), opened);
	assert.equal(withChart(notes, 7, YESTERDAY, null), notes, "nothing is noted without a length");
});

test("with an inbox, older charts are known, and what is noted of people who took access back is forgotten", () => {
	let notes = withName(withName(blank(NOW), 7, "Mrs Quillmark"), 8, "Mr Thistlemere");
	notes = withChart(notes, 8, EARLIER, 3);
	const after = withInbox(notes, [grant(7, EARLIER, 12), grant(9, YESTERDAY), grant(10, EARLIER, null), grant(11, EARLIER, null, false)]);
	assert.deepEqual(after.names, { 7: "Mrs Quillmark" });
	assert.deepEqual(after.charts, { 7: { upTo: 12, opened: [], grantedAt: EARLIER } });
	assert.deepEqual(withName(after, 7, "").names, {});
});

test("all that is new can be marked as seen", () => {
	const [shared, longer, unknown] = [grant(7, YESTERDAY, 12), grant(8, EARLIER, 5), grant(9, YESTERDAY, null)];
	const before = withChart(blank(NOW), 8, EARLIER, 3);
	const after = withAllSeen(before, [
		{ entry: shared, granted: "new", added: [] }, { entry: longer, granted: null, added: [entry(3, byDoctor(1))] }, { entry: unknown, granted: "new", added: [] },
	]);
	assert.deepEqual(after.charts, { 7: { ...allSeen(12), grantedAt: YESTERDAY }, 8: { ...allSeen(5), grantedAt: EARLIER } });
	assert.equal(isNewGrant(after, shared), false);
});

const OFFER = JSON.stringify({
	form: "medblock-recovery-1", person: { patient: 5 }, account: "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
	key: `0x${"0af5".repeat(608)}`, proof: `0x${"c3".repeat(64)}`,
});

test("a new device's code says what its text says, and fits into a code that can be printed", () => {
	const code = offerCode(OFFER);
	// The most letters of a code of the largest size.
	assert.ok(code.length < 2_953 && code.length < OFFER.length, `${code.length} letters`);
	assert.deepEqual(readCode(code), { kind: "offer", text: OFFER });
	assert.deepEqual(readCode(` ${OFFER}\n`), { kind: "offer", text: OFFER });
	// Only the Worker knows whether it is one; this is no code of any kind.
	for (const text of [`${code}"~%"`, "medblock:offer", "{", `{${"1".repeat(9_000)}}`]) assert.notDeepEqual(readCode(text), { kind: "offer", text: OFFER });
	assert.equal(readCode(`{${"1".repeat(9_000)}}`), null);
});

test("sheets' codes and codes for acting for others are known by their forms", () => {
	const sheet = `MEDBLOCK-SHEET-1${"QPZRY9X8".repeat(8)}`;
	assert.deepEqual(readCode(sheet), { kind: "sheet", text: sheet });
	assert.equal(readCode("medblock-sheet-1"), null);
	const account = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	const keyDigest = `0x${"ab".repeat(32)}`;
	assert.deepEqual(readCode(actingCode(account, 7, keyDigest)), { kind: "acting", account, patient: 7, keyDigest });
	assert.equal(readCode(actingCode(account, 7, "0xab")), null);
	assert.equal(readCode(`medblock:acting?account=${account}&key=${keyDigest}`), null, "without a number");
});

test("a number that the chain would cut to another person's is none", () => {
	assert.equal(numberOf("4294967295"), 4_294_967_295);
	assert.equal(numberOf("007"), 7);
	for (const other of ["4294967303", "9999999999", "-7", "7.0", " 7", "7e2", "", null, undefined]) assert.equal(numberOf(other), null, String(other));
	const account = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	assert.deepEqual(readCode("https://anywhere/#/share/7"), { kind: "share", doctor: 7, until: null });
	assert.equal(readCode("https://anywhere/#/share/4294967303"), null);
	assert.equal(readCode(actingCode(account, 4_294_967_303, `0x${"ab".repeat(32)}`)), null);
	assert.equal(readCode(`medblock:patient?account=${account}&number=4294967303`), null);
	assert.deepEqual(readCode(`medblock:patient?account=${account}`), { kind: "patient", account, patient: null });
});

test("a name that others wrote turns nothing around, and one that can't be seen is none", () => {
	assert.equal(shownName("Dr. Ben Ömer"), "Dr. Ben Ömer");
	assert.equal(shownName("\u202eDr. Ben\nÖmer\u2066 "), "Dr. Ben Ömer");
	for (const unseen of ["", "  ", "\u200d\u2800", "\u202e\u200f\n"]) assert.equal(shownName(unseen), "");
});

test("only a day of the calendar is a day", () => {
	for (const day of ["2026-05-03", "2028-02-29", "9999-12-31"]) assert.ok(isDay(day), day);
	const others = ["", "2026-02-29", "2031-02-31", "2031-13-45", "2026-00-01", "20270-01-01", "2026-5-3", "2026-05-03T00:00", "soon"];
	for (const other of others) assert.ok(!isDay(other), other);
});

test("a birth date is a day, a month or a year in which a living person was born", () => {
	const today = "2026-12-01";
	for (const day of ["1951-05-03", "1880-01-01", "1951", "1951-05", "2026-12", today]) assert.ok(isBirth(day, today), day);
	// A date input makes the first of them of the year 51.
	for (const other of ["0051-05-03", "1879-12-31", "1879", "2026-12-02", "2027", "1951-13", "1951-02-30", "3.5.1951", "51", ""]) {
		assert.ok(!isBirth(other, today), other);
	}
});
