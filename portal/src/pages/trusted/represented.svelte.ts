// The chart of a patient that the account represents. It stays between its pages, and goes when the account is locked.
import { onDestroy } from 'svelte';
import { onAccountChange, portal } from '../../ui/portal.svelte';
import { Chart } from '../chart/source.svelte';

let open: { patient: number; chart: Chart } | null = null;

/** The chart of a patient for a page, which reads nothing any more once the page is left. */
export function representedChart(patient: number): Chart {
	if (open?.patient !== patient) {
		open?.chart.end();
		const chart = new Chart({
			reader: 'doctor',
			records: (query, options) => portal.representatives.records(patient, query, options),
			open: (record, options) => portal.representatives.open(patient, record, options),
		});
		open = { patient, chart };
	} else void open.chart.again();
	const { chart } = open;
	onDestroy(() => void chart.end());
	return chart;
}

onAccountChange(() => {
	open?.chart.end();
	open = null;
});
