// A chart as pages read it: the patient's own, or one that is open to a doctor.
import type { OpenedRecord, Options, Problem, RecordEntry, RecordPage, RecordQuery } from '../../api';
import { problemOf } from '../../ui/deed.svelte';

/** Where a chart's records come from. */
export interface Source {
	reader: 'patient' | 'doctor';
	records(query: RecordQuery, options: Options): Promise<RecordPage>;
	open(record: number, options?: Options): Promise<OpenedRecord>;
}

/** The most that nodes give at once: a longer page would read the whole chart each time. */
const PAGE = 256;

/** A chart's list, which grows page by page while it is already shown. */
export class Chart {
	entries = $state.raw<RecordEntry[]>([]);
	complete = $state(false);
	problem = $state.raw<Problem | null>(null);
	readonly source: Source;
	#abort: AbortController | null = null;

	constructor(source: Source) {
		this.source = source;
		void this.again();
	}

	/**
	 * Reads it anew; what is shown, also a problem, stays until there is an answer. The first time, titles that this device
	 * has kept are shown before the others are fetched.
	 */
	async again(): Promise<void> {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		const records = (query: RecordQuery) => this.source.records({ limit: PAGE, ...query }, { signal: abort.signal });
		let read: RecordEntry[] = [];
		let query: RecordQuery = {};
		try {
			for (;;) {
				let page = await records({ ...query, kept: !this.complete });
				if (abort.signal.aborted) return;
				this.problem = null;
				if (page.items.some((entry) => entry.state === 'fetching')) {
					this.entries = this.#before([...read, ...page.items]);
					page = await records(query);
					if (abort.signal.aborted) return;
				}
				read = [...read, ...page.items];
				if (page.next === null) this.entries = read;
				else if (!this.complete) this.entries = this.#before(read);
				if (page.next === null) break;
				query = { after: page.next };
			}
			this.complete = true;
		} catch (error) {
			if (!abort.signal.aborted) this.problem = problemOf(error);
		} finally {
			if (this.#abort === abort) this.#abort = null;
		}
	}

	/**
	 * What is read anew, before what an earlier reading had of later records: if a long chart changes while it is read for
	 * the first time, the record that is shown stays, with the note that is being written to it.
	 */
	#before(read: RecordEntry[]): RecordEntry[] {
		const last = read[read.length - 1]?.record ?? -1;
		return [...read, ...this.entries.filter((entry) => entry.record > last)];
	}

	/** The record with this number, as far as it is read. */
	find(record: number): RecordEntry | undefined {
		return this.entries.find((entry) => entry.record === record);
	}

	/** The notes to a record, oldest first. */
	notesTo(record: number): RecordEntry[] {
		return this.entries.filter((entry) => entry.inReplyTo === record && entry.state !== 'withdrawn');
	}

	/** Ends what is being read. Says whether something was. */
	end(): boolean {
		const wasReading = this.#abort !== null;
		this.#abort?.abort();
		this.#abort = null;
		return wasReading;
	}
}
