// The page's part of passkeys: asks the person for one, and gets the results of WebAuthn's `prf` extension.
import type { PasskeyAnswer, PasskeyQuestion } from "./messages.ts";
import { cancelled, trouble } from "./problem.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const ALGORITHMS = [-8, -7, -257];

const encoded = (bytes: Bytes) =>
	btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decoded = (text: string): Bytes =>
	Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

const unable = () =>
	trouble("unsupported", "This passkey can't unlock an account.", "Take the passphrase, or a passkey of another device.");

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
	if (name === "InvalidStateError") throw trouble("invalid", "This device has a passkey for this account already.");
	if (name === "NotSupportedError" || name === "SecurityError") throw unable();
	throw why;
}

/** Asks for one of these passkeys. */
export async function ask(questions: PasskeyQuestion[], signal?: AbortSignal): Promise<PasskeyAnswer> {
	if (questions.length === 0) throw trouble("invalid", "No passkey unlocks this account here.", "Unlock it with the passphrase.");
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

/** Makes a passkey for an account, and asks it. */
export async function make(name: string, questions: { first: Bytes; second: Bytes }, signal?: AbortSignal): Promise<PasskeyAnswer> {
	const credential = await navigator.credentials.create({
		publicKey: {
			rp: { name: "MedBlock" },
			user: { id: random(32), name, displayName: name },
			pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
			authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
			challenge: random(16),
			extensions: { prf: { eval: questions } },
		},
		...(signal && { signal }),
	}).catch(refused) as PublicKeyCredential | null;
	if (!credential?.getClientExtensionResults().prf?.enabled) throw unable();
	// Some devices answer only when they are asked for a passkey that is there.
	return answerOf(credential) ?? ask([{ id: encoded(new Uint8Array(credential.rawId)), ...questions }], signal);
}
