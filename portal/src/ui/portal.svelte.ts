// The one connection between the pages and the Worker.
import type { Doctor, Hospital, PortalEvents, State, Who } from '../api';
import { openPortal } from '../client';
import { Elapsed } from '../elapsed';
import { t } from './i18n.svelte';
import { dismiss, dismissAll, say } from './news.svelte';

export const portal = openPortal();

let state = $state.raw<State>(portal.state);
type Locked = PortalEvents['locked']['why'];
let lockedBecause = $state<Locked | null>(null);
/** Whether the account that was open last was in memory only. */
let wasVisit = $state(false);
let hospitalsKnown = $state.raw<Hospital[]>([]);

/** What holds now. */
export function now(): State {
	return state;
}

/** What the account is on the chain; `null` until that is known. */
export function who(): Who | null {
	return state.who;
}

/** Why the account was locked, if it was since the page was loaded. */
export function whyLocked(): Locked | null {
	return lockedBecause;
}

/** Whether the account that was locked last was on a public computer, where nothing of it is left. */
export function leftNothing(): boolean {
	return lockedBecause !== null && wasVisit;
}

portal.on('state', (next) => {
	const unlocked = next.phase === 'unlocked' && state.phase !== 'unlocked';
	if (next.phase === 'unlocked') wasVisit = next.inMemory;
	const before = state.who;
	state = next;
	if (before && next.who && before.account === next.who.account) {
		const { patient, doctor } = next.who;
		if (before.patient?.standing === 'pending' && patient?.standing === 'verified') void sayConfirmed(patient.hospital);
		if (before.doctor?.standing === 'pending' && doctor?.standing === 'verified') void sayConfirmed(doctor.hospital);
	}
	if (unlocked) lockedBecause = null;
});
portal.on('locked', ({ why }) => {
	lockedBecause = why;
	hospitalsKnown = [];
	dismissAll();
});

/** Calls this when the account is locked, or another one is unlocked in its place. */
export function onAccountChange(listener: () => void): void {
	let { opened } = portal.state;
	portal.on('state', (next) => {
		if (next.opened === opened) return;
		({ opened } = next);
		listener();
	});
}

let asking: Promise<Hospital[]> | null = null;

/** All hospitals: asked once, until the account is locked. */
export async function hospitals(): Promise<Hospital[]> {
	if (hospitalsKnown.length > 0) return hospitalsKnown;
	asking ??= portal.network.hospitals().finally(() => {
		asking = null;
	});
	hospitalsKnown = await asking;
	return hospitalsKnown;
}

/** A hospital's name as far as it is known; its number otherwise. */
export function hospitalName(hospital: number | null): string {
	return hospitalsKnown.find((each) => each.hospital === hospital)?.name ?? (hospital === null ? '' : `#${hospital}`);
}

/** Whether a hospital is of the consortium now: it is taken for one of it as long as that is not known. */
export function isActive(hospital: number): boolean {
	return hospitalsKnown.find((each) => each.hospital === hospital)?.active ?? true;
}

/** Tells a person that the desk has just confirmed them. */
async function sayConfirmed(hospital: number): Promise<void> {
	await hospitals().catch(() => undefined);
	say(t('wait.confirmed', { hospital: hospitalName(hospital) }));
}

/** Whether the hospital stands behind a doctor and the doctor's key: only then is there a badge, or a way to share. */
export function isConfirmed(doctor: Doctor): boolean {
	return doctor.practises && doctor.keyConfirmed;
}

// The Worker locks an account after ten minutes without a sign of its person; a minute before, the page says so.
const IDLE = 10 * 60_000;
const WARN_AFTER = 9 * 60_000;
const sinceSign = new Elapsed();
let sinceTold: Elapsed | null = null;
/** The number of the warning that is shown. It stays until there is a sign of the person, who may be reading or looking away. */
let warning: number | null = null;
for (const sign of ['pointerdown', 'pointermove', 'keydown', 'scroll']) {
	addEventListener(
		sign,
		() => {
			sinceSign.restart();
			if (warning !== null) dismiss(warning);
			warning = null;
			if (sinceTold && sinceTold.milliseconds < 20_000) return;
			sinceTold = new Elapsed();
			if (state.phase === 'unlocked') portal.keys.touch();
		},
		{ passive: true, capture: true },
	);
}
setInterval(() => {
	if (state.phase !== 'unlocked' || warning !== null || sinceSign.milliseconds < WARN_AFTER) return;
	warning = say(t('lock.soon'), 2 * (IDLE - WARN_AFTER));
}, 5_000);
