// Made by scripts/generate.mjs from the node's OpenRPC document. Do not edit.

/** Whether a doctor has what it takes to read what is added now. */
export type KeyStatus = "current" | "awaiting-patient" | "shared" | "own-key" | "earlier-key";
/** How much of a chart a grant opens. */
export type Scope = "chart" | "records";
/** A time by the chain's clock: RFC 3339 in UTC, to the millisecond. */
export type Time = string;
/** A reason why a doctor may not see something. */
export type Denied =
	| "patient-not-found"
	| "doctor-not-found"
	| "doctor-not-verified"
	| "licence-expired"
	| "hospital-not-active"
	| "not-granted"
	| "grant-expired"
	| "record-not-found"
	| "record-withdrawn"
	| "record-not-shared";
/** An account, as an SS58 address. Any prefix is accepted; the chain's own is given. */
export type Account = string;
/** A registered person. */
export type Person =
	| {
			patient: PatientId;
	  }
	| {
			doctor: DoctorId;
	  };
/** A patient's id: the same for ever, whichever account controls the chart. */
export type PatientId = number;
/** A doctor's id: the same for ever, whichever account acts for the doctor. */
export type DoctorId = number;
/**
 * A hospital's id: given out in order of admission, and the same for ever, whatever the hospital's keys, name or address are.
 */
export type HospitalId = number;
/** A block's number: 0 for the genesis. */
export type BlockNumber = number;
/**
 * The author of a record. As JSON, `"patient"`, `{ "doctor": 3 }`, `{ "institution": 2 }` or `{ "representative": 5 }`.
 */
export type Author =
	| "patient"
	| {
			doctor: DoctorId;
	  }
	| {
			institution: InstitutionId;
	  }
	| {
			representative: PatientId;
	  };
/**
 * An institution's id: given out in order, and the same for ever, even if all its operators change.
 */
export type InstitutionId = number;
/** The BLAKE2b-256 hash of a block's header. */
export type BlockHash = string;
/** Bytes in hex. */
export type Bytes = string;
/** The reason why a pending change of a person's account was stopped. */
export type ChangeStop = "taken-back" | "refused" | "suspended" | "impossible" | "recovered";
/** 60 bytes in hex. */
export type Hex60 = string;
/** 16 bytes in hex. */
export type Hex16 = string;
/** 32 bytes in hex. */
export type Hex32 = string;
/** A keeper of a share. As JSON, `{ "patient": 5 }`, `{ "doctor": 3 }` or `{ "desk": 0 }`. */
export type Delegate =
	| {
			patient: PatientId;
	  }
	| {
			doctor: DoctorId;
	  }
	| {
			desk: HospitalId;
	  };
/** Where a person stands with their hospital. */
export type Standing = "pending" | "verified" | "suspended" | "rejected";
/**
 * The reason for which a doctor asks for an emergency. Details are with the hospital, by their digest.
 */
export type EmergencyReason = "unconscious" | "unable" | "life-threatening" | "other";
/** A patient's judgement of an emergency that has been. */
export type Review = "justified" | "unjustified";
/**
 * The number of a chart's key: even ones are given to doctors, the odd one after each is the patient's.
 */
export type Epoch = number;
/** A record's place in its chart: 0 for the first. */
export type RecordIndex = number;
/** 44 bytes in hex. */
export type Hex44 = string;
/** How a hospital takes in new patients and doctors. */
export type RegistrationMode = "open" | "sponsored-only" | "closed";
/** Where a hospital's validator stands. */
export type SeatStatus = "seated" | "waiting" | "keyless" | "benched" | "suspended" | "expelled";
/** Something that concerns a doctor. */
export type InboxEvent =
	| {
			/** The end that the patient has set. It is not announced when it comes. */
			expiresAt: Time | null;
			/** Whether the doctor may add records and notes. */
			mayAppend: boolean;
			/** The patient whose chart it is. */
			patient: PatientId;
			/** For single records: the number of records that are shared with the doctor now. */
			records: number | null;
			/** The part of the chart that is open. */
			scope: Scope;
			type: "granted";
	  }
	| {
			/** The patient whose chart it is. */
			patient: PatientId;
			type: "revoked";
	  }
	| {
			/** The patient whose chart it is. */
			patient: PatientId;
			type: "relinquished";
	  }
	| {
			/** The author. */
			author: Author;
			/** The number of records. */
			count: number;
			/** The first record's place in the chart. */
			first: RecordIndex;
			/** The patient whose chart it is. */
			patient: PatientId;
			type: "records-added";
	  }
	| {
			/** The patient whose chart it is. */
			patient: PatientId;
			/** The record. */
			record: RecordIndex;
			type: "record-withdrawn";
	  }
	| {
			/** The new even epoch. */
			epoch: Epoch;
			/** The patient whose chart it is. */
			patient: PatientId;
			type: "chart-key-rotated";
	  }
	| {
			/** Whether the hospital did it. */
			byHospital: boolean;
			/** The patient. */
			patient: PatientId;
			type: "patient-profile-updated";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The hospital's word from now on. */
			standing: Standing;
			type: "standing-changed";
	  }
	| {
			/** Whether the hospital did it. */
			byHospital: boolean;
			/** The doctor. */
			doctor: DoctorId;
			type: "profile-updated";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			type: "profile-proposed";
	  }
	| {
			/** Whether the hospital did it. */
			byHospital: boolean;
			/** The doctor. */
			doctor: DoctorId;
			type: "profile-discarded";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The end of the licence, if it has one. It is not announced when it comes. */
			licenceExpires: Time | null;
			type: "details-set";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			type: "encryption-key-set";
			/** The key's version. */
			version: number;
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			type: "encryption-key-confirmed";
			/** The key's version. */
			version: number;
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The time at which it takes over. */
			due: Time;
			/** The account that is to take over. */
			new: Account;
			type: "account-change-requested";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			type: "account-change-stopped";
			/** The reason for the stop. */
			why: ChangeStop;
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The account from now on. */
			new: Account;
			/** The account until now. */
			old: Account;
			type: "account-changed";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The hospital until now. */
			from: HospitalId;
			/** The hospital from now on. */
			to: HospitalId;
			type: "moved";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The hospital that was asked. */
			hospital: HospitalId;
			type: "move-declined";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			/** The hospital that was asked. */
			hospital: HospitalId;
			type: "move-lapsed";
	  }
	| {
			/** The doctor. */
			doctor: DoctorId;
			type: "registration-lapsed";
	  };
/** The kind of an institution. */
export type InstitutionKind = "laboratory" | "imaging" | "records-department";
/**
 * What a representative may do for a patient. A sum of [`Scopes::SEE`], [`Scopes::ADD`], [`Scopes::GRANT`] and [`Scopes::REVOKE`].
 */
export type Scopes = number;

