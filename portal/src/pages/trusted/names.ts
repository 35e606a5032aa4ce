// How people and desks are called who act for others, and what they may do.
import type { ActingAs, Delegate, Digest, EmergencyReason, Keeper, Person, Representative, Scopes } from '../../api';
import { numberOf } from '../../numbers';
import { isKey, list, plainNumber, t } from '../../ui/i18n.svelte';
import { hospitalName } from '../../ui/portal.svelte';
import { doctorName } from '../chart/names';

/** What tells one delegate from another. */
export function delegateKey(delegate: Delegate): string {
	if ('patient' in delegate) return `p${delegate.patient}`;
	return 'doctor' in delegate ? `d${delegate.doctor}` : `h${delegate.desk}`;
}

/** A delegate's name, or number. */
export function delegateName(delegate: Delegate, name: string | null = null): string {
	if ('patient' in delegate) return t('desk.patient', { n: plainNumber(delegate.patient) });
	if ('doctor' in delegate) return doctorName(delegate.doctor, name);
	return t('trusted.desk', { hospital: hospitalName(delegate.desk) });
}

export function keeperName({ delegate, name }: Keeper): string {
	return delegateName(delegate, name);
}

/** A person's name, or number. */
export function personName(person: Person, name: string | null = null): string {
	return person.kind === 'patient' ? t('desk.patient', { n: plainNumber(person.patient) }) : doctorName(person.doctor, name);
}

/** What tells one person from another. */
export function personKey(person: Person): string {
	return person.kind === 'patient' ? `p${person.patient}` : `d${person.doctor}`;
}

/** A person from an address of the portal, such as `p12`. */
export function personOf(text: string): Person | null {
	const [, kind, digits] = /^([pd])(\d+)$/.exec(text) ?? [];
	const number = numberOf(digits);
	if (number === null) return null;
	return kind === 'p' ? { kind: 'patient', patient: number } : { kind: 'doctor', doctor: number };
}

/** The capacity of a guardian, in words. */
export function actingName(acting: ActingAs): string {
	return t(acting === 'patient' ? 'nav.asPatient' : acting === 'doctor' ? 'nav.asDoctor' : 'nav.asDesk');
}

/** What a representative may do, in words. */
export function scopesInWords(scopes: Scopes): string {
	return list((['see', 'add', 'grant', 'revoke'] as const).filter((scope) => scopes[scope]).map((scope) => t(`rep.scope.${scope}`)));
}

export function reasonInWords(reason: EmergencyReason): string {
	const key = `emergency.reason.${reason}`;
	return isKey(key) ? t(key) : reason;
}

/** A number that a person typed; `null` if it is none. */
export function numberIn(text: string): number | null {
	return numberOf(text.trim());
}

/** The first half of a digest, in groups that two people can read to each other. */
export function grouped(digest: Digest): string {
	return digest.slice(2, 34).replace(/(.{4})(?=.)/g, '$1 ');
}

/** Whether a representative may act now. */
export function isLive({ state }: Representative): boolean {
	return state !== 'waiting' && state !== 'inactive';
}

/** Whether a representative who may see has not the chart's present key. */
export function lacksKey({ state }: Representative): boolean {
	return state === 'no-key' || state === 'earlier' || state === 'key-changed';
}
