// The patient's own chart. It stays between the list and a record, and goes when the account is locked.
import { Chart } from '../chart/source.svelte';
import { onAccountChange, portal } from '../../ui/portal.svelte';

let chart: Chart | null = null;

export function myChart(): Chart {
	chart ??= new Chart({
		reader: 'patient',
		records: (query, options) => portal.patient.records(query, options),
		open: (record, options) => portal.patient.open(record, options),
	});
	return chart;
}

// Also while another page is open: a note that a doctor added then is there when the list is.
portal.on('records', ({ patient }) => {
	if (patient === portal.state.who?.patient?.patient) void chart?.again();
});
onAccountChange(() => {
	chart?.end();
	chart = null;
});
