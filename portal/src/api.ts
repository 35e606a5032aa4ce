// The contract between the pages and the Worker.
//
// Pages call `Portal` and get values that can be copied: they never see words after they were made, keys, or tokens.
// Every promise rejects with a `PortalError`. Every method that takes `Options` can be cancelled, and methods that
// take time report how far they are.
//
// Everything that the chain knows has the shape that `medblock --json` and the nodes give it: names in camelCase,
// times in RFC 3339 and UTC, enums in kebab case, `null` for what is not there.
import type { Alerts, EmergencyApi, RecoveryApi, RepresentativesApi, Sheet } from "./api-acting.ts";

// --- values ------------------------------------------------------------------------------------------------------

/** A time: RFC 3339, in UTC. */
export type Time = string;
/** An account in SS58. */
export type Address = string;
/** A digest: `0x` and 64 lower-case hex digits. */
export type Digest = string;

/** A block. */
export interface BlockRef {
	/** Its number. */
	number: number;
	/** Its hash. */
	hash: string;
}

/** A transaction in a final block. */
export interface Receipt {
	/** Pallet and call, such as `MedicalRecords.add_records`. */
	call: string;
	/** The final block. */
	block: BlockRef;
}

// --- problems ----------------------------------------------------------------------------------------------------

/** The kind of a problem, for which a page may have a way out. */
export type ProblemKind =
	/** The person, or the page, has cancelled it. What was sent before may still take effect. */
	| "cancelled"
	/** The account is locked: unlock it, and try again. */
	| "locked"
	/** The Worker had to be started again, so the account is locked. */
	| "crashed"
	/** A value can't be right: the sentence says which one. */
	| "invalid"
	/** The account has no such capacity yet: no patient, doctor or registrar. */
	| "not-registered"
	/** The chain, or a vault's limits, do not allow it. */
	| "refused"
	/** The account has no access. */
	| "denied"
	/** A doctor has to wait for the patient, who has a key to renew. */
	| "awaiting-patient"
	/** The passphrase or the passkey does not open the account. */
	| "wrong-passphrase"
	/** A key does not fit, or data is damaged. */
	| "wrong-key"
	/** A node or a vault can't be reached, or can't answer now: trying again may help. */
	| "network"
	/** This browser's storage is full, missing or damaged. */
	| "storage"
	/** Two hospitals disagree, or a key is not the known one. Nothing was sent. */
	| "keys-disagree"
	/** The browser can't do it: no passkeys, no storage for files. */
	| "unsupported"
	/** The wallet with the account's key did not sign: the sentence is in the page's language. Nothing was sent. */
	| "wallet"
	/** A defect of this program. */
	| "unexpected";

/** A sentence of the Worker's, and what a page in another language needs to say the same. */
export interface Said {
	/** In English: begins with a capital, and ends with a full stop. */
	sentence: string;
	/** Names the sentence, such as `node.away`. None if there is no other than this one. */
	code?: string;
	/** What stands in the sentence, by the names of its places. */
	values?: Record<string, string>;
	/** The sentence behind it, which stands in the place `cause`. */
	cause?: Said;
}

/** What went wrong, in words. */
export interface Problem extends Said {
	kind: ProblemKind;
	/** What the person can do about it, in the same form. */
	advice?: string;
	/** Names the advice, such as `advice.load-again`. */
	adviceCode?: string;
}

/** The error with which every promise of the portal rejects. */
export class PortalError extends Error implements Problem {
	readonly kind: ProblemKind;
	readonly sentence: string;
	readonly code?: string;
	readonly values?: Record<string, string>;
	override readonly cause?: Said;
	readonly advice?: string;
	readonly adviceCode?: string;

	constructor(problem: Problem) {
		super(problem.sentence);
		this.name = "PortalError";
		this.kind = problem.kind;
		this.sentence = problem.sentence;
		if (problem.code !== undefined) this.code = problem.code;
		if (problem.values) this.values = problem.values;
		if (problem.cause) this.cause = problem.cause;
		if (problem.advice !== undefined) this.advice = problem.advice;
		if (problem.adviceCode !== undefined) this.adviceCode = problem.adviceCode;
	}
}

// --- how a method runs -------------------------------------------------------------------------------------------

/** How far something is. `total` is 0 as long as it is unknown. */
export interface Progress {
	/** What is counted: bytes of files, or records. */
	unit: "bytes" | "records";
	done: number;
	total: number;
}

/** Options of a method that takes time. */
export interface Options {
	/** Cancels it: the promise rejects with the kind `cancelled`. */
	signal?: AbortSignal;
	/** Called whenever there is progress. */
	progress?: (progress: Progress) => void;
}

// --- keys --------------------------------------------------------------------------------------------------------

/** An account that this browser keeps, as far as it is public. */
export interface Account {
	/** The name that its person chose: 1 to 32 letters (a-z), digits, - and _. */
	name: string;
	/** `null` if it has to be unlocked once before it is known; the same holds for the rest. */
	address: Address | null;
	/** The origin of the signing key. */
	kind: "own" | "polkadot-js" | "wallet" | "development" | null;
	/** The SHA-256 of the first encryption key, which a doctor shows at the desk. */
	encryptionKeyDigest: Digest | null;
	/** When it was made or imported. */
	created: Time | null;
	/** Passkeys that unlock it, beside the passphrase. */
	passkeys: Passkey[];
}

/** A passkey that unlocks an account on this device. */
export interface Passkey {
	/** The credential's id, in base64url. */
	id: string;
	/** When it was added. */
	added: Time;
	/**
	 * Whether it brings the account to a browser that has nothing else: a hospital's vault has the copy that it opens
	 * (`stored`), the copy is yet to be sent (`waiting`), or it was made without one. `unknown` if what this browser noted
	 * about the copy is damaged: only `removeCopies` removes it then.
	 */
	copy: "stored" | "waiting" | "none" | "unknown";
}