/** Whether a doctor may see something: one of the two is there, and the other is `null`. */
export interface Access {
	/** What the doctor may do. */
	allowed: Allowed | null;
	/** The reason why the doctor may do nothing. */
	denied: Denial | null;
}
/** What a doctor may do. */
export interface Allowed {
	/** Whether the doctor can read what is added now. */
	key: KeyStatus;
	/** Whether the doctor may add records and notes. */
	mayAppend: boolean;
	/** The part of the chart that is open. */
	scope: Scope;
	/**
	 * The time at which this ends by itself: with the grant or with the licence, whichever is first.
	 */
	until: Time | null;
}
/** A refusal, for programs and for people. */
export interface Denial {
	/** The reason as an English sentence, without its first capital and full stop. */
	message: string;
	/** The reason. */
	reason: Denied;
}
/** A change of the account that controls a person's entry, before it takes effect. */
export interface AccountChange {
	/** The time at which it takes over, unless the change is stopped before. */
	due: Time;
	/** The account that is to take over. */
	new: Account;
	/** The person whose account is going to change. */
	person: Person;
}
/** A hospital's offer to an account to become its registrar. */
export interface Appointment {
	/** The hospital that appoints. */
	hospital: HospitalId;
	/** The account that can accept. */
	registrar: Account;
	/** The first block in which the account can no longer accept. */
	until: BlockNumber;
}
/** A block. */
export interface BlockRef {
	/** The block's hash. */
	hash: BlockHash;
	/** The block's number. */
	number: BlockNumber;
}
/** A chart's current keys. */
export interface ChartKeys {
	/** The even epoch, whose secret the chart's doctors get. */
	distributed: EpochKey;
	/** The odd epoch, whose secret only the patient has. */
	standby: EpochKey;
	/**
	 * HMAC-SHA-256 (RFC 2104) of the standby's public key, by which the distributed epoch's holders recognize it.
	 */
	standbyTag: Hex32;
	/** The algorithms that the keys are for. 1 is X-Wing: ML-KEM-768 with X25519. */
	suite: number;
}
/** The public half of one epoch, and what its secret opens. */
export interface EpochKey {
	/** The public key that records of this epoch are encrypted to. */
	key: Bytes;
	/**
	 * The secret of the epoch before, encrypted: nonce (12 bytes), ciphertext (32), tag (16) of ChaCha20-Poly1305 (RFC 8439). Only epoch 0 has none.
	 */
	previous: Hex60 | null;
	/** The salt with which the patient derives the secret. */
	salt: Hex16;
}
/** A patient's permission to an institution to add records to the chart. It opens nothing. */
export interface Deposit {
	/** The time at which the patient last gave it. */
	allowedAt: Time;
	/**
	 * The number of records that the institution may still add, until the patient allows it again.
	 */
	appendsLeft: number;
	/** The end that the patient has set. */
	expiresAt: Time | null;
	/** The institution that may add records. */
	institution: InstitutionId;
	/** Whether it holds now: it has not run out, and the institution is open. */
	live: boolean;
	/** The patient whose chart it is. */
	patient: PatientId;
}
/** The size and root of a vault's log at some time. */
export interface DisclosureAnchor {
	/** The time of the block that has it. */
	anchoredAt: Time;
	/** The log's number among the hospital's. A hospital that has lost its log begins another. */
	log: number;
	/** The anchor's number among the hospital's. */
	number: number;
	/** The root of the log's Merkle tree (RFC 9162, section 2.1.1). */
	root: Hex32;
	/** The number of disclosures in the log. */
	size: number;
}
/** The log of what a hospital's vault gave out, as far as the chain knows it. */
export interface DisclosureLog {
	/** The last anchor of this log; `null` if there is none yet. */
	last: DisclosureAnchor | null;
	/** The number of the hospital's logs before this one. */
	log: number;
	/** The vault's account, whose key signs receipts; `null` if the hospital has not named any. */
	vaultAccount: Account | null;
}
/** A doctor, as the chain knows them. */
export interface Doctor {
	/** The account that acts for the doctor. */
	account: Account;
	/** What the hospital adds to the entry. */
	details: string;
	/** The doctor's id. */
	doctor: DoctorId;
	/** The number that keys are bound to, together with the id. */
	generation: number;
	/** The hospital that answers for who this is. */
	hospital: HospitalId;
	/** The version of the published encryption key. */
	keyVersion: number;
	/** The end of the licence, if it has one. */
	licenceExpires: Time | null;
	/** The hospital that the doctor has asked to move to. */
	movingTo: HospitalId | null;
	/** Whether patients can grant something to this doctor now. */
	practises: boolean;
	/** The reason why they can't. */
	problem: Denial | null;
	/** The directory entry; `null` if the doctor was rejected. */
	profile: DoctorProfile | null;
	/** The time of registration. */
	registeredAt: Time;
	/** The hospital's word on the doctor. */
	standing: Standing;
	/** The last version that the hospital has confirmed; 0 if none. */
	vouchedVersion: number;
}
/** A doctor's entry in the public directory. Patients see it as a hospital has confirmed it. */
export interface DoctorProfile {
	/** The name that patients know. */
	name: string;
	/** The year in which the doctor began to practise. */
	practisingSince: number;
	/** The qualification, for instance `MD, board-certified`. */
	qualification: string;
	/** The specialty, for instance `cardiology`. */
	specialty: string;
}
/** An encrypted file in a hospital's vault. */
export interface Document {
	/** The SHA-256 (FIPS 180-4) of the whole ciphertext. */
	digest: Hex32;
	/** The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk. */
	head: Hex16;
	/** The length of the ciphertext in bytes. */
	size: number;
	/** The hospital to whose vault the file was uploaded. Where it is kept now, `vaults` says. */
	vault: HospitalId;
}
/** An emergency that was opened. */
export interface Emergency {
	/** The holders who confirmed it. */
	confirmed: HospitalId[];
	/** The SHA-256 of what the hospital has written down. */
	details: Hex32;
	/** The doctor who could see the chart. */
	doctor: DoctorId;
	/** Whether it is open. */
	open: boolean;
	/** The time at which it was opened. */
	openedAt: Time;
	/** The patient. */
	patient: PatientId;
	/** The doctor's reason. */
	reason: EmergencyReason;
	/** What the patient says of it. */
	review: Review | null;
	/** The time at which it closes, or was closed. */
	until: Time;
}
/** A patient, and a doctor who asks for an emergency. The cursor of pages. */
export interface EmergencyOf {
	/** The doctor. */
	doctor: DoctorId;
	/** The patient. */
	patient: PatientId;
}
/** What a patient has planned for an emergency. */
export interface EmergencyPlan {
	/**
	 * The commitments by which shares are checked: compressed elements of ristretto255 (RFC 9496).
	 */
	commitments: Hex32[];
	/** The time for which an emergency is open, in milliseconds. */
	duration: number;
	/** The even epoch whose secret it opens; `null` if it opens records. */
	epoch: Epoch | null;
	/** The holders, in the order of their shares. */
	holders: Keeper[];
	/** The plan's key, to which what it opens is sealed. */
	key: Bytes;
	/** The patient. */
	patient: PatientId;
	/** The records that it opens; `null` for the whole chart. */
	records: RecordIndex[] | null;
	/** The secret of the plan's key, encrypted under a key that the shares give. */
	secret: Hex60;
	/** The time at which the patient set it. */
	setAt: Time;
	/** The suite of the plan's key. */
	suite: number;
	/** The number of holders who have to confirm. */
	threshold: number;
	/** Whether doctors may have its key, so that it should be replaced. */
	used: boolean;
}
/** A keeper of a share. */
export interface Keeper {
	/**
	 * Whether they can act now: the person is verified and was not recovered since, or the hospital is active.
	 */
	able: boolean;
	/** The person, or the hospital's desk. */
	delegate: Delegate;
	/** The version of their key that the share is sealed to. */
	keyVersion: number;
}
/** A doctor's request for an emergency. */
export interface EmergencyRequest {
	/** The time of the request. */
	askedAt: Time;
	/** The holders who have confirmed it. */
	confirmed: HospitalId[];
	/** The SHA-256 of what the hospital has written down. */
	details: Hex32;
	/** The doctor who asks. */
	doctor: DoctorId;
	/** The time at which it lapses. */
	endsAt: Time;
	/** The version of the doctor's key, to which holders seal their shares. */
	keyVersion: number;
	/** The patient. */
	patient: PatientId;
	/** The doctor's reason. */
	reason: EmergencyReason;
	/** The number of holders who have to. */
	threshold: number;
}
/**
 * A published encryption key. Hospitals confirm it by its SHA-256, which a client should compute itself before it relies on the key.
 */
