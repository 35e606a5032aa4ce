// The chart that a doctor has open, with the grant behind it. One at a time; closed at once when access ends. It stays between
// its pages, but reads nothing while none of them is shown: its patient would take that for a look.
import { onDestroy } from 'svelte';
import type { Grant, InboxEntry, Problem } from '../../api';
import { problemOf } from '../../ui/deed.svelte';
import { onAccountChange, portal } from '../../ui/portal.svelte';
import { Chart } from '../chart/source.svelte';
import { seenChart } from './news';

export class OpenChart {
	readonly patient: number;
	readonly chart: Chart;
	grant = $state.raw<InboxEntry | null>(null);
	ended = $state(false);
	problem = $state.raw<Problem | null>(null);
	/** The news since the grant was asked for last: the answer may be older. */
	#news: Grant[] | null = null;
	#ends: (() => void)[];
	/** The pages that show it: while one follows another, there may be two. */
	#pages = 0;
	/** Whether something has changed, or was not read to its end, since no page shows it. */
	#stale = false;

	constructor(patient: number) {
		this.patient = patient;
		this.chart = new Chart({
			reader: 'doctor',
			records: (query, options) => portal.doctor.records(patient, query, options),
			open: (record, options) => portal.doctor.open(patient, record, options),
		});
		this.#ends = [
			portal.on('inbox', (grants) => {
				this.#news = grants;
				// What else has changed is asked for when the chart is shown again.
				if (this.#pages > 0 || !isOpen(grants, patient)) this.#look(grants);
			}),
			portal.on('records', (changed) => {
				if (changed.patient === patient && !this.ended) this.#read();
			}),
		];
		void this.again();
	}

	/** Asks anew; what is shown, also a problem, stays until there is an answer. */
	async again(): Promise<void> {
		this.#news = null;
		try {
			const inbox = await portal.doctor.inbox({ names: true });
			this.problem = null;
			this.#look(inbox);
			this.grant = inbox.find((entry) => entry.patient === this.patient) ?? null;
			if (this.#news) this.#look(this.#news);
			if (this.ended || !this.grant?.active) return;
			void seenChart(this.patient, this.grant.grantedAt, this.grant.length);
			if (this.grant.mayAppend) await this.#settle();
		} catch (error) {
			this.problem = problemOf(error);
		}
	}

	/** A page shows it. */
	enter(): void {
		this.#pages += 1;
		if (this.#stale && !this.ended) this.#read();
	}

	/** A page that showed it is left. */
	leave(): void {
		this.#pages -= 1;
		if (this.#pages === 0 && this.chart.end()) this.#stale = true;
	}

	/** Asks what the grant is now. Without an answer, what is shown stays: the news follow once there is a connection. */
	async refresh(): Promise<void> {
		const news = this.#news;
		const grants = await portal.doctor.inbox().catch(() => null);
		if (grants && this.#news === news) this.#look(grants);
	}

	/** Reads the list anew: at once, or when the chart is shown again. */
	#read(): void {
		this.#stale = this.#pages === 0;
		if (!this.#stale) void this.chart.again();
	}

	/** Sends what an earlier visit could not. */
	async #settle(): Promise<void> {
		const settled = await portal.doctor.settle(this.patient);
		if (settled.sent > 0 && !this.ended) this.#read();
		if (settled.waiting > 0) this.problem = settled.problem;
	}

	#look(grants: Grant[]): void {
		if (this.ended) return;
		const grant = grants.find((each) => each.patient === this.patient);
		if (grant?.active) {
			this.#follow(grant);
			return;
		}
		// What is on the screen goes too: the page shows nothing of a chart that is closed.
		this.ended = true;
		this.chart.end();
		this.chart.entries = [];
	}

	/** Takes over what the patient changed: the right to add, the end, or which records the doctor may see. */
	#follow(grant: Grant): void {
		const before = this.grant;
		if (!before || same(before, grant)) {
			if (!before && this.problem) void this.again();
			return;
		}
		this.grant = { ...before, ...grant, doctorName: before.doctorName, patientName: before.patientName, birthDate: before.birthDate };
		void seenChart(this.patient, grant.grantedAt, null);
		this.#read();
		// Only a whole chart has a name.
		if (before.scope !== grant.scope) void this.again();
	}

	end(): void {
		this.chart.end();
		for (const end of this.#ends) end();
	}
}

/** Whether a patient's chart is open to the doctor. */
function isOpen(grants: Grant[], patient: number): boolean {
	return grants.some((grant) => grant.patient === patient && grant.active);
}

/** Whether two readings of a grant allow the same. */
function same(one: Grant, other: Grant): boolean {
	return (['scope', 'mayAppend', 'expiresAt', 'grantedAt', 'key'] as const).every((part) => one[part] === other[part]);
}

let open: OpenChart | null = null;

/** The open chart of a patient for a page, with the grant as it is now; another one that was open is closed. */
export function openChart(patient: number): OpenChart {
	if (open?.patient === patient && !open.ended) void open.refresh();
	else {
		open?.end();
		open = new OpenChart(patient);
	}
	const shown = open;
	shown.enter();
	onDestroy(() => shown.leave());
	return shown;
}

onAccountChange(() => {
	open?.end();
	open = null;
});
