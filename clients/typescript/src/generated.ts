// Made by scripts/generate.mjs from the node's OpenRPC document. Do not edit.

/** Whether a doctor has what it takes to read what is added now. */
export type KeyStatus = "current" | "awaiting-patient" | "shared";
/** How much of a chart a grant opens. */
export type Scope = "whole chart" | "single records";
/** Milliseconds since 1970 (UTC), by the chain's clock. */
export type Moment = number;
/** Why a doctor may not see something. */
export type DenialReason =
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
/** Who put a record into a chart: `"patient"`, or `{ "doctor": id }`. */
export type Author =
	| "patient"
	| {
			doctor: DoctorId;
	  };
/** A doctor's id: the same for ever, whichever account they use. */
export type DoctorId = number;
/** The BLAKE2b-256 hash of a block's header. */
export type BlockHash = string;
/** A block's number: 0 for the genesis. */
export type BlockNumber = number;
/** Bytes in hex. */
export type Bytes = string;
/** 60 bytes in hex. */
export type Hex60 = string;
/** 16 bytes in hex. */
export type Hex16 = string;
/** 32 bytes in hex. */
export type Hex32 = string;
/** A hospital's id, as `consortium_hospitals` lists it. */
export type HospitalId = number;
/** Where a person stands with their hospital. */
export type Standing = "pending" | "verified" | "suspended" | "rejected";
/**
 * Counts a chart's keys: even ones are given to doctors, the odd one after each is the patient's.
 */
export type Epoch = number;
/** A patient's id: the same for ever, whichever account they use. */
export type PatientId = number;
/** 44 bytes in hex. */
export type Hex44 = string;
/** Something that concerns a doctor. */
export type InboxEvent =
	| {
			/** When the patient has it end. That it has ended is not announced. */
			expiresAt: Moment | null;
			/** Whether the doctor may add records and notes. */
			mayAppend: boolean;
			/** Whose chart. */
			patient: PatientId;
			/** For single records: how many are shared with the doctor now. */
			records: number | null;
			/** How much of it. */
			scope: Scope;
			type: "granted";
	  }
	| {
			/** Whose chart. */
			patient: PatientId;
			type: "revoked";
	  }
	| {
			/** Whose chart. */
			patient: PatientId;
			type: "relinquished";
	  }
	| {
			/** Who added them. */
			author: Author;
			/** How many there are. */
			count: number;
			/** The first one's place in the chart. */
			first: RecordIndex;
			/** Whose chart. */
			patient: PatientId;
			type: "records-added";
	  }
	| {
			/** Whose chart. */
			patient: PatientId;
			/** Which record. */
			record: RecordIndex;
			type: "record-withdrawn";
	  }
	| {
			/** The new even epoch. */
			epoch: Epoch;
			/** Whose chart. */
			patient: PatientId;
			type: "chart-key-rotated";
	  }
	| {
			/** Whether the hospital did it. */
			byHospital: boolean;
			/** Whose. */
			patient: PatientId;
			type: "patient-profile-updated";
	  }
	| {
			/** Whom. */
			doctor: DoctorId;
			/** What it says from now on. */
			standing: Standing;
			type: "standing-changed";
	  }
	| {
			/** Whether the hospital did it. */
			byHospital: boolean;
			/** Whose. */
			doctor: DoctorId;
			type: "profile-updated";
	  }
	| {
			/** Of whom. */
			doctor: DoctorId;
			/** When the licence runs out, if it does. That it has run out is not announced. */
			licenceExpires: Moment | null;
			type: "details-set";
	  }
	| {
			/** Whose. */
			doctor: DoctorId;
			type: "encryption-key-set";
			/** Which of their keys. */
			version: number;
	  }
	| {
			/** Whose. */
			doctor: DoctorId;
			type: "encryption-key-confirmed";
			/** Which of their keys. */
			version: number;
	  }
	| {
			/** For whom. */
			doctor: DoctorId;
			/** The account that does. */
			new: Account;
			/** The account that no longer does. */
			old: Account;
			type: "account-changed";
	  }
	| {
			/** For whom. */
			doctor: DoctorId;
			/** The hospital until now. */
			from: HospitalId;
			/** The hospital from now on. */
			to: HospitalId;
			type: "moved";
	  }
	| {
			/** Whose. */
			doctor: DoctorId;
			type: "registration-lapsed";
	  };