export interface EncryptionKey {
	/** The public key; 1,216 bytes for X-Wing. */
	key: Bytes;
	/** The algorithms that the key is for. 1 is X-Wing: ML-KEM-768 with X25519. */
	suite: number;
	/** 1 for the owner's first key, one more for each that replaced it. */
	version: number;
}
/** A grant, and whether it is of use now. */
export interface Grant {
	/** What the doctor may do now. */
	access: Access;
	/**
	 * The number of records and notes that the doctor may still add, until the patient renews it.
	 */
	appendsLeft: number;
	/** The doctor who has it. */
	doctor: DoctorId;
	/** For a whole chart: the newest epoch whose secret the doctor was given. */
	epoch: Epoch | null;
	/** The end that the patient has set. */
	expiresAt: Time | null;
	/** The time at which the patient last gave or changed it. */
	grantedAt: Time;
	/** For a whole chart: the version of the doctor's key that this is sealed to. */
	keyVersion: number | null;
	/** Whether the doctor may add records and notes. */
	mayAppend: boolean;
	/** The patient whose chart it opens. */
	patient: PatientId;
	/** The part of the chart that it opens. */
	scope: Scope;
}
/** A person's guardians, who together can give the person a new account. */
export interface Guardians {
	/**
	 * The commitments by which shares are checked: compressed elements of ristretto255 (RFC 9496).
	 */
	commitments: Hex32[];
	/** The time in which the person can veto, in milliseconds. */
	delay: number;
	/** The guardians, in the order of their shares. */
	guardians: Keeper[];
	/** The person whose guardians they are. */
	person: Person;
	/** What opens the person's data, encrypted under a key that the shares give. */
	secret: Hex60;
	/** The time at which the person chose them. */
	setAt: Time;
	/** The number of guardians who have to agree. */
	threshold: number;
}
/** The secret of a hospital's current profile key, sealed to a registrar. */
export interface HeldProfileKey {
	/** The hospital. */
	hospital: HospitalId;
	/** The sealed secret: the suite, then HPKE's (RFC 9180) encapsulated key and ciphertext. */
	key: Bytes;
	/** The version of the registrar's own key that the secret is sealed to. */
	keyVersion: number;
	/** The version of the profile key. */
	version: number;
}
/** A hospital, as the chain knows it. */
export interface Hospital {
	/** The account that acts for the hospital. */
	controller: Account;
	/** The URL of the hospital's gateway. */
	gateway: string;
	/** The hospital's id. */
	hospital: HospitalId;
	/** The hospital's name. */
	name: string;
	/**
	 * The number of people who verify others for the hospital. Without any, the hospital verifies no one.
	 */
	registrars: number;
	/** The people that the hospital accepts. */
	registration: RegistrationMode;
	/** The state of the hospital's validator. */
	seat: SeatStatus;
	/** The account that the hospital's validator is known by. */
	seatAccount: Account;
}
/** What a finalized block brought for a doctor. */
export interface InboxNotification {
	/**
	 * The block. Its number is the `after` of the next subscription, once all of this is dealt with.
	 */
	block: BlockRef;
	/** The events in order; none if the notification only says how far the inbox has got. */
	events: InboxEvent[];
}
/** A laboratory, an imaging or a records department of a hospital. */
export interface Institution {
	/** The hospital to which it belongs. */
	hospital: HospitalId;
	/** The institution's id. */
	institution: InstitutionId;
	/** Its kind. */
	kind: InstitutionKind;
	/** Its name. */
	name: string;
	/**
	 * Whether it may add records where patients allow it. A closed institution never opens again.
	 */
	open: boolean;
}
/** A hospital's offer to an account to add records for an institution. */
export interface OperatorAppointment {
	/** The account that can accept. */
	operator: Account;
	/** The first block in which the account can no longer accept. */
	until: BlockNumber;
}
/** The accounts that add records for an institution. */
export interface Operators {
	/** The accounts that have not accepted yet. */
	appointed: OperatorAppointment[];
	/** The institution. */
	institution: InstitutionId;
	/** The accounts, in order. */
	operators: Account[];
}
/** What remains of an epoch that was followed by another. */
export interface PastEpoch {
	/** The epoch. */
	epoch: Epoch;
	/** The SHA-256 of the epoch's public key. */
	keyDigest: Hex32;
	/** The secret of the epoch before it, encrypted as in `EpochKey`. */
	previous: Hex60 | null;
	/**
	 * The number of records that the chart had when nothing could be sealed to this epoch any more.
	 */
	recordsUntil: number;
	/** The epoch's salt. */
	salt: Hex16;
}
/** A patient, as the chain knows them: no name, no birth date. */
export interface Patient {
	/** The account that controls the chart. */
	account: Account;
	/** Whether a doctor has lost access, so that the chart needs a new key. */
	dueForRotation: boolean;
	/** The epoch whose secret doctors have. */
	epoch: Epoch;
	/** The number that keys are bound to, together with the id. */
	generation: number;
	/** The number of doctors with a grant, expired ones included until they are cleared away. */
	grants: number;
	/** The hospital that answers for who this is. */
	hospital: HospitalId;
	/**
	 * The number of records that take up room in the chart: those that are not withdrawn, and, until the chain has counted the chart anew, those that were withdrawn under the runtime 100.
	 */
	live: number;
	/** The hospital that the patient has chosen as a mirror. */
	mirror: HospitalId | null;
	/** The patient's moves of documents, by the hospital that they name. */
	moves: VaultMove[];
	/** The hospital that the patient has asked to move to. */
	movingTo: HospitalId | null;
	/** The patient's id. */
	patient: PatientId;
	/** The encrypted profile. */
	profile: SealedDocument | null;
	/** The vaults of the profile. */
	profileVaults: Vaults | null;
	/** The number of records, withdrawn ones included. */
	records: number;
	/** The time of registration. */
	registeredAt: Time;
	/** The epoch that records have to be sealed to now. */
	sealingEpoch: Epoch;
	/** The number of share keys so far. */
	shares: number;
	/** The hospital's word on the patient. */
	standing: Standing;
	/** The hospital whose vault keeps new documents of the chart. */
	vault: HospitalId;
}
/** A move of a chart's documents: whatever names one hospital is kept by another. */
export interface VaultMove {
	/** The hospital that documents name. */
	from: HospitalId;
	/** The hospital that keeps them. */
	to: HospitalId;
}
/** A document, and the epoch whose public key it is encrypted to. */
export interface SealedDocument {
	/** The document. */
	document: Document;
	/** The epoch. */
	sealedTo: Epoch;
}
/**
 * The vaults of a document, as the chain decides. The hospital that a document names never changes, and tells only where it was uploaded.
 */
