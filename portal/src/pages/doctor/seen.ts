// Which grants this doctor has opened before. Kept for this visit only: a list of patients in a browser's storage
// would say who treats whom.
const opened = new Map<number, string>();

/** Remembers that the doctor has opened a chart. */
export function markOpened(patient: number, grantedAt: string): void {
	opened.set(patient, grantedAt);
}

const RECENT = 7 * 86_400_000;

/** Whether a grant is of the last days, and its chart was not opened during this visit. */
export function isNew(patient: number, grantedAt: string): boolean {
	return opened.get(patient) !== grantedAt && Date.now() - new Date(grantedAt).getTime() < RECENT;
}
