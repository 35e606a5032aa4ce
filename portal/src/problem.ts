// What went wrong, whatever was thrown. Each problem has a code, by which a page in another language finds its sentence in
// locales/problems.*.json; check-locales.mjs reads the codes of the two tables here, one on each line.
import { PortalError, type Problem, type ProblemKind } from "./api.ts";

/** What the person can do about it. */
const ADVICE = {
	"again-on-copy": "Open with the passkey again.",
	"device-keeps": "Your device keeps a new passkey named MedBlock that opens nothing: delete it in the device's passwords. Then try again.",
	"device-was-told": "Your device was told to delete the new passkey, which opens nothing. Try again.",
	"load-again": "Load the page again.",
	"load-again-and-tell": "Load the page again. Tell your hospital if it stays.",
	"look-before-again": "What was sent before may still take effect: look before you do it again.",
	"other-passkey": "Take the passphrase, or a passkey of another device.",
	"program": "Take them out with the program medblock.",
	"that-passkey": "Use that one, or add one on another device.",
	"unlock": "Unlock it, and try again.",
	"unlock-and-look": "Unlock it, and look whether what you did took effect.",
	"unlock-by-passphrase": "Unlock it with the passphrase.",
	"unlock-yours-and-look": "Unlock your account, and look whether what you did took effect.",
};

type AdviceName = keyof typeof ADVICE;
interface Known {
	kind: ProblemKind;
	sentence: string;
	advice?: AdviceName;
}

/** The portal's own problems; those of the WebAssembly come with theirs. */
const PROBLEMS = {
	"cancelled": { kind: "cancelled", sentence: "It was cancelled.", advice: "look-before-again" },
	"crashed": { kind: "crashed", sentence: "The part of this page that holds your keys broke, and was started again.", advice: "unlock-yours-and-look" },
	"defect": { kind: "unexpected", sentence: "This page has a defect: {why}.", advice: "load-again-and-tell" },
	"hospitals-not-loaded": { kind: "network", sentence: "The list of hospitals could not be loaded.", advice: "load-again" },
	"locked": { kind: "locked", sentence: "The account is locked.", advice: "unlock" },
	"locked-meanwhile": { kind: "locked", sentence: "The account was locked meanwhile.", advice: "unlock-and-look" },
	"no-entry": { kind: "refused", sentence: "This doctor was rejected, and has no entry." },
	"no-passkey-asked": { kind: "unexpected", sentence: "No passkey was asked for." },
	"no-passkey-fetched": { kind: "invalid", sentence: "No passkey was asked for yet." },
	"no-passkey-here": { kind: "invalid", sentence: "No passkey unlocks this account here.", advice: "unlock-by-passphrase" },
	"no-wallet-here": { kind: "wallet", sentence: "This page can't ask a wallet." },
	"other-copy": { kind: "wrong-passphrase", sentence: "The passkey does not open that hospital's copy, and another hospital has one.", advice: "again-on-copy" },
	"part-not-loaded": { kind: "network", sentence: "A part of this page could not be loaded.", advice: "load-again" },
	"passkey-here-already": { kind: "invalid", sentence: "This device has a passkey for this account already.", advice: "that-passkey" },
	"passkey-not-set-up": { kind: "unsupported", sentence: "The passkey was made, but it was not set up." },
	"passkey-unable": { kind: "unsupported", sentence: "This passkey can't unlock an account.", advice: "other-passkey" },
	"unknown-method": { kind: "unexpected", sentence: "The page asked for something unknown: {method}." },
	"wallet-silent": { kind: "wallet", sentence: "The wallet did not sign." },
	"zip-too-large": { kind: "unsupported", sentence: "Your records are too large for one file.", advice: "program" },
} satisfies Record<string, Known>;

/** A sentence with its places filled. */
const filled = (sentence: string, values: Record<string, string>) =>
	sentence.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

/** Advice, as problems have it. */
export const advised = (name: AdviceName) => ({ advice: ADVICE[name], adviceCode: `advice.${name}` });

/** A problem of the portal's own, as an error. */
export function trouble(name: keyof typeof PROBLEMS, values?: Record<string, string>): PortalError {
	const { kind, sentence, advice }: Known = PROBLEMS[name];
	return new PortalError({
		kind,
		sentence: filled(sentence, values ?? {}),
		code: `page.${name}`,
		...(values && { values }),
		...(advice && advised(advice)),
	});
}

/** The error for a method that was cancelled. */
export const cancelled = () => trouble("cancelled");

/** The problem in something that was thrown. */
export function problemOf(thrown: unknown): Problem {
	if (isProblem(thrown)) return plain(thrown);
	return plain(trouble("defect", { why: thrown instanceof Error ? thrown.message : String(thrown) }));
}

/** Only what a problem has: messages between the page and its Worker copy no more of an error. */
function plain({ kind, sentence, code, values, cause, advice, adviceCode }: Problem): Problem {
	return {
		kind,
		sentence,
		...(code !== undefined && { code }),
		...(values && { values }),
		...(cause && { cause }),
		...(advice !== undefined && { advice }),
		...(adviceCode !== undefined && { adviceCode }),
	};
}

function isProblem(thrown: unknown): thrown is Problem {
	return typeof thrown === "object" && thrown !== null && "kind" in thrown && "sentence" in thrown;
}