/** Accounts, and what unlocks them. An account always opens with its passphrase and with its words. */
export interface KeysApi {
	/** 24 new words. Nothing is stored. */
	newWords(): Promise<string[]>;
	/** The reason why these are no words; `null` if they are. Spaces and capitals don't matter. */
	checkWords(words: string): Promise<Problem | null>;
	/** The accounts that this browser keeps. */
	accounts(): Promise<Account[]>;
	/**
	 * Keeps an account with these words in this browser, new or restored, and unlocks it. `development` is for
	 * demonstrations: a path such as `Alice//stash` whose key everybody knows, for signing in place of the words'.
	 * `wallet` is the address of an account whose key stays in a wallet, which signs; the words open what is encrypted.
	 */
	create(account: { name: string; words: string; passphrase: string; development?: string; wallet?: Address }, options?: Options): Promise<Account>;
	/** Accounts' addresses in the form that this chain uses; `null` for what is none. */
	addresses(texts: string[]): Promise<(Address | null)[]>;
	/** Unlocks an account, in place of the one that is unlocked. */
	unlock(name: string, passphrase: string, options?: Options): Promise<Account>;
	/** Unlocks an account with one of its passkeys. Asks the person for it: call it from a click. */
	unlockByPasskey(name: string, options?: Options): Promise<Account>;
	/**
	 * Unlocks an account in memory only: a public computer. The name is only shown. Nothing is written to this
	 * browser's storage, also no files in flight, so closing the tab ends an upload.
	 */
	unlockInMemory(account: { name: string; words: string }, options?: Options): Promise<Account>;
	/** The same with a keystore file. */
	unlockFileInMemory(file: Blob, passphrase: string, options?: Options): Promise<Account>;
	/** Ends the Worker, and with it everything it knew. */
	lock(): Promise<void>;
	/** Tells the Worker that the person is here: it locks after ten minutes without. Pages ask by themselves, so calls do not count. */
	touch(): void;
	/** The words of an account, for a new sheet. */
	words(name: string, passphrase: string): Promise<string[]>;
	/** A new kit of three printed sheets, of which two give the words back. Sheets of different kits don't fit each other. */
	sheets(name: string, passphrase: string): Promise<Sheet[]>;
	/** The sheet that a code or words say. Fails if they are none. */
	readSheet(text: string): Promise<Pick<Sheet, "number" | "kit">>;
	/** Keeps the account of two sheets in this browser, as `create` does with the words, and unlocks it. */
	createBySheets(account: { name: string; sheets: [string, string]; passphrase: string }, options?: Options): Promise<Account>;
	/** Seals an account with another passphrase. */
	changePassphrase(name: string, old: string, next: string, options?: Options): Promise<void>;
	/** Whether this browser has passkeys that can unlock. It may still turn out that a person's passkey can't. */
	passkeysSupported(): Promise<boolean>;
	/** Makes a passkey that unlocks the account as well. Asks the person twice: call it from a click. */
	addPasskey(name: string, passphrase: string, options?: Options): Promise<Passkey>;
	/** Forgets a passkey, and removes its copy from the vault. The browser or the phone may still list it. */
	removePasskey(name: string, id: string): Promise<void>;
	/**
	 * Asks the person for a passkey, which this browser need not know, and fetches the copy that it opens from a
	 * hospital: call it from a click.
	 */
	findByPasskey(options?: Options): Promise<void>;
	/**
	 * Opens what `findByPasskey` has fetched. Asks the person for the passkey again: call it from a click. The account is
	 * kept in this browser under the passphrase, or with `null` in memory only. It keeps the name that it has on the device
	 * which made the passkey. Fails with the kind `invalid` if that is taken here: then `name` is another one.
	 */
	openByPasskey(passphrase: string | null, name?: string, options?: Options): Promise<Account>;
	/**
	 * Removes all copies of the unlocked account's from all hospitals' vaults, those of passkeys included that this browser
	 * does not know: for a person who has lost a device. Also for an account in memory. Passkeys go on unlocking where the
	 * account is kept. Fails if any hospital could not remove its copies, after all have been asked, and names each.
	 */
	removeCopies(): Promise<void>;
	/** The account's keystore file, as the `medblock` program uses it: `accounts/NAME.age` in its folder. */
	exportFile(name: string): Promise<Blob>;
	/** Keeps the account of a keystore file of `medblock` or of another browser, under its own name; unlocks it. */
	importFile(file: Blob, passphrase: string, options?: Options): Promise<Account>;
	/**
	 * Deletes an account and all that was stored for it from this browser; with the last one, the person's own addresses.
	 * Only the words, the file, or a passkey with a copy bring it back.
	 */
	remove(name: string): Promise<void>;
}

// --- wallet ------------------------------------------------------------------------------------------------------

/** A transaction as wallets take it: `SignerPayloadJSON` of `@polkadot/types`. Numbers and bytes are `0x` and hex digits. */
export interface WalletPayload {
	address: Address;
	blockHash: string;
	blockNumber: string;
	era: string;
	genesisHash: string;
	metadataHash: string | null;
	/** The call, encoded. */
	method: string;
	mode: number;
	nonce: string;
	signedExtensions: string[];
	specVersion: string;
	tip: string;
	transactionVersion: string;
	version: number;
	withSignedTransaction: boolean;
}

