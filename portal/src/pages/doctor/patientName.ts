// How a doctor's patients are called: by their profiles; without one, by the doctor's own names for them, or by number.
import { plainNumber, t } from '../../ui/i18n.svelte';
import { noted } from '../../ui/notebook.svelte';
import { shownName } from '../../ui/titles';

/** A patient's name. `given` is that of the profile, as far as the doctor can read it. */
export function patientName(patient: number, given: string | null | undefined): string {
	return shownName(given ?? '') || (ownName(patient, given) ?? t('inbox.patient', { n: plainNumber(patient) }));
}

/** The doctor's own name for a patient whose profile gives none. */
export function ownName(patient: number, given: string | null | undefined): string | undefined {
	return given ? undefined : noted()?.names[patient];
}
