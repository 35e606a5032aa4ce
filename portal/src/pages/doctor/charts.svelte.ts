// The chart that a doctor has open, with the grant behind it. One at a time; closed at once when access ends.
import type { Grant, InboxEntry, Problem } from '../../api';
import { problemOf } from '../../ui/deed.svelte';
import { portal } from '../../ui/portal.svelte';
import { Chart } from '../chart/source.svelte';
import { markOpened } from './seen';

export class OpenChart {
	readonly patient: number;
	readonly chart: Chart;
	grant = $state.raw<InboxEntry | null>(null);
	ended = $state(false);
	problem = $state.raw<Problem | null>(null);
	#ends: (() => void)[];

	constructor(patient: number) {
		this.patient = patient;
		this.chart = new Chart({
			reader: 'doctor',
			records: (query, options) => portal.doctor.records(patient, query, options),
			open: (record, options) => portal.doctor.open(patient, record, options),
		});
		this.#ends = [
			portal.on('inbox', (grants) => this.#look(grants)),
			portal.on('records', (changed) => {
				if (changed.patient === patient && !this.ended) void this.chart.again();
			}),
		];
		void this.again();
	}

	async again(): Promise<void> {
		this.problem = null;
		try {
			const inbox = await portal.doctor.inbox({ names: true });
			this.grant = inbox.find((entry) => entry.patient === this.patient) ?? null;
			this.#look(inbox);
			if (!this.grant?.active) return;
			markOpened(this.patient, this.grant.grantedAt);
			if (this.grant.mayAppend) await this.#settle();
		} catch (error) {
			this.problem = problemOf(error);
		}
	}

	/** Sends what an earlier visit could not. */
	async #settle(): Promise<void> {
		const settled = await portal.doctor.settle(this.patient);
		if (settled.sent > 0 && !this.ended) await this.chart.again();
		if (settled.waiting > 0) this.problem = settled.problem;
	}

	#look(grants: Grant[]): void {
		const grant = grants.find((each) => each.patient === this.patient);
		if (grant?.active) return;
		// What is on the screen goes too: the page shows nothing of a chart that is closed.
		this.ended = true;
		this.chart.end();
		this.chart.entries = [];
	}

	end(): void {
		this.chart.end();
		for (const end of this.#ends) end();
	}
}

let open: OpenChart | null = null;

/** The open chart of a patient; another one that was open is closed. */
export function openChart(patient: number): OpenChart {
	if (open?.patient === patient && !open.ended) return open;
	open?.end();
	open = new OpenChart(patient);
	return open;
}

portal.on('locked', () => {
	open?.end();
	open = null;
});