/** What a wallet is to sign. */
export type WalletRequest =
	/** A text in `<Bytes>`: a sign-in at a gateway. */
	| { kind: "text"; address: Address; text: string }
	/**
	 * A transaction, with its call's name, such as `MedicalRecords.grant_access`. `isAgain` if the wallet has just been asked for
	 * the same, and the chain was upgraded since.
	 */
	| { kind: "transaction"; call: string; payload: WalletPayload; isAgain: boolean };

/**
 * Accounts whose key is in a wallet. The Worker makes what is to be signed, and the page asks the wallet, which only a
 * page can. The Worker takes a signature only if it is the account's and of the very bytes that it made.
 */
export interface WalletApi {
	/** Sets what asks the wallet: gives its signature in hexadecimal, or rejects with a `PortalError`. */
	onAsk(listener: (request: WalletRequest) => Promise<string>): void;
	/** Lets a person who refused to sign in be asked again. */
	again(): void;
	/** The chain, as wallets know chains. */
	chain(): Promise<{ genesis: string; specVersion: number }>;
	/** The chain's metadata of version 14, with which a wallet shows in words what it signs. */
	metadata(): Promise<Uint8Array>;
}

// --- notebook ----------------------------------------------------------------------------------------------------

/**
 * A text of the page's own, kept for the unlocked account: encrypted, on this device only, and gone with the account. It
 * needs a connection. An account in memory has one until it is locked.
 */
export interface NotebookApi {
	/** What was written last; `null` if there is nothing, or nothing that can be read. */
	read(): Promise<string | null>;
	/** Writes a text of at most 256 KiB in place of the one before. */
	write(text: string): Promise<void>;
}

// --- network -----------------------------------------------------------------------------------------------------

/** The bundle's `consortium.json`. */
export interface Consortium {
	/** The hash of the chain's first block, `0x` and 64 hex digits. */
	genesis: string;
	/** Hospitals whose nodes the portal asks: two at least, the first two that answer are used. */
	hospitals: {
		/** Its number. */
		hospital: number;
		/** Its name, for sentences about the connection. */
		name: string;
		/** The address of its node or of its gateway's door: `wss://HOST/v1/rpc`, or `ws://` on this machine. */
		url: string;
	}[];
}

/** The connection to two hospitals. */
export interface Connection {
	/** `one` means that only one hospital answers: reading works, and whatever compares keys does not. */
	state: "offline" | "connecting" | "connected" | "one";
	/** The last final block, and when the Worker saw it. */
	final: { number: number; seenAt: Time } | null;
	/** The addresses in use. */
	urls: string[];
	/** Why it is not `connected`. */
	problem: Problem | null;
}

/** A hospital. */
export interface Hospital {
	hospital: number;
	name: string;
	/** The URL of its gateway. */
	gateway: string;
	controller: Address;
	/** The people that it accepts. */
	registration: "open" | "sponsored-only" | "closed";
	/** The number of people who verify others; without any, it verifies no one. */
	registrars: number;
	/** Whether it belongs to the consortium. */
	active: boolean;
}

/** Questions about the network. They need an unlocked account. */
export interface NetworkApi {
	/** The consortium that this portal is for. Works without an account. */
	consortium(): Promise<Consortium>;
	/** The addresses to connect to, in place of the consortium's; `null` for those. Kept in this browser, unless it is a public computer. */
	setUrls(urls: string[] | null): Promise<void>;
	/** Connects again now. The Worker does so by itself when it can. */
	reconnect(options?: Options): Promise<Connection>;
	/** All hospitals, in order. */
	hospitals(): Promise<Hospital[]>;
}

// --- people ------------------------------------------------------------------------------------------------------

/** A hospital's word on a person. */
export type Standing = "pending" | "verified" | "suspended" | "rejected";

/** A reason why a doctor may not do something. */
export interface Denial {
	/** In kebab case, such as `not-granted`. */
	reason: string;
	/** Begins with a capital, and ends with a full stop. */
	sentence: string;
}

/** A patient, as the chain knows them: no name, no birth date. */
export interface Patient {
	patient: number;
	account: Address;
	hospital: number;
	standing: Standing;
	registeredAt: Time;
	/** When the registration lapses, while it is pending. */
	lapsesAt: Time | null;
	/** The hospital that they asked to move to. */
	movingTo: number | null;
	/** The hospital whose vault keeps new records. */
	vault: number;
	/** The hospital whose vault keeps a second copy. */
	mirror: number | null;
	/** Whether there is a profile. */
	hasProfile: boolean;
	/** The number of records, withdrawn ones included. */
	records: number;
	/** The number of doctors with a grant, expired ones included. */
	grants: number;
	/** Whether a doctor has lost access, so that the chart needs a new key: `patient.rotate()`. */
	dueForRotation: boolean;
}

/** A patient's personal data, which only the chart's doctors and the hospital can read. */
export interface Profile {
	name: string;
	/** `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` if no more is known. */
	birthDate: string | null;
	contact: string | null;
}

/** A doctor's own entry in the directory. Each text has at most 64 characters. */
export interface Practice {
	name: string;
	specialty: string;
	qualification: string;
	/** The year in which they began to practise. */
	practisingSince: number;
}

/** A doctor, as the directory shows them. */
export interface Doctor {
	doctor: number;
	account: Address;
	hospital: number;
	standing: Standing;
	registeredAt: Time;
	lapsesAt: Time | null;
	movingTo: number | null;
	/** Whether patients can grant something now; with `keyConfirmed`, the badge "confirmed by the hospital". */
	practises: boolean;
	/** The reason why they can't. */
	problem: Denial | null;
	licenceExpires: Time | null;
	/** `null` if the doctor was rejected. */
	entry: Practice | null;
	/** What the hospital adds: department, room, hours. */
	details: string;
	keyVersion: number;
	/** Whether the hospital has confirmed the present encryption key. Nothing is sealed to a key that it has not. */
	keyConfirmed: boolean;
}