export interface Vaults {
	/**
	 * Other active hospitals whose vaults may still have the document, because they kept it before.
	 */
	former: HospitalId[];
	/** The hospital whose vault is to keep the document. Clients ask it first. */
	home: HospitalId;
	/** The hospital whose vault is to keep a second copy. */
	mirror: HospitalId | null;
}
/** A release of the web portal that hospitals may serve. */
export interface PortalRelease {
	/**
	 * The SHA-256 (FIPS 180-4) of the release's `manifest.json`, which names every file's digest.
	 */
	digest: Hex32;
	/** The time at which the council listed the release. */
	listedAt: Time;
	/** The release's name, for people. */
	version: string;
}
/** The key that patients' profiles are sealed to for a hospital. */
export interface ProfileKey {
	/**
	 * Whether a new version is due, since an account may know the secret that does not count as a holder.
	 */
	due: boolean;
	/** The number of registrars who have its secret. */
	holders: number;
	/** The current version; `null` if the hospital has published none. */
	key: EncryptionKey | null;
}
/** A version of a hospital's profile key. */
export interface ProfileKeyVersion {
	/** The SHA-256 of the public key. */
	keyDigest: Hex32;
	/**
	 * The secret of the version before, encrypted as in `EpochKey`; `null` if no registrar had it.
	 */
	previous: Hex60 | null;
	/** 1 for the first. */
	version: number;
}
/**
 * A change that a doctor proposes to the directory entry. It counts once the hospital has confirmed it.
 */
