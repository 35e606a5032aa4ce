// What the portal's QR codes say, and how it reads them.
import { numberOf } from '../numbers';

/** What a code was read as. */
export type Code =
	| { kind: 'patient'; account: string; patient: number | null }
	| { kind: 'doctor'; account: string; doctor: number; keyDigest: string }
	| { kind: 'share'; doctor: number; until: string | null }
	| { kind: 'account'; account: string }
	/** A person who is to act for others, with the digest of the key that they do it with. */
	| { kind: 'acting'; account: string; patient: number; keyDigest: string }
	/** A new device that is to take a person over, as JSON, or a sheet of a printed kit. The Worker reads them. */
	| { kind: 'offer' | 'sheet'; text: string };

const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;
const DIGEST = /^0x[0-9a-f]{64}$/;

/** The code that a patient shows at the desk. */
export function patientCode(account: string, patient: number | null): string {
	return `medblock:patient?account=${account}${patient === null ? '' : `&number=${patient}`}`;
}

/** The code that a doctor shows at the desk: the key's digest goes from screen to screen, not over a network. */
export function doctorCode(account: string, doctor: number, keyDigest: string): string {
	return `medblock:doctor?account=${account}&number=${doctor}&key=${keyDigest}`;
}

/** The code that a person shows who is chosen as a guardian, or named as a representative. */
export function actingCode(account: string, patient: number, keyDigest: string): string {
	return `medblock:acting?account=${account}&number=${patient}&key=${keyDigest}`;
}

/** What a new device's code begins with. */
const OFFER = 'medblock:offer?';
/** More letters than any offer has. */
const LONGEST_OFFER = 8_000;

/** The code that a new device shows to guardians: its text, with the long numbers in base 64, so that it fits. */
export function offerCode(text: string): string {
	const short = text.replace(/"0x((?:[0-9a-f]{2}){64,})"/g, (_, digits: string) => {
		const bytes = digits.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
		return `"~${btoa(String.fromCharCode(...bytes))}"`;
	});
	return OFFER + short;
}

/** A new device's text: as a program wrote it, or from its code. `null` for anything else. */
function offerOf(code: string): string | null {
	if (code.length > LONGEST_OFFER) return null;
	if (code.startsWith('{') && code.endsWith('}')) return code;
	if (!code.startsWith(OFFER)) return null;
	try {
		return code.slice(OFFER.length).replace(/"~([A-Za-z0-9+/=]+)"/g, (_, packed: string) => {
			const digits = Array.from(atob(packed), (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0'));
			return `"0x${digits.join('')}"`;
		});
	} catch {
		// No base 64.
		return null;
	}
}

/** The code that a doctor shows to patients: a link, so that any phone's camera opens it. */
export function shareLink(doctor: number, until: string | null): string {
	return `${location.origin}/#/share/${doctor}${until === null ? '' : `?until=${until}`}`;
}

/** Reads a code; `null` for one that is not the portal's. */
export function readCode(text: string): Code | null {
	const trimmed = text.trim();
	if (ADDRESS.test(trimmed)) return { kind: 'account', account: trimmed };
	const share = /#\/share\/(\d{1,10})(?:\?until=([\w.-]{1,20}))?$/.exec(trimmed);
	if (share) {
		const doctor = numberOf(share[1]);
		return doctor === null ? null : { kind: 'share', doctor, until: share[2] ?? null };
	}
	if (/^medblock-sheet-1[0-9a-z]{10,120}$/i.test(trimmed)) return { kind: 'sheet', text: trimmed };
	const offer = offerOf(trimmed);
	if (offer !== null) return { kind: 'offer', text: offer };
	const own = /^medblock:(patient|doctor|acting)\?(.{1,400})$/.exec(trimmed);
	if (!own) return null;
	const values = new URLSearchParams(own[2]);
	const account = values.get('account') ?? '';
	const number = numberOf(values.get('number'));
	if (!ADDRESS.test(account) || (values.has('number') && number === null)) return null;
	if (own[1] === 'patient') return { kind: 'patient', account, patient: number };
	const keyDigest = values.get('key') ?? '';
	if (!DIGEST.test(keyDigest) || number === null) return null;
	if (own[1] === 'acting') return { kind: 'acting', account, patient: number, keyDigest };
	return { kind: 'doctor', account, doctor: number, keyDigest };
}