/** An account that is about to take over from a person's present one. */
export interface PendingAccount {
	new: Address;
	/** When it takes over, unless that is stopped before. */
	due: Time;
}

/** What the unlocked account is on the chain. */
export interface Who {
	account: Address;
	patient: Patient | null;
	doctor: Doctor | null;
	/** The hospital for which it verifies people. */
	registrarOf: number | null;
	/** The hospital that it controls. */
	controllerOf: number | null;
	/** The hospitals that sponsor it, before it has registered. */
	sponsoredBy: number[];
}

// --- records -----------------------------------------------------------------------------------------------------

/** What a record says about its content. All of it is encrypted with the content. */
export interface Headers {
	/** One line of text, 1 to 256 bytes of UTF-8. */
	title: string;
	/** `type/subtype`, as the author says; never to be believed when showing it. */
	mediaType: string;
	fileName: string | null;
	/** When the content was written. */
	writtenAt: Time | null;
}

/** The author of a record. */
export type Author =
	| { kind: "patient" }
	| { kind: "doctor"; doctor: number; name: string | null }
	| { kind: "institution"; institution: number; name: string | null }
	/** A person who acts for the patient, by the number of their own chart. */
	| { kind: "representative"; representative: number };

/** An entry of a chart. */
export interface RecordEntry {
	/** Its place in the chart. */
	record: number;
	author: Author;
	/** When it was added, to the minute. */
	recordedAt: Time;
	/** The record to which this one is a note. */
	inReplyTo: number | null;
	/**
	 * `awaiting-patient`: it was not encrypted to the doctor, who can read it when the patient has renewed the key.
	 * `fetching`: its title is not kept on this device; only if `kept` was asked for.
	 */
	state: "readable" | "fetching" | "withdrawn" | "awaiting-patient" | "unreadable";
	/** `null` unless it is readable. */
	headers: Headers | null;
	/** Why it is `unreadable`. */
	problem: Problem | null;
	/** The length of the ciphertext in bytes; 0 once withdrawn. */
	size: number;
	/** The hospital that keeps it. */
	vault: number | null;
	/**
	 * Whether it was sealed to an older key than the chain says, so that a doctor who has lost access may be able
	 * to open it.
	 */
	sealedToOlderKey: boolean;
}

/** A part of a chart. */
export interface RecordPage {
	items: RecordEntry[];
	/** `after` for the next page; `null` at the end. */
	next: number | null;
	/** The block at which it was read. */
	at: BlockRef;
}

/** Which part of a chart. */
export interface RecordQuery {
	/** Only records after this one. */
	after?: number;
	/** At most so many; everything if it is left out. */
	limit?: number;
	/** Only titles that this device has kept: they are there at once, and no vault is asked. */
	kept?: boolean;
}

/** A record to be added. */
export interface NewRecord {
	/** The content: the very file that the person picked, so that an interrupted upload resumes; or text of a note. */
	content: File | Blob | string;
	title: string;
	/** `content.type` if left out, or `text/plain;charset=utf-8` for text. */
	mediaType?: string;
	/** `content.name` if left out. */
	fileName?: string;
	/** The file's own date if left out; now, for text. */
	writtenAt?: Time;
	/** The record to which this is a note. */
	inReplyTo?: number;
}

/** Records that were added. */
export interface Added {
	receipt: Receipt;
	/** Their places in the chart. */
	records: number[];
	/** The number of files of which a copy stays in this browser, since the vault has not confirmed them all. */
	waiting: number;
	/**
	 * The doctors who may see the whole chart and can't open these records, though the chart got a new key first if
	 * it needed one: their hospital has yet to confirm their key. Empty for what doctors and institutions add.
	 */
	cannotOpen: number[];
}

/** A record that was fetched, verified and decrypted. */
export interface OpenedRecord {
	headers: Headers;
	/** Of the type `application/octet-stream`: look at its first bytes to decide how to show it. */
	content: Blob;
	sealedToOlderKey: boolean;
}

/** Uploads of an earlier visit. */
export interface Settled {
	/** The number of files that the vault has now. */
	sent: number;
	/** The number of files that are still pending. */
	waiting: number;
	problem: Problem | null;
}

// --- patient -----------------------------------------------------------------------------------------------------

/** The terms of a grant. */
export interface Terms {
	/** Whether the doctor may add notes and records. */
	mayAppend: boolean;
	/** Until when; `null` until the patient takes it back. */
	until: Time | null;
}

/** What a doctor may do, by a patient's grant. */
export interface Grant {
	patient: number;
	doctor: number;
	doctorName: string | null;
	scope: "chart" | "records";
	/** For single records: which. `null` in a doctor's inbox. */
	records: number[] | null;
	mayAppend: boolean;
	expiresAt: Time | null;
	grantedAt: Time;
	/** How many records and notes the doctor may still add, until the patient renews it. */
	appendsLeft: number;
	/** Whether the doctor has access now. */
	active: boolean;
	/** Why not. */
	denial: Denial | null;
	/**
	 * Whether the doctor can read what is added now: `awaiting-patient` needs `patient.repair()`, also if the chart needs
	 * a new key and the doctor is not among the 61 that files are encrypted to meanwhile; with `own-key` the chart needs
	 * a new key, and until then files are encrypted to the doctor's own; with `earlier-key` the doctor has
	 * a new key, to which `patient.repair()` seals what the earlier one opens.
	 */
	key: "current" | "awaiting-patient" | "shared" | "own-key" | "earlier-key" | null;
}