export interface ProposedProfile {
	/** The doctor who proposes it. */
	doctor: DoctorId;
	/** The proposed entry. */
	profile: DoctorProfile;
}
/** A doctor's own key, as confirmed by the doctor's hospital. */
export interface Recipient {
	/** The doctor who may see the whole chart. */
	doctor: DoctorId;
	/** The SHA-256 of the key, which `medicalRecords_encryptionKey` gives. */
	keyDigest: Hex32;
	/** The version of the doctor's key. */
	keyVersion: number;
}
/** The doctors to whose own keys a due chart's files are encrypted, besides the chart's key. */
export interface Recipients {
	/** The digest that a transaction names as `recipients`; `null` while the chart is not due. */
	digest: Hex16 | null;
	/**
	 * The doctors in order of their ids, 61 at most, or 57 if there are representatives; empty while the chart is not due.
	 */
	doctors: Recipient[];
	/**
	 * The people who act for the patient and see the chart, in order of their ids, 4 at most; empty while the chart is not due.
	 */
	representatives: RepresentativeRecipient[];
	/** The epoch that files have to be encrypted to now. */
	sealingEpoch: Epoch;
}
/** The own key of a person who acts for a patient. */
export interface RepresentativeRecipient {
	/** The SHA-256 of the key, which `delegation_actingKey` gives. */
	keyDigest: Hex32;
	/** The version of the person's key for acting for others. */
	keyVersion: number;
	/** The person who acts for the patient, by the number of their own chart. */
	representative: PatientId;
}
/** An entry of a chart. */
export interface Record {
	/** The author. */
	author: Author;
	/** The encrypted file; `null` once the patient has withdrawn the record. */
	document: Document | null;
	/** The record that this one is a note to. */
	inReplyTo: RecordIndex | null;
	/** The record's place in the chart. */
	record: RecordIndex;
	/** The time of the addition, to the minute. */
	recordedAt: Time;
	/** The epoch whose public key the file is encrypted to. */
	sealedTo: Epoch;
	/**
	 * The vaults of the file, in the order in which to ask them: `home`, `mirror`, `former`. `null` once the patient has withdrawn the record.
	 */
	vaults: Vaults | null;
}
/** A request that a person gets a new account. */
export interface Recovery {
	/** The guardians who have approved it. */
	approvals: Delegate[];
	/** The end of the delay; `null` before enough guardians have approved. */
	due: Time | null;
	/** The time at which the request lapses. */
	endsAt: Time;
	/** The guardians who have handed over their shares. */
	handedOver: Delegate[];
	/** The new device's key, to which guardians seal their shares. */
	key: Bytes;
	/** The new account. */
	new: Account;
	/** The person who is to get a new account. */
	person: Person;
	/** The time of the request. */
	requestedAt: Time;
	/** The suite of the new device's key. */
	suite: number;
}
/** An account that verifies people for a hospital. */
export interface Registrar {
	/** The registrar's account. */
	account: Account;
	/** Whether the registrar can open the hospital's current profile key. */
	holdsProfileKey: boolean;
	/**
	 * The registrar's own key, to which profile keys are sealed; `null` if it is not published yet.
	 */
	key: EncryptionKey | null;
}
/** A person who acts for a patient. */
export interface Representative {
	/** Whether a hospital has confirmed them. */
	confirmed: boolean;
	/** The even epoch whose secret they were given. */
	epoch: Epoch | null;
	/** The version of their key that a hospital has checked; 0 if none. */
	keyVersion: number;
	/** Whether they may act now. */
	live: boolean;
	/** The time at which the patient named them. */
	namedAt: Time;
	/** The patient. */
	patient: PatientId;
	/** The person who acts, by the number of their own chart. */
	representative: PatientId;
	/**
	 * What they may do: the sum of 1 for seeing, 2 for adding, 4 for granting and 8 for revoking.
	 */
	scopes: Scopes;
	/** The end, if there is one. */
	until: Time | null;
}
/** A patient, and a person who acts for them. The cursor of pages. */
export interface Representing {
	/** The patient. */
	patient: PatientId;
	/** The person. */
	representative: PatientId;
}
/** What a doctor needs to open single records. */
export interface Share {
	/** The share key; `null` if no record is shared singly. */
	key: ShareKey | null;
	/** The records, 64 at most. */
	records: SharedRecord[];
}
/** The key that single records' file keys are wrapped under, sealed to a doctor. */
export interface ShareKey {
	/** The number of this key among the chart's share keys: 1 for the first. */
	generation: number;
	/** The sealed share key: the suite, then HPKE's (RFC 9180) encapsulated key and ciphertext. */
	key: Bytes;
	/** The version of the doctor's encryption key that it is sealed to. */
	keyVersion: number;
}
/** A record's file key, for the holder of the share key. */
export interface SharedRecord {
	/**
	 * The record's age file key, encrypted: nonce (12 bytes), ciphertext (16), tag (16) of ChaCha20-Poly1305.
	 */
	key: Hex44;
	/** The record. */
	record: RecordIndex;
}
/** The hospital that takes over the vault of one that has left. */
export interface Succession {
	/** The hospital that has left. */
	left: HospitalId;
	/** The hospital that keeps its documents. */
	successor: HospitalId;
}
/** What `hospitals` takes. */
export interface HospitalsParams {
	/** `next` of the page before; the beginning of the list if left out. */
	after?: HospitalId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `hospital` takes. */
export interface HospitalParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `registrars` takes. */
export interface RegistrarsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `appointments` takes. */
export interface AppointmentsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `appointmentsOf` takes. */
export interface AppointmentsOfParams {
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `institutions` takes. */
export interface InstitutionsParams {
	/** `next` of the page before; the beginning of the list if left out. */
	after?: InstitutionId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `institution` takes. */
export interface InstitutionParams {
	/** The institution. */
	institution: InstitutionId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `operatorOf` takes. */
export interface OperatorOfParams {
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `operators` takes. */
export interface OperatorsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `operatorAppointment` takes. */
export interface OperatorAppointmentParams {
	/** The institution. */
	institution: InstitutionId;
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `profileKey` takes. */
export interface ProfileKeyParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `profileKeyVersions` takes. */
export interface ProfileKeyVersionsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: number | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `heldProfileKey` takes. */
export interface HeldProfileKeyParams {
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `disclosureLog` takes. */
export interface DisclosureLogParams {
	/** The hospital. */
	hospital: HospitalId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `disclosureAnchors` takes. */
export interface DisclosureAnchorsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: number | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `author` takes. */
export interface AuthorParams {
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `authorizedNodes` takes. */
export interface AuthorizedNodesParams {
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `portalReleases` takes. */
export interface PortalReleasesParams {
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `actingKey` takes. */
export interface ActingKeyParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `guardians` takes. */
export interface GuardiansParams {
	/** The patient or doctor. */
	person: Person;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `recoveries` takes. */
export interface RecoveriesParams {
	/** The patient or doctor. */
	person: Person;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `representatives` takes. */
export interface RepresentativesParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `represented` takes. */
export interface RepresentedParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `awaitingRepresentatives` takes. */
export interface AwaitingRepresentativesParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: Representing | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `emergencyPlan` takes. */
export interface EmergencyPlanParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `emergencyRequests` takes. */
export interface EmergencyRequestsParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `emergenciesAsked` takes. */
export interface EmergenciesAskedParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: EmergencyOf | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `emergencies` takes. */
export interface EmergenciesParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `doctors` takes. */
export interface DoctorsParams {
	/** `next` of the page before; the beginning of the list if left out. */
	after?: DoctorId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `doctor` takes. */
export interface DoctorParams {
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `doctorOf` takes. */
export interface DoctorOfParams {
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `encryptionKey` takes. */
export interface EncryptionKeyParams {
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `patient` takes. */
export interface PatientParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `patientOf` takes. */
export interface PatientOfParams {
	/** The account. */
	account: Account;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `records` takes. */
export interface RecordsParams {
	/** The patient. */
	patient: PatientId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: RecordIndex | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `record` takes. */
export interface RecordParams {
	/** The patient. */
	patient: PatientId;
	/** The record. */
	record: RecordIndex;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `grantsOfPatient` takes. */
export interface GrantsOfPatientParams {
	/** The patient. */
	patient: PatientId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: DoctorId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `grantsToDoctor` takes. */
export interface GrantsToDoctorParams {
	/** The doctor. */
	doctor: DoctorId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: PatientId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `grant` takes. */
export interface GrantParams {
	/** The patient. */
	patient: PatientId;
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `deposits` takes. */
export interface DepositsParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `deposit` takes. */
export interface DepositParams {
	/** The patient. */
	patient: PatientId;
	/** The institution. */
	institution: InstitutionId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `access` takes. */
export interface AccessParams {
	/** The patient. */
	patient: PatientId;
	/** The doctor. */
	doctor: DoctorId;
	/** A single record; anything if left out. */
	record?: RecordIndex | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `chartKeys` takes. */
export interface ChartKeysParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `pastEpochs` takes. */
export interface PastEpochsParams {
	/** The patient. */
	patient: PatientId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: Epoch | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `recipients` takes. */
export interface RecipientsParams {
	/** The patient. */
	patient: PatientId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `grantKey` takes. */
export interface GrantKeyParams {
	/** The patient. */
	patient: PatientId;
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `share` takes. */
export interface ShareParams {
	/** The patient. */
	patient: PatientId;
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `awaitingPatients` takes. */
export interface AwaitingPatientsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: PatientId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `patientsOfHospital` takes. */
export interface PatientsOfHospitalParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: PatientId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `successors` takes. */
export interface SuccessorsParams {
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `awaitingDoctors` takes. */
export interface AwaitingDoctorsParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: DoctorId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `proposedProfile` takes. */
export interface ProposedProfileParams {
	/** The doctor. */
	doctor: DoctorId;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `proposedProfiles` takes. */
export interface ProposedProfilesParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: DoctorId | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `accountChange` takes. */
export interface AccountChangeParams {
	/** The patient or doctor. */
	person: Person;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** What `accountChanges` takes. */
export interface AccountChangesParams {
	/** The hospital. */
	hospital: HospitalId;
	/** `next` of the page before; the beginning of the list if left out. */
	after?: Person | null;
	/** How many items at most; 64 if left out. */
	limit?: number | null;
	/** The block whose state is read; the last finalized one if left out. */
	at?: BlockHash | null;
}
/** Some items of a list, and the block at which they were read. */
export interface HospitalsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Hospital[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: HospitalId | null;
}
/** A single thing, and the block at which it was read. */
export interface HospitalAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Hospital;
}
/** A single thing, and the block at which it was read. */
export interface RegistrarsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Registrar[];
}
/** A single thing, and the block at which it was read. */
export interface AppointmentsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Appointment[];
}
/** A single thing, and the block at which it was read. */
export interface AppointmentsOfAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Appointment[];
}
/** Some items of a list, and the block at which they were read. */
export interface InstitutionsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Institution[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: InstitutionId | null;
}
/** A single thing, and the block at which it was read. */
export interface InstitutionAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Institution;
}
/** A single thing, and the block at which it was read. */
export interface OperatorOfAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: InstitutionId | null;
}
/** A single thing, and the block at which it was read. */
export interface OperatorsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Operators[];
}
/** A single thing, and the block at which it was read. */
export interface OperatorAppointmentAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: OperatorAppointment | null;
}
/** A single thing, and the block at which it was read. */
export interface ProfileKeyAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: ProfileKey;
}
/** Some items of a list, and the block at which they were read. */
export interface ProfileKeyVersionsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: ProfileKeyVersion[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: number | null;
}
/** A single thing, and the block at which it was read. */
export interface HeldProfileKeyAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: HeldProfileKey | null;
}
/** A single thing, and the block at which it was read. */
export interface DisclosureLogAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: DisclosureLog;
}
/** Some items of a list, and the block at which they were read. */
export interface DisclosureAnchorsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: DisclosureAnchor[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: number | null;
}
/** A single thing, and the block at which it was read. */
export interface AuthorAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: HospitalId | null;
}
/** A single thing, and the block at which it was read. */
export interface AuthorizedNodesAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: string[];
}
/** A single thing, and the block at which it was read. */
export interface PortalReleasesAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: PortalRelease[];
}
/** A single thing, and the block at which it was read. */
export interface ActingKeyAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: EncryptionKey | null;
}
/** A single thing, and the block at which it was read. */
export interface GuardiansAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Guardians | null;
}
/** A single thing, and the block at which it was read. */
export interface RecoveriesAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Recovery[];
}
/** A single thing, and the block at which it was read. */
export interface RepresentativesAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Representative[];
}
/** A single thing, and the block at which it was read. */
export interface RepresentedAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Representative[];
}
/** Some items of a list, and the block at which they were read. */
export interface AwaitingRepresentativesAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Representative[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: Representing | null;
}
/** A single thing, and the block at which it was read. */
export interface EmergencyPlanAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: EmergencyPlan | null;
}
/** A single thing, and the block at which it was read. */
export interface EmergencyRequestsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: EmergencyRequest[];
}
/** Some items of a list, and the block at which they were read. */
export interface EmergenciesAskedAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: EmergencyRequest[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: EmergencyOf | null;
}
/** A single thing, and the block at which it was read. */
export interface EmergenciesAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Emergency[];
}
/** Some items of a list, and the block at which they were read. */
export interface DoctorsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Doctor[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: DoctorId | null;
}
/** A single thing, and the block at which it was read. */
export interface DoctorAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Doctor;
}
/** A single thing, and the block at which it was read. */
export interface DoctorOfAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: DoctorId | null;
}
/** A single thing, and the block at which it was read. */
export interface EncryptionKeyAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: EncryptionKey | null;
}
/** A single thing, and the block at which it was read. */
export interface PatientAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Patient;
}
/** A single thing, and the block at which it was read. */
export interface PatientOfAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: PatientId | null;
}
/** Some items of a list, and the block at which they were read. */
export interface RecordsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Record[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: RecordIndex | null;
}
/** A single thing, and the block at which it was read. */
export interface RecordAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Record;
}
/** Some items of a list, and the block at which they were read. */
export interface GrantsOfPatientAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Grant[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: DoctorId | null;
}
/** Some items of a list, and the block at which they were read. */
export interface GrantsToDoctorAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Grant[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: PatientId | null;
}
/** A single thing, and the block at which it was read. */
export interface GrantAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Grant | null;
}
/** A single thing, and the block at which it was read. */
export interface DepositsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Deposit[];
}
/** A single thing, and the block at which it was read. */
export interface DepositAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Deposit | null;
}
/** A single thing, and the block at which it was read. */
export interface AccessAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Access;
}
/** A single thing, and the block at which it was read. */
export interface ChartKeysAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: ChartKeys | null;
}
/** Some items of a list, and the block at which they were read. */
export interface PastEpochsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: PastEpoch[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: Epoch | null;
}
/** A single thing, and the block at which it was read. */
export interface RecipientsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Recipients;
}
/** A single thing, and the block at which it was read. */
export interface GrantKeyAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Bytes | null;
}
/** A single thing, and the block at which it was read. */
export interface ShareAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Share;
}
/** Some items of a list, and the block at which they were read. */
export interface AwaitingPatientsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Patient[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: PatientId | null;
}
/** Some items of a list, and the block at which they were read. */
export interface PatientsOfHospitalAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Patient[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: PatientId | null;
}
/** A single thing, and the block at which it was read. */
export interface SuccessorsAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: Succession[];
}
/** Some items of a list, and the block at which they were read. */
export interface AwaitingDoctorsAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Doctor[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: DoctorId | null;
}
/** A single thing, and the block at which it was read. */
export interface ProposedProfileAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: DoctorProfile | null;
}
/** Some items of a list, and the block at which they were read. */
export interface ProposedProfilesAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: ProposedProfile[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: DoctorId | null;
}
/** A single thing, and the block at which it was read. */
export interface AccountChangeAnswer {
	/** The block whose state was read. */
	at: BlockRef;
	/** What was asked for. */
	value: AccountChange | null;
}
/** Some items of a list, and the block at which they were read. */
export interface AccountChangesAnswer {
	/**
	 * The block whose state was read. With its hash as `at`, the next page is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: AccountChange[];
	/** The `after` of the next page; `null` at the end of the list. */
	next: Person | null;
}

