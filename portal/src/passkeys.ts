// The page's part of passkeys: asks the person for one, and gets the results of WebAuthn's `prf` extension.
import { PortalError } from "./api.ts";
import type { NewPasskey, PasskeyAnswer, PasskeyQuestion } from "./messages.ts";
import { advised, cancelled, problemOf, trouble } from "./problem.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const ALGORITHMS = [-8, -7, -257];

const encoded = (bytes: Bytes) =>
	btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decoded = (text: string): Bytes =>
	Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

const unable = () => trouble("passkey-unable");

/** Whether this browser may have passkeys that unlock. */
export async function supported(): Promise<boolean> {
	if (typeof PublicKeyCredential === "undefined") return false;
	const capabilities = await PublicKeyCredential.getClientCapabilities?.().catch(() => undefined);
	return (capabilities as Record<string, boolean> | undefined)?.["extension:prf"] !== false;
}

function bytesOf(result: BufferSource | undefined): Bytes {
	if (result instanceof ArrayBuffer) return new Uint8Array(result);
	if (ArrayBuffer.isView(result)) return new Uint8Array(result.buffer.slice(result.byteOffset, result.byteOffset + result.byteLength) as ArrayBuffer);
	throw unable();
}

function answerOf(credential: PublicKeyCredential): PasskeyAnswer | null {
	const results = credential.getClientExtensionResults().prf?.results;
	if (!results) return null;
	const id = encoded(new Uint8Array(credential.rawId));
	return { id, first: bytesOf(results.first), second: bytesOf(results.second) };
}

/** What the person, or the browser, refused. */
function refused(why: unknown): never {
	const name = why instanceof DOMException ? why.name : "";
	if (name === "NotAllowedError" || name === "AbortError") throw cancelled();
	if (name === "InvalidStateError") throw trouble("passkey-here-already");
	if (name === "NotSupportedError" || name === "SecurityError") throw unable();
	throw why;
}

/** Asks for one of these passkeys. */
export async function ask(questions: PasskeyQuestion[], signal?: AbortSignal): Promise<PasskeyAnswer> {
	if (questions.length === 0) throw trouble("no-passkey-here");
	const evalByCredential = Object.fromEntries(questions.map(({ id, first, second }) => [id, { first, second }]));
	const credential = await navigator.credentials.get({
		publicKey: {
			challenge: random(16),
			allowCredentials: questions.map(({ id }) => ({ type: "public-key", id: decoded(id) })),
			userVerification: "required",
			extensions: { prf: { evalByCredential } },
		},
		...(signal && { signal }),
	}).catch(refused);
	const answer = credential && answerOf(credential as PublicKeyCredential);
	if (!answer) throw unable();
	return answer;
}

/** Asks for any passkey of this site, which this browser need not know; gives its identifier and its user handle. */
export async function choose(signal?: AbortSignal): Promise<{ id: string; handle: Bytes }> {
	const credential = await navigator.credentials.get({
		publicKey: { challenge: random(16), userVerification: "required" },
		...(signal && { signal }),
	}).catch(refused) as PublicKeyCredential | null;
	const handle = (credential?.response as AuthenticatorAssertionResponse | undefined)?.userHandle;
	if (!credential || !handle) throw unable();
	return { id: encoded(new Uint8Array(credential.rawId)), handle: new Uint8Array(handle) };
}

/** The signals to the keeper of passkeys (WebAuthn, level 3), where the browser has them. */
interface Signals {
	signalUnknownCredential?(options: { rpId: string; credentialId: string }): Promise<void>;
}

/** Tells the keeper of passkeys that one opens nothing any more. Whether this browser can say so. */
export async function forget(id: string): Promise<boolean> {
	if (typeof PublicKeyCredential === "undefined") return false;
	const signals = PublicKeyCredential as unknown as Signals;
	if (!signals.signalUnknownCredential) return false;
	return signals.signalUnknownCredential({ rpId: location.hostname, credentialId: id }).then(() => true, () => false);
}

/** The error for a passkey that was made and opens nothing: its keeper is told, and the person. */
export async function orphaned(id: string, why: unknown): Promise<PortalError> {
	const problem = problemOf(why);
	const known = problem.kind === "cancelled" ? problemOf(trouble("passkey-not-set-up")) : problem;
	return new PortalError({ ...known, ...advised((await forget(id)) ? "device-was-told" : "device-keeps") });
}

/** Makes a passkey for an account, and asks it. */
export async function make(name: string, { first, second, handle, known }: NewPasskey, signal?: AbortSignal): Promise<PasskeyAnswer> {
	const credential = await navigator.credentials.create({
		publicKey: {
			rp: { name: "MedBlock" },
			user: { id: handle, name, displayName: name },
			// A device with one of the account's passkeys makes no other.
			excludeCredentials: known.map((id) => ({ type: "public-key", id: decoded(id) })),
			pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
			authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
			challenge: random(16),
			extensions: { prf: { eval: { first, second } } },
		},
		...(signal && { signal }),
	}).catch(refused) as PublicKeyCredential | null;
	if (!credential) throw unable();
	const id = encoded(new Uint8Array(credential.rawId));
	try {
		if (!credential.getClientExtensionResults().prf?.enabled) throw unable();
		// Some devices answer only when they are asked for a passkey that is there.
		return answerOf(credential) ?? await ask([{ id, first, second }], signal);
	} catch (why) {
		throw await orphaned(id, why);
	}
}