/** A laboratory, or another institution of a hospital that adds records and reads none. */
export interface Institution {
	institution: number;
	hospital: number;
	kind: "laboratory" | "imaging" | "records-department";
	name: string;
	/** A closed one never opens again. */
	open: boolean;
}

/** A permission to an institution to add records to the chart, of which it can read nothing. */
export interface Deposit {
	institution: Institution;
	expiresAt: Time | null;
	/** When the patient last gave it. */
	allowedAt: Time;
	/** The number of records that it may still add, until the patient allows it again. */
	appendsLeft: number;
	/** Whether it holds now. */
	active: boolean;
}

/** What became of a revocation. */
export interface Revoked {
	receipt: Receipt;
	/** Doctors who had no access anyway. */
	hadNoAccess: number[];
	/** Whether the chart has a new key, so that what is added from now on stays closed to these doctors. */
	rotated: boolean;
	/** Why it has none yet. Until `patient.repair()` succeeds, new records are encrypted to the remaining doctors' own keys, 61 at most. */
	problem: Problem | null;
	/** Whether two hospitals' nodes say that it is final. Until then, it is one node's word. */
	confirmed: boolean;
}

/** What became of the end of sharing single records. */
export interface Unshared {
	receipt: Receipt;
	/** Whether two hospitals' nodes say that they are not shared any more. Until then, it is one node's word. */
	confirmed: boolean;
}

/** The outcome of a repair: what succeeded stands, whatever failed beside it. */
export interface Repaired {
	/** The chart's new key, if it needed one. */
	rotation: Receipt | null;
	/** Doctors who have the present key now. */
	renewed: number[];
	/** Doctors who don't, each with the reason. */
	problems: { doctor: number; problem: Problem }[];
}

/** A grant that was made. */
export interface Granted {
	receipt: Receipt;
	/** The new key that the chart needed first, or after. */
	rotation: Receipt | null;
	/** For single records: all that the doctor may see now. */
	records: number[] | null;
	/** Why the chart has no new key, though it needs one: `patient.repair()`. */
	problem: Problem | null;
}

/** A look at the patient's data: bytes that a vault gave to a reader. */
export interface Look {
	/** The hospital whose vault gave it. */
	vault: number;
	/** The vault's number for it. */
	number: number;
	time: Time;
	reader:
		| { kind: "you" }
		| { kind: "doctor"; doctor: number; name: string | null }
		| { kind: "representative"; representative: number }
		| { kind: "registrar"; hospital: number };
	/** Whether it was in an emergency. */
	emergency: boolean;
	account: Address;
	/** The record; `null` for the profile. */
	record: number | null;
	/** The first byte, and the one after the last. A title takes only the beginning. */
	from: number;
	to: number;
	/** The block by which the vault decided. */
	block: BlockRef;
}

/** Looks, as far as vaults answer. */
export interface Looks {
	/** The newest first. */
	looks: Look[];
	/** The hospitals whose vaults gave no list now, and why. */
	missing: { hospital: number; problem: Problem }[];
	/** The most bytes that a list of titles takes of a file: it has all of a shorter one. */
	beginning: number;
}

/** What a patient does. */
export interface PatientApi {
	/** Registers with a hospital, and writes the profile. */
	register(registration: { hospital: number; profile: Profile }, options?: Options): Promise<{ receipt: Receipt; patient: number; profile: Receipt | null; problem: Problem | null }>;
	/** The own profile; `null` if none was written. */
	profile(options?: Options): Promise<Profile | null>;
	/** Replaces the profile. */
	setProfile(profile: Profile, options?: Options): Promise<Receipt>;
	/** Removes the profile: vaults stop giving it out, and delete it. */
	removeProfile(): Promise<Receipt>;
	/** The directory, without rejected doctors. `search` finds in names, specialties, qualifications and details. */
	doctors(query?: { search?: string; hospital?: number; onlyPractising?: boolean }, options?: Options): Promise<Doctor[]>;
	/** One doctor, as two hospitals' nodes have the entry. */
	doctor(doctor: number): Promise<Doctor>;
	/** The own chart. */
	records(query?: RecordQuery, options?: Options): Promise<RecordPage>;
	/** Encrypts, uploads and adds, up to 128 at once. Afterwards they are final, or nothing was added. */
	add(records: NewRecord[], options?: Options): Promise<Added>;
	/** Fetches, verifies and decrypts a record. */
	open(record: number, options?: Options): Promise<OpenedRecord>;
	/** Withdraws a record: vaults stop giving it out. */
	withdraw(record: number): Promise<Receipt>;
	/** All grants. */
	access(): Promise<Grant[]>;
	/** Lets a doctor see the whole chart, and what is added later; changes the terms of one who does. */
	grant(doctor: number, terms: Terms, options?: Options): Promise<Granted>;
	/** Lets a doctor see single records, beside those that were shared before; a grant of the whole chart ends. */
	share(doctor: number, records: number[], terms: Terms, options?: Options): Promise<Granted>;
	/** Stops sharing single records; without any left, and without the right to add, the doctor's access ends. */
	unshare(doctor: number, records: number[], options?: Options): Promise<Unshared>;
	/** Lets a doctor add as many records again. */
	renewAppends(doctor: number, options?: Options): Promise<Receipt>;
	/** Changes until when, keeping the rest of the grant. */
	extend(doctor: number, until: Time | null, options?: Options): Promise<Granted>;
	/** The open institutions of all hospitals. */
	institutions(): Promise<Institution[]>;
	/** The institutions that may add to the own chart, expired ones included. */
	deposits(): Promise<Deposit[]>;
	/** Lets an institution add records. It reads nothing. */
	allowDeposit(institution: number, until: Time | null, options?: Options): Promise<Receipt>;
	/** No longer lets institutions add records. What they have added stays. */
	endDeposits(institutions: number[], options?: Options): Promise<Receipt>;
	/** Takes access back. */
	revoke(doctors: number[], options?: Options): Promise<Revoked>;
	/** Takes all access back; `null` if no doctor had any. */
	revokeAll(options?: Options): Promise<Revoked | null>;
	/** Gives the chart a new key if it needs one, and doctors who wait for a key theirs. `null` if nothing was to do. */
	repair(options?: Options): Promise<Repaired | null>;
	/** Gives the chart a new key. */
	rotate(options?: Options): Promise<Receipt>;
	/** All looks, over all vaults that answer. */
	looks(options?: Options): Promise<Looks>;
	/** Looks as a FHIR R4 bundle of audit events, in JSON: the named ones, or all. */
	looksAsFhir(named: Pick<Look, "vault" | "number">[] | null, options?: Options): Promise<string>;
	/** Sends what earlier visits could not. */
	settle(options?: Options): Promise<Settled>;
	/** Everything as a zip: each record's file, and `index.json` with the rest. */
	export(options?: Options): Promise<Blob>;
	/** Asks another hospital to take over; with `null`, withdraws that. */
	requestMove(hospital: number | null): Promise<Receipt>;
	/** Lets another hospital keep a second copy of everything; with `null`, no longer. */
	setMirror(hospital: number | null): Promise<Receipt>;
	/** Moves what one hospital keeps to another. */
	moveVault(from: number, to: number): Promise<Receipt>;
	/** The account that is about to take over, if there is one. */
	accountChange(): Promise<PendingAccount | null>;
	/** Stops that: the present account stays in control. */
	keepAccount(): Promise<Receipt>;
	/**
	 * Asks that the account of other words take over. That takes effect after a delay, in which the present account can
	 * stop it. The words are stored nowhere: the account has to be restored by them then.
	 */
	changeWords(words: string, options?: Options): Promise<Receipt>;
	/** Whether the chart's keys come from the account's own words. After new words took over they don't, until `finishWords`. */
	hasOwnKeys(): Promise<boolean>;
	/**
	 * Gives the chart keys of the account's own words. It takes the former ones once more, or an account of this browser
	 * that has them. `null` if nothing was to do.
	 */
	finishWords(former: { words: string } | { name: string; passphrase: string }, options?: Options): Promise<Receipt | null>;
}

