// Everything of a patient's as one zip file.
import type { Session } from "medblock-web";
import type { RecordEntry } from "./api.ts";
import { problemOf } from "./problem.ts";
import { Zip } from "./zip.ts";

const LONGEST_NAME = 80;

/** A name in the zip file: the record's number, and what its author called the file, as far as that is harmless. */
function nameOf({ record, headers }: RecordEntry): string {
	const called = (headers?.fileName ?? headers?.title ?? "record").normalize("NFC");
	const plain = called.replace(/[^\p{L}\p{M}\p{N}\u200c\u200d._ -]/gu, "_").replace(/^[. ]+/, "").slice(-LONGEST_NAME);
	return `records/${String(record).padStart(4, "0")} ${plain || "record"}`;
}

/** Fetches and opens all that can be opened. What can't is named in `index.json` with the reason. */
export async function exported(
	session: Session,
	signal: AbortSignal | undefined,
	progress: ((done: number, total: number) => void) | undefined,
): Promise<Blob> {
	const zip = new Zip();
	const profile = await session.ownProfile(signal, undefined);
	const page = await session.ownRecords(undefined, signal, undefined);
	const records = [];
	for (const entry of page.items) {
		const known = { ...entry, file: null as string | null };
		if (entry.state === "readable") {
			try {
				const { content } = await session.openOwn(entry.record, signal, undefined);
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
		progress?.(records.length, page.items.length);
	}
	const access = await session.access();
	const { looks, missing } = await session.looks(signal);
	const { who, at } = await session.news();
	const index = { exportedAt: new Date().toISOString(), at, patient: who.patient, profile, records, access, looks, looksMissing: missing };
	await zip.add("index.json", new Blob([JSON.stringify(index, null, "\t")], { type: "application/json" }));
	return zip.finish();
}