/** A record's place in its chart: 0 for the first. */
export type RecordIndex = number;

/** Whether a doctor may see something: one of the two is there, and the other is `null`. */
export interface Access {
	/** What the doctor may do. */
	allowed: Allowed | null;
	/** Or why nothing. */
	denied: Denial | null;
}
/** What a doctor may do. */
export interface Allowed {
	/** Whether the doctor can read what is added now. */
	key: KeyStatus;
	/** Whether the doctor may add records and notes. */
	mayAppend: boolean;
	/** How much of the chart is open. */
	scope: Scope;
	/** When this ends by itself: the earlier of the grant's and the licence's end. */
	until: Moment | null;
}
/** Why not, for programs and for people. */
export interface Denial {
	/** The same as an English sentence, without its first capital and full stop. */
	message: string;
	/** The reason. */
	reason: DenialReason;
}
/** A block. */
export interface BlockRef {
	/** Its hash. */
	hash: BlockHash;
	/** Its number. */
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
	/** Which algorithms the keys are for. 1 is X-Wing: ML-KEM-768 with X25519. */
	suite: number;
}
/** The public half of one epoch, and what its secret opens. */
export interface EpochKey {
	/** What records of this epoch are encrypted to. */
	key: Bytes;
	/**
	 * The secret of the epoch before, encrypted: nonce (12 bytes), ciphertext (32), tag (16) of ChaCha20-Poly1305 (RFC 8439). Only epoch 0 has none.
	 */
	previous: Hex60 | null;
	/** The patient derives the secret with it. */
	salt: Hex16;
}
/** A doctor, as the chain knows them. */
export interface Doctor {
	/** The account that acts for them. */
	account: Account;
	/** What the hospital adds to it. */
	details: string;
	/** Their id. */
	doctor: DoctorId;
	/** What keys are bound to, together with the id. */
	generation: number;
	/** The hospital that answers for who this is. */
	hospital: HospitalId;
	/** The version of the encryption key that is published. */
	keyVersion: number;
	/** When the licence runs out, if it does. */
	licenceExpires: Moment | null;
	/** The hospital that they have asked to move to. */
	movingTo: HospitalId | null;
	/** Whether patients can grant something to this doctor now. */
	practises: boolean;
	/** If not, why. */
	problem: Denial | null;
	/** The directory entry; none if the doctor was rejected. */
	profile: DoctorProfile | null;
	/** When they registered. */
	registeredAt: Moment;
	/** What it says. */
	standing: Standing;
	/** The last version that the hospital has confirmed; 0 if none. */
	vouchedVersion: number;
}
/** A doctor's entry in the public directory, in the doctor's own words. */
export interface DoctorProfile {
	/** The name patients know. */
	name: string;
	/** The year in which they began to practise. */
	practisingSince: number;
	/** For instance `MD, board-certified`. */
	qualification: string;
	/** For instance `cardiology`. */
	specialty: string;
}
/** An encrypted file in a hospital's vault. */
export interface Document {
	/** SHA-256 (FIPS 180-4) of the whole ciphertext. */
	digest: Hex32;
	/** The first 16 bytes of the SHA-256 of the age header and the first encrypted chunk. */
	head: Hex16;
	/** Length of the ciphertext in bytes. */
	size: number;
	/** Whose vault keeps it. */
	vault: HospitalId;
}
/**
 * A published encryption key. Hospitals confirm it by its SHA-256, which whoever relies on it should compute themselves.
 */
