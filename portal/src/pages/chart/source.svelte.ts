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

	/** Reads it anew; what is shown stays until the new list is there. */
	async again(): Promise<void> {
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		this.problem = null;
		let read: RecordEntry[] = [];
		let after: number | undefined;
		try {
			for (;;) {
				const page = await this.source.records({ limit: PAGE, ...(after === undefined ? {} : { after }) }, { signal: abort.signal });
				if (abort.signal.aborted) return;
				read = [...read, ...page.items];
				if (!this.complete || page.next === null) this.entries = read;
				if (page.next === null) break;
				after = page.next;
			}
			this.complete = true;
		} catch (error) {
			if (!abort.signal.aborted) this.problem = problemOf(error);
		}
	}

	/** The record with this number, as far as it is read. */
	find(record: number): RecordEntry | undefined {
		return this.entries.find((entry) => entry.record === record);
	}

	/** The notes to a record, oldest first. */
	notesTo(record: number): RecordEntry[] {
		return this.entries.filter((entry) => entry.inReplyTo === record && entry.state !== 'withdrawn');
	}

	end(): void {
		this.#abort?.abort();
	}
}
