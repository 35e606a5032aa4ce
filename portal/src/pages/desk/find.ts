// Whom the desk looks for: by a number, an account, or words.
import { PortalError, type DeskDoctor, type DeskPatient, type Options, type Problem } from '../../api';
import { folded } from '../../folded';
import { numberOf } from '../../numbers';
import { portal } from '../../ui/portal.svelte';

export type Sought = { kind: 'number'; number: number } | { kind: 'account'; account: string } | { kind: 'words'; words: string };

/** The people that were found. */
export interface Found {
	/** `null` if their names would have to be read for it. */
	patients: DeskPatient[] | null;
	doctors: DeskDoctor[];
	/** What else is known of people with this number or account: that they are with another hospital. */
	elsewhere: Problem[];
}

const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;
/** The codes that say that there is no such person. A door does not tell whether there is one at another hospital. */
const NO_ONE = new Set([
	'chain.no-such-patient', 'chain.no-such-doctor', 'web.no-patients-account', 'web.no-doctors-account', 'door.other-hospital', 'door.other-patient',
]);
const ELSEWHERE = new Set(['web.patient-elsewhere', 'web.doctor-elsewhere']);

/** What a text asks for; `null` if it is empty. */
export function readSought(text: string): Sought | null {
	const words = text.trim();
	if (words === '') return null;
	const number = numberOf(words);
	if (number !== null) return { kind: 'number', number };
	return ADDRESS.test(words) ? { kind: 'account', account: words } : { kind: 'words', words };
}

function fits({ entry, details }: DeskDoctor, words: string[]): boolean {
	const text = folded([entry?.name, entry?.specialty, entry?.qualification, details].join(' '));
	return words.every((word) => text.includes(word));
}

/** Finds people. By a number or words, no patient's name is read: a number may be a doctor's. */
export async function find(sought: Sought, options: Options): Promise<Found> {
	const elsewhere: Problem[] = [];
	async function ifAny<Person>(asking: Promise<Person[]>): Promise<Person[]> {
		try {
			return await asking;
		} catch (error) {
			if (!(error instanceof PortalError) || error.code === undefined) throw error;
			if (ELSEWHERE.has(error.code)) elsewhere.push(error);
			else if (!NO_ONE.has(error.code)) throw error;
			return [];
		}
	}
	const { desk } = portal;
	const doctor = (who: number | string) => ifAny(desk.doctor(who, options).then((found) => [found]));
	if (sought.kind === 'words') {
		const words = folded(sought.words).split(/\s+/).filter(Boolean);
		return { patients: null, doctors: (await desk.doctors(options)).filter((each) => fits(each, words)), elsewhere };
	}
	if (sought.kind === 'number') {
		const patient = ifAny(desk.patients({ search: String(sought.number), names: false }, options).then(({ items }) => items));
		const [patients, doctors] = await Promise.all([patient, doctor(sought.number)]);
		return { patients, doctors, elsewhere };
	}
	const patient = ifAny(desk.patient(sought.account, options).then((found) => [found]));
	const [patients, doctors] = await Promise.all([patient, doctor(sought.account)]);
	return { patients, doctors, elsewhere };
}