// --- doctor ------------------------------------------------------------------------------------------------------

/** What a doctor shows at the desk. */
export interface DeskCard {
	doctor: number;
	account: Address;
	/** The digest of the present encryption key, made from the doctor's own words. */
	keyDigest: Digest;
}

/** A chart in the inbox. */
export interface InboxEntry extends Grant {
	/** The patient's name, if the whole chart is open; `null` if there is no profile, or it can't be read now. */
	patientName: string | null;
	birthDate: string | null;
	/** The number of the chart's records, withdrawn and not shared ones included; `null` if it was not asked for, or is not open. */
	length: number | null;
}

/** What a doctor does. */
export interface DoctorApi {
	/** Registers with a hospital. */
	register(registration: { hospital: number; entry: Practice }, options?: Options): Promise<{ receipt: Receipt; card: DeskCard }>;
	/** The own number, account and key digest, to be confirmed at the desk. */
	card(): Promise<DeskCard>;
	/** Changes the own entry; once the doctor is verified, proposes the change to the hospital. */
	setEntry(entry: Practice): Promise<Receipt>;
	/** The change of the own entry that the hospital has not confirmed yet. */
	proposal(): Promise<Practice | null>;
	/** Withdraws that change. */
	discardProposal(): Promise<Receipt>;
	/** The charts that patients opened. With `names`, profiles are fetched and opened, each a look that the patient sees; and charts' lengths. */
	inbox(query?: { names?: boolean }, options?: Options): Promise<InboxEntry[]>;
	/** The profile of a patient whose whole chart is open. */
	profile(patient: number, options?: Options): Promise<Profile>;
	/** A patient's chart, as far as it is open. */
	records(patient: number, query?: RecordQuery, options?: Options): Promise<RecordPage>;
	/** What came into a chart after its first `length` records. No vault is asked, so titles are there only if this device has kept them. */
	added(patient: number, length: number, options?: Options): Promise<RecordEntry[]>;
	/** Opens a record. */
	open(patient: number, record: number, options?: Options): Promise<OpenedRecord>;
	/** Adds notes and records, if the grant includes that. */
	append(patient: number, records: NewRecord[], options?: Options): Promise<Added>;
	/** All that is open of a chart as a zip: each record's file, and `index.json`. Each is a look that the patient sees. */
	export(patient: number, options?: Options): Promise<Blob>;
	/** Gives up access. */
	relinquish(patient: number): Promise<Receipt>;
	/** Publishes the next encryption key, which the hospital then has to confirm. */
	newKey(options?: Options): Promise<{ receipt: Receipt; card: DeskCard }>;
	/** Sends what earlier visits could not, to this patient's chart. */
	settle(patient: number, options?: Options): Promise<Settled>;
	/** Asks another hospital to take over; with `null`, withdraws that. */
	requestMove(hospital: number | null): Promise<Receipt>;
	/** The account that is about to take over, if there is one. */
	accountChange(): Promise<PendingAccount | null>;
	/** Stops that: the present account stays in control. */
	keepAccount(): Promise<Receipt>;
}

// --- desk --------------------------------------------------------------------------------------------------------

/** A patient at the desk. */
export interface DeskPatient extends Patient {
	/** `null` if there is none, or if it can't be read; in a queue, also for those behind the first 50 who ask to move. */
	profile: Profile | null;
	/** Why the profile can't be read. */
	problem: Problem | null;
	/** `move` means that another hospital has verified them, and they ask to move here. */
	wants: "verification" | "move" | null;
}

