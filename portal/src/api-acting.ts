// The part of the contract about acting for others: guardians and printed sheets, representatives, emergencies. `api.ts`
// has the rest, and the rules for all of it.
import type {
	Added, Address, Digest, Doctor, Grant, NewRecord, OpenedRecord, Options, Person, Problem, Receipt, RecordPage, RecordQuery, Revoked, Terms, Time,
} from "./api.ts";

/** The capacity in which a person has guardians. */
export type Capacity = "patient" | "doctor";

/** The capacity in which an account acts for another: a desk is that of the account's hospital. */
export type ActingAs = "patient" | "doctor" | "desk";

/** A person or a hospital's desk that keeps a share. */
export type Delegate = { patient: number } | { doctor: number } | { desk: number };

/** A delegate that keeps a share. */
export interface Keeper {
	delegate: Delegate;
	/** A doctor's name. Patients have none on the chain. */
	name: string | null;
	/** Whether they can act now: verified, not recovered since, an active hospital. */
	able: boolean;
}

/** A delegate that can be chosen, as two hospitals' nodes have it. */
export interface Candidate {
	delegate: Delegate;
	/** A doctor's name. */
	name: string | null;
	/** The digest of the key to which a share would be sealed; `null` if there is none. */
	keyDigest: Digest | null;
}

/** What a person shows who wants to act for others: guardians and representatives are chosen and confirmed by it. */
export interface ActingCard {
	patient: number;
	account: Address;
	/** The digest of the published acting key; `null` if there is none of the account's present words. */
	keyDigest: Digest | null;
}

// --- recovery ----------------------------------------------------------------------------------------------------

/** A person's guardians. */
export interface Guardians {
	guardians: Keeper[];
	/** The number of guardians who have to agree. */
	threshold: number;
	/** The time in which the person can stop a recovery, in milliseconds. */
	delay: number;
	setAt: Time;
	/** Whether their shares open what the person's data have now: `renewGuardians` otherwise. */
	current: boolean;
	/** Whether some who can act have other keys than those that their shares are sealed to: `renewGuardians` then, too. */
	otherKeys: boolean;
}

/** A new account that asks to take a person over. */
export interface Recovery {
	person: Person;
	new: Address;
	/** The digest of the new device's key, which guardians compare with the person. */
	keyDigest: Digest;
	requestedAt: Time;
	/** The end of the delay; `null` before enough guardians have approved. */
	due: Time | null;
	/** When the request lapses. */
	endsAt: Time;
	/** The guardians who have approved. */
	approvals: Delegate[];
	/** The number of guardians who have handed over their shares. */
	handedOver: number;
}

/** The own recovery, on the new device. */
export interface OwnRecovery extends Recovery {
	/** Whether the delay is over and enough shares are there. */
	ready: boolean;
}

/** A recovery, as a guardian sees it. */
export interface WardRecovery extends Recovery {
	/** Whether this guardian has approved it. */
	approved: boolean;
	/** Whether the share can be handed over now. */
	mayHandOver: boolean;
	/** Whether it was. */
	hasHandedOver: boolean;
}

/** A person whose guardian the account is. */
export interface Ward {
	person: Person;
	/** A doctor's name. */
	name: string | null;
	/** The number of guardians who have to agree. */
	threshold: number;
	recoveries: WardRecovery[];
	/** As what the account is the guardian. */
	acting: ActingAs;
}

/** What a new device gives to a guardian. None of it is secret. */
export interface Offer {
	/** The new account, its key and its signature, as JSON. */
	text: string;
	person: Person;
	account: Address;
	/** The digest of the new device's key. */
	keyDigest: Digest;
}

/** A sheet of a printed kit of three. Any two of a kit give the words back, and one alone says nothing about them. */
export interface Sheet {
	/** Its number, from 1. */
	number: number;
	/** What sheets that were printed together have in common: four hexadecimal digits. */
	kit: string;
	/** What its QR code says. */
	code: string;
	/** The same as words to type. */
	words: string[];
}

/** Guardians and recoveries. Printed sheets are with the keys. */
export interface RecoveryApi {
	/** The own guardians; `null` without any. */
	guardians(as: Capacity): Promise<Guardians | null>;
	/** A delegate, before it is chosen, with the key that two hospitals' nodes have. */
	candidate(delegate: Delegate): Promise<Candidate>;
	/** Divides what opens the person's data among guardians. They replace earlier ones. `delay` is in milliseconds. */
	setGuardians(as: Capacity, choice: { guardians: Delegate[]; threshold: number; delay: number }, options?: Options): Promise<Receipt>;
	/** Gives the same guardians new shares, of what opens the data now. */
	renewGuardians(as: Capacity, options?: Options): Promise<Receipt>;
	/** No longer has guardians. */
	removeGuardians(as: Capacity): Promise<Receipt>;
	/** Stops an account that asks to take the person over. `State.alerts` has those that do. */
	veto(person: Person, account: Address): Promise<Receipt>;