/** What can be asked: each method's parameters and answer. */
export interface Methods {
	/** Lists the hospitals in order of their ids, expelled ones included. */
	hospitals: {
		params: HospitalsParams;
		result: HospitalsAnswer;
	};
	/** Gives a hospital's entry. */
	hospital: {
		params: HospitalParams;
		result: HospitalAnswer;
	};
	/** Lists a hospital's registrars, in order of their accounts, with their own keys. */
	registrars: {
		params: RegistrarsParams;
		result: RegistrarsAnswer;
	};
	/** Lists a hospital's appointments of registrars that wait to be accepted. */
	appointments: {
		params: AppointmentsParams;
		result: AppointmentsAnswer;
	};
	/** Lists the appointments that an account can accept. */
	appointmentsOf: {
		params: AppointmentsOfParams;
		result: AppointmentsOfAnswer;
	};
	/** Lists the hospitals' institutions in order of their ids, closed ones included. */
	institutions: {
		params: InstitutionsParams;
		result: InstitutionsAnswer;
	};
	/** Gives an institution's entry. */
	institution: {
		params: InstitutionParams;
		result: InstitutionAnswer;
	};
	/** Gives the id of the institution that an account adds records for, or `null`. */
	operatorOf: {
		params: OperatorOfParams;
		result: OperatorOfAnswer;
	};
	/** Lists the accounts that add records for a hospital's open institutions, or are appointed to. */
	operators: {
		params: OperatorsParams;
		result: OperatorsAnswer;
	};
	/** Gives the appointment by which an account can join an institution, or `null` if it can't. */
	operatorAppointment: {
		params: OperatorAppointmentParams;
		result: OperatorAppointmentAnswer;
	};
	/**
	 * Gives the key that patients' profiles are sealed to for a hospital, and whether it is due for
	 * a new version.
	 */
	profileKey: {
		params: ProfileKeyParams;
		result: ProfileKeyAnswer;
	};
	/**
	 * Lists the versions of a hospital's profile key, oldest first. The secret of each opens the one
	 * before.
	 */
	profileKeyVersions: {
		params: ProfileKeyVersionsParams;
		result: ProfileKeyVersionsAnswer;
	};
	/**
	 * Gives the secret of the hospital's current profile key, sealed to a registrar; `null` if the
	 * account has none.
	 */
	heldProfileKey: {
		params: HeldProfileKeyParams;
		result: HeldProfileKeyAnswer;
	};
	/**
	 * Gives the account of a hospital's vault, and how far the vault's log of disclosures is on the
	 * chain.
	 */
	disclosureLog: {
		params: DisclosureLogParams;
		result: DisclosureLogAnswer;
	};
	/**
	 * Lists the last anchors of a hospital's log of disclosures, oldest first.
	 *
	 * The chain keeps 1,024 of them. Those before are found in older blocks.
	 */
	disclosureAnchors: {
		params: DisclosureAnchorsParams;
		result: DisclosureAnchorsAnswer;
	};
	/** Gives the id of the hospital that authored the block, or `null` for the genesis. */
	author: {
		params: AuthorParams;
		result: AuthorAnswer;
	};
	/** Lists the peer ids, in base58, of the nodes that may take part in the network. */
	authorizedNodes: {
		params: AuthorizedNodesParams;
		result: AuthorizedNodesAnswer;
	};
	/**
	 * Lists the releases of the portal that hospitals may serve, the oldest first.
	 *
	 * There are at most 16. The list is empty until the council has listed the first one.
	 */
	portalReleases: {
		params: PortalReleasesParams;
		result: PortalReleasesAnswer;
	};
	/** Gives the key with which a patient acts for others, or `null` if there is none. */
	actingKey: {
		params: ActingKeyParams;
		result: ActingKeyAnswer;
	};
	/** Gives the guardians of a patient or a doctor, or `null` if there are none. */
	guardians: {
		params: GuardiansParams;
		result: GuardiansAnswer;
	};
	/** Lists the new accounts that ask to take a patient or a doctor over. */
	recoveries: {
		params: RecoveriesParams;
		result: RecoveriesAnswer;
	};
	/** Lists the people who act for a patient, or are named to. */
	representatives: {
		params: RepresentativesParams;
		result: RepresentativesAnswer;
	};
	/**
	 * Lists the patients that a person represents. The person is named by the number of their own
	 * chart.
	 */
	represented: {
		params: RepresentedParams;
		result: RepresentedAnswer;
	};
	/** Lists the representatives who wait for a hospital to confirm them, in no particular order. */
	awaitingRepresentatives: {
		params: AwaitingRepresentativesParams;
		result: AwaitingRepresentativesAnswer;
	};
	/** Gives what a patient has planned for an emergency, or `null` if there is no plan. */
	emergencyPlan: {
		params: EmergencyPlanParams;
		result: EmergencyPlanAnswer;
	};
	/** Lists the doctors who ask for an emergency of a patient. */
	emergencyRequests: {
		params: EmergencyRequestsParams;
		result: EmergencyRequestsAnswer;
	};
	/** Lists the emergencies that a hospital can confirm, in no particular order. */
	emergenciesAsked: {
		params: EmergenciesAskedParams;
		result: EmergenciesAskedAnswer;
	};
	/** Lists the last emergencies of a patient, oldest first. The chain keeps 16 of them. */
	emergencies: {
		params: EmergenciesParams;
		result: EmergenciesAnswer;
	};
	/**
	 * Lists the public directory of doctors, in order of their ids.
	 *
	 * Rejected doctors are left out. Pending and suspended ones are there.
	 */
	doctors: {
		params: DoctorsParams;
		result: DoctorsAnswer;
	};
	/** Gives a doctor's entry. */
	doctor: {
		params: DoctorParams;
		result: DoctorAnswer;
	};
	/** Gives the id of the doctor that an account acts for, or `null`. */
	doctorOf: {
		params: DoctorOfParams;
		result: DoctorOfAnswer;
	};
	/**
	 * Gives the encryption key that a doctor has published, or `null` if the doctor was rejected.
	 *
	 * Seal something to it only if its version is the doctor's `vouchedVersion`, and another
	 * hospital's node gives the same key.
	 */
	encryptionKey: {
		params: EncryptionKeyParams;
		result: EncryptionKeyAnswer;
	};
	/** Gives a patient's entry: no name, and no content of records. */
	patient: {
		params: PatientParams;
		result: PatientAnswer;
	};
	/** Gives the id of the patient whose chart an account controls, or `null`. */
	patientOf: {
		params: PatientOfParams;
		result: PatientOfAnswer;
	};
	/** Lists a chart's records, oldest first, withdrawn ones included. */
	records: {
		params: RecordsParams;
		result: RecordsAnswer;
	};
	/** Gives a single record of a chart. */
	record: {
		params: RecordParams;
		result: RecordAnswer;
	};
	/** Lists a patient's grants in order of the doctors' ids, expired ones included. */
	grantsOfPatient: {
		params: GrantsOfPatientParams;
		result: GrantsOfPatientAnswer;
	};
	/** Lists the grants to a doctor in no particular order, expired ones included. */
	grantsToDoctor: {
		params: GrantsToDoctorParams;
		result: GrantsToDoctorAnswer;
	};
	/** Gives a patient's grant to a doctor, expired or not, or `null` if there is none. */
	grant: {
		params: GrantParams;
		result: GrantAnswer;
	};
	/**
	 * Lists the institutions that may add to a chart, in order of their ids, expired ones included.
	 * They can read nothing of it.
	 *
	 * There are at most 32.
	 */
	deposits: {
		params: DepositsParams;
		result: DepositsAnswer;
	};
	/**
	 * Gives a patient's permission to an institution to add to the chart, expired or not, or `null`
	 * if there is none.
	 */
	deposit: {
		params: DepositParams;
		result: DepositAnswer;
	};
	/**
	 * Says whether a doctor may see a record and, if not, why. Without a record, any part of the
	 * chart is meant.
	 *
	 * An unknown patient, doctor or record is a reason and no error. The ends of grants and licences
	 * are compared with the block's time.
	 */
	access: {
		params: AccessParams;
		result: AccessAnswer;
	};
	/**
	 * Gives the public keys of a chart's current epoch and its standby, or `null` if the patient was
	 * rejected.
	 */
	chartKeys: {
		params: ChartKeysParams;
		result: ChartKeysAnswer;
	};
	/** Lists what remains of a chart's earlier epochs, oldest first. */
	pastEpochs: {
		params: PastEpochsParams;
		result: PastEpochsAnswer;
	};
	/**
	 * Gives the doctors to whose own keys a due chart's files are encrypted, besides the chart's
	 * key.
	 *
	 * A transaction that names files names the `digest`, too. The chain refuses it if the doctors or
	 * their keys have changed since. Ask another hospital's node at the same block, and encrypt
	 * nothing if it answers otherwise.
	 */
	recipients: {
		params: RecipientsParams;
		result: RecipientsAnswer;
	};
	/**
	 * Gives the epoch secret that came with a grant to the whole chart, sealed to the doctor; `null`
	 * if there is no such grant.
	 */
	grantKey: {
		params: GrantKeyParams;
		result: GrantKeyAnswer;
	};
	/** Gives the keys to the single records that a doctor was granted. */
	share: {
		params: ShareParams;
		result: ShareAnswer;
	};
	/** Lists the patients who wait for a hospital to verify them, or to take them in from another. */
	awaitingPatients: {
		params: AwaitingPatientsParams;
		result: AwaitingPatientsAnswer;
	};
	/** Lists a hospital's patients in order of their ids, whatever their standing. */
	patientsOfHospital: {
		params: PatientsOfHospitalParams;
		result: PatientsOfHospitalAnswer;
	};
	/**
	 * Lists the hospitals that keep the documents of those that have left.
	 *
	 * It is taken account of in the `vaults` of records and profiles. A hospital that has come back
	 * keeps its own.
	 */
	successors: {
		params: SuccessorsParams;
		result: SuccessorsAnswer;
	};
	/** Lists the doctors who wait for a hospital to verify them, or to take them in from another. */
	awaitingDoctors: {
		params: AwaitingDoctorsParams;
		result: AwaitingDoctorsAnswer;
	};
	/**
	 * Gives the change that a doctor proposes to the directory entry. Patients do not see it before
	 * the hospital has confirmed it.
	 */
	proposedProfile: {
		params: ProposedProfileParams;
		result: ProposedProfileAnswer;
	};
	/**
	 * Lists the changes that doctors of a hospital propose to their directory entries, in no
	 * particular order.
	 */
	proposedProfiles: {
		params: ProposedProfilesParams;
		result: ProposedProfilesAnswer;
	};
	/** Gives the change of a person's account that is pending. */
	accountChange: {
		params: AccountChangeParams;
		result: AccountChangeAnswer;
	};
	/** Lists the pending changes of account of a hospital's people, in no particular order. */
	accountChanges: {
		params: AccountChangesParams;
		result: AccountChangesAnswer;
	};
}