/** A doctor at the desk. */
export interface DeskDoctor extends Doctor {
	/**
	 * The digest of the encryption key that the doctor has published, the same on two nodes; `null` in a queue for those of
	 * other hospitals.
	 */
	keyDigest: Digest | null;
	/** The digest of `entry`, by which it is confirmed. */
	profileDigest: Digest | null;
	/** The change that the doctor proposes to the entry, and its digest. */
	proposal: { entry: Practice; digest: Digest } | null;
	wants: "verification" | "move" | "key-confirmation" | "entry-confirmation" | null;
}

/** Those who wait, oldest first. */
export interface Queue {
	patients: DeskPatient[];
	/** Those who want to be confirmed or to move, and those who propose another entry. */
	doctors: DeskDoctor[];
	/** Changes of accounts that the hospital can stop. */
	accountChanges: (PendingAccount & { person: { patient: number } | { doctor: number } })[];
}

/** Which of the hospital's patients. */
export interface PatientQuery {
	/** Words that are all in a patient's number, name, birth date or contact. */
	search?: string;
	standing?: Standing | null;
	/** Whether to read names. A search for anything but a number does so by itself. Each reading is a look that the patient sees. */
	names?: boolean;
	/** Only patients after this one. */
	after?: number | null;
	/** At most so many; 50 if left out. */
	limit?: number;
}

/** A part of the hospital's patients, in order of their numbers. */
export interface PatientPage {
	items: DeskPatient[];
	/** `after` for the next part; `null` at the end. */
	next: number | null;
	/** The number of patients whose profile can't be read, so that a search may have missed them. */
	unread: number;
}

/** A person. */
export type Person = { kind: "patient"; patient: number } | { kind: "doctor"; doctor: number };

/** The key that patients' profiles are sealed to for the hospital, as its desk sees it. */
export interface ProfileKey {
	/** The current version; 0 if the hospital has published none. */
	version: number;
	/** Whether this account can open profiles. */
	held: boolean;
	/** Whether this account has a key of its own, to which others can seal the profile key. */
	ownKey: boolean;
	/** Whether a new version is due: an account may know the key that is not among the holders. */
	due: boolean;
	/** The accounts at the desk that can open profiles. */
	holders: Address[];
	/** Those that wait to be given the key. */
	waiting: Address[];
	/** Those that have to publish a key of their own first. */
	keyless: Address[];
}

/** A hospital's offer to an account to work at its desk. */
export interface Appointment {
	hospital: number;
	registrar: Address;
	/** The first block in which the account can no longer accept. */
	until: number;
}

/** An institution of the own hospital, with the accounts that add records for it. */
export interface DeskInstitution extends Institution {
	operators: Address[];
	/** Those who have not accepted yet. */
	appointed: Address[];
}

/** What became of several patients who were to be confirmed. */
export interface Verified {
	receipt: Receipt;
	/** Those who were not, such as patients that a colleague has decided about meanwhile. All others are confirmed. */
	refused: { patient: number; problem: Problem }[];
}