export interface EncryptionKey {
	/** The public key; 1,216 bytes for X-Wing. */
	key: Bytes;
	/** Which algorithms the key is for. 1 is X-Wing: ML-KEM-768 with X25519. */
	suite: number;
	/** 1 for the owner's first key, one more for each that replaced it. */
	version: number;
}
/** A grant, and whether it is of use now. */
export interface Grant {
	/** What the doctor may do now, or why not. */
	access: Access;
	/** Who may see it. */
	doctor: DoctorId;
	/** For a whole chart: the newest epoch whose secret the doctor was given. */
	epoch: Epoch | null;
	/** When the patient has it end. */
	expiresAt: Moment | null;
	/** When the patient last gave or changed it. */
	grantedAt: Moment;
	/** For a whole chart: the version of the doctor's key that this is sealed to. */
	keyVersion: number | null;
	/** Whether the doctor may add records and notes. */
	mayAppend: boolean;
	/** Whose chart. */
	patient: PatientId;
	/** How much of it. */
	scope: Scope;
}
/** What a finalized block brought for a doctor. */
export interface InboxNotification {
	/** The block. Its number is what to give as `after` once everything here has been dealt with. */
	block: BlockRef;
	/** What happened, in order; nothing if the notification only says how far the inbox has got. */
	events: InboxEvent[];
}
/** What remains of an epoch that was followed by another. */
export interface PastEpoch {
	/** The epoch. */
	epoch: Epoch;
	/** SHA-256 of its public key. */
	keyDigest: Hex32;
	/** The secret of the epoch before it, encrypted as in `EpochKey`. */
	previous: Hex60 | null;
	/** How many records the chart had when nothing could be sealed to this epoch any more. */
	recordsUntil: number;
	/** Its salt. */
	salt: Hex16;
}
/** A patient, as the chain knows them: no name, no birth date. */
export interface Patient {
	/** The account that controls the chart. */
	account: Account;
	/** Whether somebody has lost access, so that the chart needs a new key. */
	dueForRotation: boolean;
	/** The epoch whose secret doctors have. */
	epoch: Epoch;
	/** What keys are bound to, together with the id. */
	generation: number;
	/** How many doctors have a grant, expired ones included. */
	grants: number;
	/** The hospital that answers for who this is. */
	hospital: HospitalId;
	/** The hospital that they have asked to move to. */
	movingTo: HospitalId | null;
	/** Their id. */
	patient: PatientId;
	/** The encrypted profile. */
	profile: SealedDocument | null;
	/** How many records the chart has, withdrawn ones included. */
	records: number;
	/** When they registered. */
	registeredAt: Moment;
	/** The epoch that records have to be sealed to now. */
	sealingEpoch: Epoch;
	/** How many share keys there have been. */
	shares: number;
	/** What it says. */
	standing: Standing;
}
/** A document, and the epoch whose public key it is encrypted to. */
export interface SealedDocument {
	/** The document. */
	document: Document;
	/** The epoch. */
	sealedTo: Epoch;
}
/** An entry of a chart. */
export interface Record {
	/** Who added it. */
	author: Author;
	/** Where its ciphertext is; `null` once the patient has withdrawn it. */
	document: Document | null;
	/** The record that this one is a note to. */
	inReplyTo: RecordIndex | null;
	/** Its place in the chart. */
	record: RecordIndex;
	/** When it was added, to the minute. */
	recordedAt: Moment;
	/** The epoch whose public key it is encrypted to. */
	sealedTo: Epoch;
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
	/** Counts a chart's share keys: 1 for the first. */
	generation: number;
	/** The sealed share key: the suite, then HPKE's (RFC 9180) encapsulated key and ciphertext. */
	key: Bytes;
	/** The version of the doctor's encryption key that it is sealed to. */
	keyVersion: number;
}
/** A record's file key for somebody who has the share key. */
export interface SharedRecord {
	/**
	 * Its age file key, encrypted: nonce (12 bytes), ciphertext (16), tag (16) of ChaCha20-Poly1305.
	 */
	key: Hex44;
	/** Which record. */
	record: RecordIndex;
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
/** Some items of a list, and the block at which they were read. */
export interface DoctorsAnswer {
	/**
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Doctor[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
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
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Record[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
}
/** Some items of a list, and the block at which they were read. */
export interface GrantsOfPatientAnswer {
	/**
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Grant[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
}
/** Some items of a list, and the block at which they were read. */
export interface GrantsToDoctorAnswer {
	/**
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Grant[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
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
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: PastEpoch[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
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
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Patient[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
}
/** Some items of a list, and the block at which they were read. */
export interface AwaitingDoctorsAnswer {
	/**
	 * The block whose state was read. Give its hash as `at` for the next page, and that is of the same moment.
	 */
	at: BlockRef;
	/** The items. There may be few, or none, without this being the end of the list. */
	items: Doctor[];
	/** What to give as `after` for the next page; `null` at the end of the list. */
	next: number | null;
}

/** What can be asked: each method's parameters and answer. */
export interface Methods {
	/**
	 * Lists the public directory of doctors, in order of their ids.
	 *
	 * Doctors whom their hospital has rejected are left out; those whom it has not verified yet, or
	 * has suspended, are there.
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
	/** Gives the id of the doctor whom an account acts for, or `null`. */
	doctorOf: {
		params: DoctorOfParams;
		result: DoctorOfAnswer;
	};
	/**
	 * Gives the encryption key that a doctor has published, or `null` if they were rejected.
	 *
	 * Seal nothing to it unless its version is the doctor's `vouchedVersion`, and another hospital's
	 * node gives the same.
	 */
	encryptionKey: {
		params: EncryptionKeyParams;
		result: EncryptionKeyAnswer;
	};
	/** Gives a patient's entry: no name, and nothing of what the records say. */
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
	/** Lists what a patient has granted, in order of the doctors' ids, expired grants included. */
	grantsOfPatient: {
		params: GrantsOfPatientParams;
		result: GrantsOfPatientAnswer;
	};
	/** Lists what a doctor was granted, in no particular order, expired grants included. */
	grantsToDoctor: {
		params: GrantsToDoctorParams;
		result: GrantsToDoctorAnswer;
	};
	/**
	 * Says whether a doctor may see a record, or with no record anything of the chart; if not, why.
	 *
	 * An unknown patient, doctor or record is a reason like any other, and no error. The times by
	 * which grants and licences end are compared with the block's.
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
	/** Lists what is left of a chart's earlier epochs, oldest first. */
	pastEpochs: {
		params: PastEpochsParams;
		result: PastEpochsAnswer;
	};
	/**
	 * Gives the epoch secret that came with a grant to the whole chart, sealed to the doctor; `null`
	 * if there is no such grant.
	 */
	grantKey: {
		params: GrantKeyParams;
		result: GrantKeyAnswer;
	};
	/** Gives what opens the single records that a doctor was granted. */
	share: {
		params: ShareParams;
		result: ShareAnswer;
	};
	/**
	 * Lists the patients who wait for a hospital to verify them, or to take them in from another.
	 *
	 * Looks at no more than 4,096 people for a page, which may therefore be short, or empty, without
	 * being the last.
	 */
	awaitingPatients: {
		params: AwaitingPatientsParams;
		result: AwaitingPatientsAnswer;
	};
	/**
	 * Lists the doctors who wait for a hospital to verify them, or to take them in from another.
	 *
	 * Looks at no more than 4,096 people for a page, which may therefore be short, or empty, without
	 * being the last.
	 */
	awaitingDoctors: {
		params: AwaitingDoctorsParams;
		result: AwaitingDoctorsAnswer;
	};
}

/** The methods that answer in pages. */
export type Paged =
	| "doctors"
	| "records"
	| "grantsOfPatient"
	| "grantsToDoctor"
	| "pastEpochs"
	| "awaitingPatients"
	| "awaitingDoctors";

/** What the methods refuse, and what each code means. */
export const METHOD_ERRORS = {
	"-32001": "This node does not know the block.",
	"-32002": "This node has discarded the block's state; ask an archive node.",
	"-32003": "The block is not on the best chain.",
	"-32004": "There is no such patient, doctor or hospital.",
	"-32005": "`after` is too long ago, or ahead of the finalized block; `data` has the lowest and the highest that is possible.",
	"-32006": "There are too many subscriptions on this connection.",
	"-32602": "A parameter is missing, malformed or out of bounds.",
	"-32603": "The runtime could not answer.",
} as const;
