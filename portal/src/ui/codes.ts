// What the portal's QR codes say, and how it reads them.

/** What a code was read as. */
export type Code =
	| { kind: 'patient'; account: string; patient: number | null }
	| { kind: 'doctor'; account: string; doctor: number; keyDigest: string }
	| { kind: 'share'; doctor: number; until: string | null }
	| { kind: 'account'; account: string };

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

/** The code that a doctor shows to patients: a link, so that any phone's camera opens it. */
export function shareLink(doctor: number, until: string | null): string {
	return `${location.origin}/#/share/${doctor}${until === null ? '' : `?until=${until}`}`;
}

/** Reads a code; `null` for one that is not the portal's. */
export function readCode(text: string): Code | null {
	const trimmed = text.trim();
	if (ADDRESS.test(trimmed)) return { kind: 'account', account: trimmed };
	const share = /#\/share\/(\d{1,10})(?:\?until=([\w.-]{1,20}))?$/.exec(trimmed);
	if (share?.[1]) return { kind: 'share', doctor: Number(share[1]), until: share[2] ?? null };
	const own = /^medblock:(patient|doctor)\?(.{1,400})$/.exec(trimmed);
	if (!own) return null;
	const values = new URLSearchParams(own[2]);
	const account = values.get('account') ?? '';
	const digits = values.get('number');
	if (!ADDRESS.test(account) || (digits !== null && !/^\d{1,10}$/.test(digits))) return null;
	if (own[1] === 'patient') return { kind: 'patient', account, patient: digits === null ? null : Number(digits) };
	const keyDigest = values.get('key') ?? '';
	if (!DIGEST.test(keyDigest) || digits === null) return null;
	return { kind: 'doctor', account, doctor: Number(digits), keyDigest };
}