/** The names under which a node knows the methods. */
export const NODE_NAMES = {
	hospitals: "consortium_hospitals",
	hospital: "consortium_hospital",
	registrars: "consortium_registrars",
	appointments: "consortium_appointments",
	appointmentsOf: "consortium_appointmentsOf",
	institutions: "consortium_institutions",
	institution: "consortium_institution",
	operatorOf: "consortium_operatorOf",
	operators: "consortium_operators",
	operatorAppointment: "consortium_operatorAppointment",
	profileKey: "consortium_profileKey",
	profileKeyVersions: "consortium_profileKeyVersions",
	heldProfileKey: "consortium_heldProfileKey",
	disclosureLog: "consortium_disclosureLog",
	disclosureAnchors: "consortium_disclosureAnchors",
	author: "consortium_author",
	authorizedNodes: "consortium_authorizedNodes",
	portalReleases: "consortium_portalReleases",
	actingKey: "delegation_actingKey",
	guardians: "delegation_guardians",
	recoveries: "delegation_recoveries",
	representatives: "delegation_representatives",
	represented: "delegation_represented",
	awaitingRepresentatives: "delegation_awaitingRepresentatives",
	emergencyPlan: "delegation_emergencyPlan",
	emergencyRequests: "delegation_emergencyRequests",
	emergenciesAsked: "delegation_emergenciesAsked",
	emergencies: "delegation_emergencies",
	doctors: "medicalRecords_doctors",
	doctor: "medicalRecords_doctor",
	doctorOf: "medicalRecords_doctorOf",
	encryptionKey: "medicalRecords_encryptionKey",
	patient: "medicalRecords_patient",
	patientOf: "medicalRecords_patientOf",
	records: "medicalRecords_records",
	record: "medicalRecords_record",
	grantsOfPatient: "medicalRecords_grantsOfPatient",
	grantsToDoctor: "medicalRecords_grantsToDoctor",
	grant: "medicalRecords_grant",
	deposits: "medicalRecords_deposits",
	deposit: "medicalRecords_deposit",
	access: "medicalRecords_access",
	chartKeys: "medicalRecords_chartKeys",
	pastEpochs: "medicalRecords_pastEpochs",
	recipients: "medicalRecords_recipients",
	grantKey: "medicalRecords_grantKey",
	share: "medicalRecords_share",
	awaitingPatients: "medicalRecords_awaitingPatients",
	patientsOfHospital: "medicalRecords_patientsOfHospital",
	successors: "medicalRecords_successors",
	awaitingDoctors: "medicalRecords_awaitingDoctors",
	proposedProfile: "medicalRecords_proposedProfile",
	proposedProfiles: "medicalRecords_proposedProfiles",
	accountChange: "medicalRecords_accountChange",
	accountChanges: "medicalRecords_accountChanges",
} as const;

/** The methods that answer in pages. */
export type Paged =
	| "hospitals"
	| "institutions"
	| "profileKeyVersions"
	| "disclosureAnchors"
	| "awaitingRepresentatives"
	| "emergenciesAsked"
	| "doctors"
	| "records"
	| "grantsOfPatient"
	| "grantsToDoctor"
	| "pastEpochs"
	| "awaitingPatients"
	| "patientsOfHospital"
	| "awaitingDoctors"
	| "proposedProfiles"
	| "accountChanges";

/** What the methods refuse, and what each code means. */
export const METHOD_ERRORS = {
	"-32001": "This node does not know the block.",
	"-32002": "This node has discarded the block's state; ask an archive node.",
	"-32003": "The block is not on the best chain.",
	"-32004": "There is no such patient, doctor, hospital, institution or record.",
	"-32005": "`after` is too long ago, or ahead of the finalized block; `data` has the lowest and the highest that is possible.",
	"-32006": "There are too many subscriptions on this connection.",
	"-32602": "A parameter is missing, malformed or out of bounds.",
	"-32603": "The runtime could not answer.",
} as const;