	/** What the account shows to act for others as a patient. */
	card(): Promise<ActingCard>;
	/** Publishes the own acting key. Doctors and desks need none. */
	publishKey(): Promise<Receipt>;
	/** The people whose guardian the account is, as whatever it is. */
	wards(options?: Options): Promise<Ward[]>;
	/** What a new device's text says. */
	readOffer(text: string): Promise<Offer>;
	/** Asks for a recovery, and approves it thereby. */
	request(acting: ActingAs, offer: string): Promise<Receipt>;
	/** Approves a recovery, with the digest that the guardian compared with the person. */
	approve(acting: ActingAs, person: Person, account: Address, keyDigest: Digest): Promise<Receipt>;
	/** Takes an approval back. */
	withdraw(acting: ActingAs, person: Person, account: Address): Promise<Receipt>;
	/** Hands the share over, after the delay. */
	handOver(acting: ActingAs, person: Person, account: Address): Promise<Receipt>;

	/** What this new account gives to a guardian. Nothing is sent. */
	offer(person: Person): Promise<Offer>;
	/** How far the recovery of a person by this account is; `null` before a guardian has asked. */
	own(person: Person): Promise<OwnRecovery | null>;
	/** Takes the own request back. */
	cancel(person: Person): Promise<Receipt>;
	/** Opens the shares, and takes over with a new root. */
	finish(person: Person, options?: Options): Promise<Receipt>;
}

// --- representatives ---------------------------------------------------------------------------------------------

/** What a representative may do. Granting needs seeing. */
export interface Scopes {
	see: boolean;
	add: boolean;
	grant: boolean;
	revoke: boolean;
}

/** A person who acts for a patient, or is named to. */
export interface Representative {
	patient: number;
	representative: number;
	scopes: Scopes;
	until: Time | null;
	namedAt: Time;
	/**
	 * `waiting` for the hospital to confirm the person, and with `key-changed` the person's new key; `no-key` and `earlier`
	 * need `seal`: the person has no key of the chart, or an earlier one; `no-sight` may not see, so that there is none;
	 * `inactive` was suspended, or its time is over.
	 */
	state: "waiting" | "inactive" | "key-changed" | "no-key" | "earlier" | "current" | "no-sight";
}

/** A patient that the account represents. */
export interface Represented extends Representative {
	/** The patient's name, if the chart is open to the account and was asked for. */
	name: string | null;
}

/** A representative at the desk. */
export interface DeskRepresentative extends Omit<Representative, "state"> {
	/** The names, as far as the desk can read them. */
	patientName: string | null;
	representativeName: string | null;
	/** Whether the person was confirmed before, and only the key is new. */
	confirmed: boolean;
	/** The digest of the representative's acting key, the same on two nodes; `null` in a list. */
	keyDigest: Digest | null;
}

/** Representatives, for the three who have to do with them. */
export interface RepresentativesApi {
	/** The people who act for the patient, or are named to. */
	mine(): Promise<Representative[]>;
	/** When the patient becomes 18; `null` if that is unknown, or has been. */
	ofAge(options?: Options): Promise<Time | null>;
	/** Names a person. The hospital then has to confirm them. */
	name(representative: number, scopes: Scopes, until: Time | null): Promise<Receipt>;
	/** Gives the chart's key to each representative who waits for it. */
	seal(options?: Options): Promise<{ given: number[]; problems: { representative: number; problem: Problem }[] }>;
	/** Ends it: the chart gets a new key, as after any loss. */
	end(representative: number, options?: Options): Promise<Pick<Revoked, "receipt" | "rotated" | "problem" | "confirmed">>;

	/** The patients that the account represents. With `names`, profiles are read, each a look that the patient sees. */
	represented(query?: { names?: boolean }, options?: Options): Promise<Represented[]>;
	/** No longer acts for a patient. */
	resign(patient: number): Promise<Receipt>;
	/** A patient's chart. */
	records(patient: number, query?: RecordQuery, options?: Options): Promise<RecordPage>;
	/** Opens a record. */
	open(patient: number, record: number, options?: Options): Promise<OpenedRecord>;
	/** Adds records, of which the account is the author. */
	add(patient: number, records: NewRecord[], options?: Options): Promise<Added>;
	/** The patient's grants. */
	access(patient: number): Promise<Grant[]>;
	/** Lets a doctor see the patient's whole chart. */
	grant(patient: number, doctor: number, terms: Terms, options?: Options): Promise<Receipt>;
	/** Takes doctors' access back. The patient's device then gives the chart a new key. */
	revoke(patient: number, doctors: number[], options?: Options): Promise<Receipt>;

	/** Those who wait for the desk's hospital. */
	awaiting(options?: Options): Promise<DeskRepresentative[]>;
	/** One of them, with the key. */
	atDesk(patient: number, representative: number, options?: Options): Promise<DeskRepresentative>;
	/** Confirms the person and the key. Fails if scopes, end or key are no longer those that the desk was shown. */
	confirm(shown: Pick<DeskRepresentative, "patient" | "representative" | "scopes" | "until">, keyDigest: Digest): Promise<Receipt>;
	/** Refuses the person. */
	refuse(patient: number, representative: number): Promise<Receipt>;
}

