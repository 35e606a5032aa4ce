// What the page and the Worker say to each other.
import type { Options, PortalEvents, Problem, Progress, State, WalletRequest } from "./api.ts";

/** Stands for a method's options among its arguments: signals and functions can't be sent. */
export const OPTIONS = "\u0000options";

/** What the page says. */
export type ToWorker =
	/** The first message: where the portal's files are, and the addresses to connect to if the person set some. */
	| { say: "hello"; base: string; urls: string[] | null }
	/** Call a method, such as `patient.grant`. */
	| { say: "call"; id: number; method: string; words: unknown[] }
	/** Cancel a call. */
	| { say: "cancel"; id: number }
	/** The wallet's signature in hexadecimal, or why there is none. */
	| { say: "answer"; id: number; signature: string | null; problem: Problem | null }
	/** The wallet may be asked again for what was refused. */
	| { say: "again" }
	/** The person is here. */
	| { say: "here" };

/** What the Worker says. */
export type FromWorker =
	| { say: "done"; id: number; value: unknown }
	| { say: "failed"; id: number; problem: Problem }
	| { say: "progress"; id: number; progress: Progress }
	| { say: "state"; state: State }
	/** Ask the wallet. */
	| { say: "ask"; id: number; request: WalletRequest }
	| { [Name in Exclude<keyof PortalEvents, "state" | "locked">]: { say: "event"; name: Name; value: PortalEvents[Name] } }[Exclude<keyof PortalEvents, "state" | "locked">]
	/** It wants to be ended: the person is away, or it has broken. */
	| { say: "end"; why: "idle" | "crashed" };

/** A passkey that an account has, and what to ask it: the inputs of WebAuthn's `prf` extension. */
export interface PasskeyQuestion {
	/** The credential, in base64url. */
	id: string;
	first: Uint8Array<ArrayBuffer>;
	second: Uint8Array<ArrayBuffer>;
}

/** What a new passkey is made of. */
export interface NewPasskey {
	first: Uint8Array<ArrayBuffer>;
	second: Uint8Array<ArrayBuffer>;
	/** Its user handle, which says where its copy lies. */
	handle: Uint8Array<ArrayBuffer>;
	/** The account's passkeys, of which a device is to have one. */
	known: string[];
}

/** A passkey's results. */
export interface PasskeyAnswer {
	id: string;
	first: Uint8Array<ArrayBuffer>;
	second: Uint8Array<ArrayBuffer>;
}

/** What the Worker does for the page's side only: its part of passkeys, which only a page can ask. */
export interface PasskeysApi {
	/** What to ask the account's passkeys. */
	questions(name: string): Promise<PasskeyQuestion[]>;
	/** Unlocks the account with an answer. */
	unlock(name: string, answer: PasskeyAnswer): Promise<unknown>;
	/** What a passkey that is to be added is made of, once the passphrase is known to be right. */
	begin(name: string, passphrase: string): Promise<NewPasskey>;
	/** Adds the passkey that was asked last. */
	add(name: string, passphrase: string, answer: PasskeyAnswer): Promise<unknown>;
	/** Fetches the copy that a passkey with this user handle opens; gives what to ask it. */
	find(id: string, handle: Uint8Array<ArrayBuffer>, options?: Options): Promise<PasskeyQuestion>;
	/** Fetches the copy of another hospital than those before: the passkey does not open theirs. Gives what to ask it. */
	next(options?: Options): Promise<PasskeyQuestion>;
	/** Opens what was fetched last: kept under a passphrase and the copy's name or another, or with `null` in memory only. */
	open(answer: PasskeyAnswer, passphrase: string | null, name: string | undefined, options?: Options): Promise<unknown>;
}