/** What the hospital's desk does. None of this reads a record: vaults refuse that to the desk. */
export interface DeskApi {
	/** The offers that the account can accept. */
	appointments(): Promise<Appointment[]>;
	/** Accepts a hospital's offer. It may be the account's first transaction. */
	acceptAppointment(hospital: number): Promise<Receipt>;
	/** Ends the account's own work at the desk. */
	resign(): Promise<Receipt>;
	/** The hospital's profile key, and who can open it. */
	profileKey(): Promise<ProfileKey>;
	/** Publishes the account's own key as a registrar, of its own words. */
	publishOwnKey(): Promise<Receipt>;
	/** Publishes the next version of the profile key, for all at the desk who have keys of their own. They have to be among those that the user was shown. */
	publishProfileKey(shown: Address[]): Promise<Receipt>;
	/** Gives the profile key to all who wait for it; `null` if no one does. They have to be among those that the user was shown. */
	shareProfileKey(shown: Address[]): Promise<Receipt | null>;
	/** Those who wait for this hospital. */
	queue(options?: Options): Promise<Queue>;
	/** A patient by number or address: of this hospital, or of one that asks to move here. */
	patient(patient: number | Address, options?: Options): Promise<DeskPatient>;
	/** The hospital's patients. */
	patients(query: PatientQuery, options?: Options): Promise<PatientPage>;
	/** A doctor by number or address. */
	doctor(doctor: number | Address, options?: Options): Promise<DeskDoctor>;
	/** The hospital's doctors, with any standing but rejected. */
	doctors(options?: Options): Promise<DeskDoctor[]>;
	/** Confirms that a patient is who they say they are. */
	verifyPatient(patient: number): Promise<Receipt>;
	/** Confirms that several patients are who they say they are, up to 128. Fails if none of them could be confirmed. */
	verifyPatients(patients: number[]): Promise<Verified>;
	/** Compares a digest that the doctor showed with the published key's, which two nodes must agree on. */
	checkKey(doctor: number, shown: Digest): Promise<{ matches: boolean; published: Digest }>;
	/** Confirms a doctor, with the digests of the key that they showed and of the entry that the desk saw. Fails if key or entry have changed. */
	verifyDoctor(doctor: number, digests: { keyDigest: Digest; profileDigest: Digest }, licenceExpires: Time | null): Promise<Receipt>;
	/** Confirms the change that a doctor proposes to the entry, by its digest. */
	confirmEntry(doctor: number, digest: Digest): Promise<Receipt>;
	/** Discards that change: the entry stays as it is. */
	discardEntry(doctor: number): Promise<Receipt>;
	/** Confirms a verified doctor's newer key. */
	confirmKey(doctor: number, keyDigest: Digest): Promise<Receipt>;
	/** Does not confirm a person. The chain keeps no reason: tell the person. */
	reject(person: Person): Promise<Receipt>;
	suspend(person: Person): Promise<Receipt>;
	reinstate(person: Person): Promise<Receipt>;
	/** Stops a pending change of a person's account. */
	keepAccount(person: Person): Promise<Receipt>;
	/** Takes over a person who asks to move here. */
	takeIn(person: Person): Promise<Receipt>;
	/** Declines a person's request to move here. */
	declineMove(person: Person): Promise<Receipt>;
	/** Corrects a patient's profile: what is left out stays as it is. */
	correctProfile(patient: number, changes: Partial<Profile>, options?: Options): Promise<Receipt>;
	/** Corrects a doctor's entry: what is left out stays as it is. */
	correctEntry(doctor: number, changes: Partial<Practice>): Promise<Receipt>;
	/** Sets the hospital's details, and the licence's end: what is left out stays as it is. */
	setDetails(doctor: number, changes: { details?: string; licenceExpires?: Time | null }): Promise<Receipt>;
	/** Sponsors an account, so that its registration is let in, or ends that. */
	sponsor(account: Address, sponsored: boolean): Promise<Receipt>;
	/** As the controller: offers an account to verify people. It has two weeks to accept. */
	appoint(account: Address): Promise<Receipt>;
	/** As the controller: takes back an offer that was not accepted. */
	withdrawAppointment(account: Address): Promise<Receipt>;
	/** As the controller: ends an account's work at the desk. */
	removeRegistrar(account: Address): Promise<Receipt>;
	/** As the controller: the hospital's open institutions. */
	institutions(): Promise<DeskInstitution[]>;
	/** As the controller: adds an institution to the hospital. */
	addInstitution(kind: Institution["kind"], name: string): Promise<Receipt>;
	/** As the controller: closes an institution, for ever. What it has added stays. */
	closeInstitution(institution: number): Promise<Receipt>;
	/** As the controller: offers an account to add records for an institution. It has two weeks to accept. */
	appointOperator(institution: number, account: Address): Promise<Receipt>;
	/** As the controller: ends an account's work for an institution, or takes the offer to it back. */
	removeOperator(institution: number, account: Address): Promise<Receipt>;
	/** As the controller: sets which people the hospital accepts. */
	setRegistration(mode: Hospital["registration"]): Promise<Receipt>;
}

// --- acting for others -------------------------------------------------------------------------------------------

export type * from "./api-acting.ts";

// --- events ------------------------------------------------------------------------------------------------------

/** Something that is waited for. */
export interface Waiting {
	/** A hospital's vault that has no time, a final block, a node that stands still, or what an earlier visit has sent. */
	for: "vault" | "final" | "node" | "earlier";
	/** The reason, in English and without a full stop, for a vault. */
	why: string | null;
	/** When the vault is asked again. */
	until: Time | null;
}

/** What the page should show at all times. */
export interface State {
	/** `starting` until the Worker answers, `locked` without an unlocked account. */
	phase: "starting" | "locked" | "unlocked";
	/** The unlocked account. */
	account: Account | null;
	/** Another number for each account that is unlocked in turn, since names may repeat; 0 without one. */
	opened: number;
	/** Whether nothing is kept in this browser. */
	inMemory: boolean;
	connection: Connection;
	/** Why a passkey's copy could not be sent or removed at the last attempt. It is tried again by itself. */
	copyProblem: Problem | null;
	/** What the account is; `null` until it is known. */
	who: Who | null;
	/** What the person has to see at once. */
	alerts: Alerts;
	/** What is waited for longer than usual, while something runs. */
	waiting: Waiting | null;
	/**
	 * Hospitals whose vaults have given something to this account, since it was unlocked, without the receipt that they
	 * owe: the patient may not see that look.
	 */
	unreceipted: number[];
	/** The number of methods that run and change something: leaving the page would interrupt them. */
	working: number;
}

/** Events, each with its value. The Worker looks at each few final blocks. */
export interface PortalEvents {
	/** Anything of the state changed. */
	state: State;
	/** The account was locked: by the person, by time, since the page was left, or since the Worker had to be started again. */
	locked: { why: "asked" | "idle" | "left" | "crashed" };
	/** The connection changed. */
	connection: Connection;
	/** The standing, or anything else of the patient or doctor, changed on the chain. */
	standing: Who;
	/** The charts that are open to the doctor changed: a grant, its end, new records. */
	inbox: Grant[];
	/** The patient's own grants changed. */
	access: Grant[];
	/** The own chart, or one that is open to the doctor, has other records than before. */
	records: { patient: number };
	/** What the person has to see at once changed. */
	alerts: Alerts;
}

/** The portal, as pages use it. */
export interface Portal {
	/** The present state. */
	readonly state: State;
	/** Calls a function at each event. Gives what ends that. */
	on<Name extends keyof PortalEvents>(name: Name, listener: (value: PortalEvents[Name]) => void): () => void;
	/** What the account is, asked anew. */
	who(): Promise<Who>;
	keys: KeysApi;
	wallet: WalletApi;
	notebook: NotebookApi;
	network: NetworkApi;
	patient: PatientApi;
	doctor: DoctorApi;
	desk: DeskApi;
	recovery: RecoveryApi;
	representatives: RepresentativesApi;
	emergency: EmergencyApi;
}

/** Makes the portal: `import { openPortal } from "./client.ts"`. */
export type OpenPortal = () => Portal;