// --- emergencies -------------------------------------------------------------------------------------------------

/** A doctor's reason for an emergency. */
export type EmergencyReason = "unconscious" | "unable" | "life-threatening" | "other";

/** A patient's judgement of an emergency. */
export type Review = "justified" | "unjustified";

/** What a patient has planned for an emergency. */
export interface EmergencyPlan {
	holders: Keeper[];
	/** The number of hospitals that have to confirm. */
	threshold: number;
	/** The records that it opens; `null` for the whole chart. */
	records: number[] | null;
	/** For how long, in milliseconds. */
	duration: number;
	setAt: Time;
}

/** A doctor's request for an emergency. */
export interface EmergencyRequest {
	patient: number;
	doctor: number;
	doctorName: string | null;
	reason: EmergencyReason;
	/** The digest of what the doctor wrote. */
	details: Digest;
	askedAt: Time;
	endsAt: Time;
	/** The hospitals that have confirmed it. */
	confirmed: number[];
	threshold: number;
}

/** An emergency that was opened. */
export interface Emergency {
	patient: number;
	doctor: number;
	doctorName: string | null;
	reason: EmergencyReason;
	details: Digest;
	confirmed: number[];
	openedAt: Time;
	/** When it closes, or was closed. */
	until: Time;
	open: boolean;
	review: Review | null;
}

/** A patient's plan, and what came of it. */
export interface OwnEmergencies {
	plan: EmergencyPlan | null;
	/** `new-key-needed` asks for `renewPlan`; `used`, `other-words`, `too-few-holders` and `opens-nothing` ask for another plan. */
	state: "none" | "ready" | "new-key-needed" | "used" | "other-words" | "too-few-holders" | "opens-nothing";
	requests: EmergencyRequest[];
	/** The newest first. */
	emergencies: Emergency[];
}

/** What there is between a doctor and a patient. */
export interface DoctorsEmergency {
	/** The patient's plan; `null` without one. */
	plan: { holders: Keeper[]; threshold: number; whole: boolean } | null;
	request: EmergencyRequest | null;
	/** The one that is open. */
	emergency: Emergency | null;
}

/** A request at a desk whose hospital can confirm it. */
export interface DeskEmergency extends EmergencyRequest {
	/** The doctor, as the directory has them. */
	about: Doctor | null;
}

/** Emergencies, for the three who have to do with them. While one is open, the doctor reads the chart as with a grant. */
export interface EmergencyApi {
	/** The own plan, requests for it, and the last emergencies. */
	mine(): Promise<OwnEmergencies>;
	/** Sets the plan, in place of an earlier one. */
	setPlan(plan: { holders: number[]; threshold: number; records: number[] | null; duration: number }, options?: Options): Promise<Receipt>;
	/** Gives the plan the chart's present key; `null` if it has it. */
	renewPlan(options?: Options): Promise<Receipt | null>;
	/** No longer has a plan: what is open closes. */
	removePlan(): Promise<Receipt>;
	/** Refuses a doctor's request, or closes what is open. */
	end(doctor: number): Promise<Receipt>;
	/** Says whether an emergency was one. */
	review(doctor: number, openedAt: Time, review: Review): Promise<Receipt>;

	/** What there is about a patient, as the doctor sees it. */
	of(patient: number): Promise<DoctorsEmergency>;
	/**
	 * Asks. The text goes to the holders' gateways, and its digest to the chain. Gives the hospitals that have it, and those
	 * that don't.
	 */
	ask(patient: number, reason: EmergencyReason, text: string): Promise<{ receipt: Receipt; told: number[]; untold: { hospital: number; problem: Problem }[] }>;
	/** Takes the request back, or ends what is open before its time. */
	withdraw(patient: number): Promise<Receipt>;

	/** What the doctor wrote, for the patient, the doctor and the holders; `null` if no gateway has it. */
	text(of: Pick<EmergencyRequest, "patient" | "doctor" | "details">): Promise<string | null>;

	/** A patient's last emergencies, the newest first, for the desks of the patient's hospital and of the holders. */
	ofPatient(patient: number): Promise<Emergency[]>;
	/** Requests that the desk's hospital can confirm. */
	asked(options?: Options): Promise<DeskEmergency[]>;
	/** Confirms one: the hospital's share goes to the doctor. */
	confirm(patient: number, doctor: number): Promise<Receipt>;
}

// --- what is urgent ----------------------------------------------------------------------------------------------

/** What the person has to see at once, on whatever page. */
export interface Alerts {
	/** Accounts that ask to take the person over. */
	recoveries: Recovery[];
	/** Doctors who ask to open the own chart in an emergency. */
	requests: EmergencyRequest[];
	/** Emergencies in which the own chart is open. */
	emergencies: Emergency[];
	/** The number of emergencies that the account's desk can confirm. */
	asked: number;
}
