// Everything of a patient's, or all that is open of a chart, as one zip file.
import type { Session } from "medblock-web";
import type { OpenedRecord, RecordEntry } from "./api.ts";
import { problemOf } from "./problem.ts";
import { Zip } from "./zip.ts";

/** In characters: a half of one would be another name in the zip file than in `index.json`. */
const LONGEST_NAME = 80;

/** A name in the zip file: the record's number, and what its author called the file, as far as that is harmless. */
export function nameOf({ record, headers }: Pick<RecordEntry, "record" | "headers">): string {
	const called = (headers?.fileName ?? headers?.title ?? "record").normalize("NFC");
	const plain = called.replace(/[^\p{L}\p{M}\p{N}\u200c\u200d._ -]/gu, "_").replace(/^[. ]+/, "");
	const short = Array.from(plain).slice(-LONGEST_NAME).join("");
	return `records/${String(record).padStart(4, "0")} ${short || "record"}`;
}

type Watch = ((done: number, total: number) => void) | undefined;

/** Puts all records that can be opened into a zip file. What can't comes back with the reason. */
async function gathered(zip: Zip, items: RecordEntry[], open: (record: number) => Promise<OpenedRecord>, progress: Watch) {
	const records = [];
	for (const entry of items) {
		const known = { ...entry, file: null as string | null };
		if (entry.state === "readable") {
			try {
				const { content } = await open(entry.record);
				known.file = nameOf(entry);
				await zip.add(known.file, content);
			} catch (why) {
				const problem = problemOf(why);
				if (problem.kind === "cancelled") throw why;
				known.file = null;
				known.problem = problem;
			}
		}
		records.push(known);
		progress?.(records.length, items.length);
	}
	return records;
}

const written = (index: object) => new Blob([JSON.stringify(index, null, "\t")], { type: "application/json" });

/** All that is open of a patient's chart, with `index.json`, which names what can't be opened. */
export async function exportedChart(session: Session, patient: number, signal: AbortSignal | undefined, progress: Watch): Promise<Blob> {
	const zip = new Zip();
	const { items, at } = await session.records(patient, undefined, signal, undefined);
	const records = await gathered(zip, items, (record) => session.openRecord(patient, record, signal, undefined), progress);
	await zip.add("index.json", written({ exportedAt: new Date().toISOString(), at, patient, records }));
	// Access may have ended meanwhile: then this is refused, and no file comes of a chart that is closed.
	await session.records(patient, { limit: 1, kept: true }, signal, undefined);
	return zip.finish();
}

/** Everything of a patient's, with `index.json`, which has the rest and names what can't be opened. */
export async function exported(session: Session, signal: AbortSignal | undefined, progress: Watch): Promise<Blob> {
	const zip = new Zip();
	const profile = await session.ownProfile(signal, undefined);
	const { items } = await session.ownRecords(undefined, signal, undefined);
	const records = await gathered(zip, items, (record) => session.openOwn(record, signal, undefined), progress);
	const access = await session.access();
	const { looks, missing } = await session.looks(signal);
	const acting = {
		guardians: await session.guardians("patient"),
		representatives: await session.representatives(),
		emergencies: await session.ownEmergencies(),
	};
	const { who, at } = await session.news();
	const index = { exportedAt: new Date().toISOString(), at, patient: who.patient, profile, records, access, ...acting, looks, looksMissing: missing };
	await zip.add("index.json", written(index));
	return zip.finish();
}
