// The package that scripts/build-web makes of client/web, as far as the Worker uses it. Values have the shapes of
// api.ts: whatever comes as an object is one of its interfaces, and errors are its `Problem`.
declare module "medblock-web" {
	import type * as api from "./api.ts";

	type Signal = AbortSignal | undefined;
	type Watch = ((done: number, total: number) => void) | undefined;
	type Bytes = Uint8Array<ArrayBuffer>;

	export default function start(input: { module_or_path: Promise<Response> }): Promise<unknown>;
	export function newWords(): string;
	export function checkWords(words: string): void;
	export function addressOf(text: string): string | undefined;

	export function readSheet(text: string): Pick<api.Sheet, "number" | "kit">;
	export function newHandle(hospital?: number): Bytes;

	export class PasskeyQuestions {
		constructor();
		free(): void;
		first(): Bytes;
		second(): Bytes;
	}

	export class Device {
		private constructor();
		static open(name: string): Promise<Device>;
		accounts(): Promise<api.Account[]>;
		create(name: string, words: string, passphrase: string, development?: string, wallet?: string): Promise<Unlocked>;
		/** The same with the words that two sheets give. */
		createBySheets(name: string, one: string, other: string, passphrase: string): Promise<Unlocked>;
		sheets(name: string, passphrase: string): Promise<api.Sheet[]>;
		unlock(name: string, passphrase: string): Promise<Unlocked>;
		questions(name: string, id: string): Promise<PasskeyQuestions>;
		unlockByPasskey(name: string, id: string, first: Bytes, second: Bytes): Promise<Unlocked>;
		addPasskey(name: string, passphrase: string, id: string, questions: PasskeyQuestions, first: Bytes, second: Bytes, handle: Bytes): Promise<api.Passkey>;
		removePasskey(name: string, id: string): Promise<void>;
		unwantCopies(name: string): Promise<void>;
		words(name: string, passphrase: string): Promise<string>;
		checkPassphrase(name: string, passphrase: string): Promise<void>;
		changePassphrase(name: string, old: string, next: string): Promise<void>;
		file(name: string): Promise<Bytes>;
		takeIn(file: Bytes, passphrase: string): Promise<Unlocked>;
		remove(name: string): Promise<void>;
	}

	export class Unlocked {
		private constructor();
		static ofWords(name: string, words: string): Unlocked;
		static ofFile(file: Bytes, passphrase: string): Promise<Unlocked>;
		free(): void;
		account(): api.Account;
		/** Lets hospitals that did not know the account be asked again. */
		signInAgain(): void;
		/** `wallet` asks the wallet that has the account's key. */
		connect(urls: string[], genesis?: string, wallet?: (request: api.WalletRequest) => Promise<string>): Promise<Session>;
		/** `former` is the account of the words that the chart's keys come from so far. */
		toOwnWords(urls: string[], genesis: string, wallet: ((request: api.WalletRequest) => Promise<string>) | undefined, former: Unlocked, signal: Signal): Promise<api.Receipt | null>;
	}

	/** A copy that a vault gave, which its passkey opens. */
	export class FoundCopy {
		private constructor();
		/** `passed` are hospitals whose copy the passkey does not open. */
		static find(urls: string[], genesis: string | undefined, handle: Bytes, passed: Uint32Array): Promise<FoundCopy>;
		free(): void;
		hospital(): number;
		questions(): PasskeyQuestions;
		visit(first: Bytes, second: Bytes): Unlocked;
		keep(device: Device, name: string | undefined, passphrase: string, id: string, first: Bytes, second: Bytes): Promise<Unlocked>;
	}

	/**
	 * Something that is waited for, with the seconds until a vault is asked again; or a hospital whose vault gave something
	 * without a receipt that it owed.
	 */
	export interface Notice {
		kind: api.Waiting["for"] | "no-receipt";
		why: string | null;
		seconds: number | null;
		hospital: number | null;
	}

	/** The news of a block. */
	export interface News {
		at: api.BlockRef;
		who: api.Who;
		access: api.Grant[] | null;
		inbox: api.Grant[] | null;
		/** The open chart's records, those that are not withdrawn, and how often sharing was begun or taken back. */
		records: [number, number, number] | null;
		alerts: api.Alerts;
	}

	export class Session {
		private constructor();
		free(): void;
		/** Tells what is waited for, and what came without a receipt. */
		onNotice(listener: (notice: Notice) => void): void;
		genesis(): string;
		specVersion(): Promise<number>;
		metadata(): Promise<Bytes>;
		finalNumber(): Promise<number>;
		hasSecond(): Promise<void>;
		keepCopies(device: Device, name: string): Promise<number>;
		removeCopies(): Promise<void>;
		who(): Promise<api.Who>;
		news(open?: number): Promise<News>;
		notebook(): Promise<string | null>;
		writeNotebook(text: string): Promise<void>;
		hospitals(): Promise<api.Hospital[]>;
		doctors(): Promise<api.Doctor[]>;
		doctor(doctor: number): Promise<api.Doctor>;
		requestMove(asDoctor: boolean, hospital?: number): Promise<api.Receipt>;
		accountChange(asDoctor: boolean): Promise<api.PendingAccount | null>;
		keepAccount(asDoctor: boolean): Promise<api.Receipt>;
		changeWords(words: string, signal: Signal): Promise<api.Receipt>;
		hasOwnKeys(): Promise<boolean>;

		ownRecords(query: api.RecordQuery | undefined, signal: Signal, watch: Watch): Promise<api.RecordPage>;
		records(patient: number, query: api.RecordQuery | undefined, signal: Signal, watch: Watch): Promise<api.RecordPage>;
		addRecords(records: api.NewRecord[], signal: Signal, watch: Watch): Promise<api.Added>;
		appendRecords(patient: number, records: api.NewRecord[], signal: Signal, watch: Watch): Promise<api.Added>;
		openOwn(record: number, signal: Signal, watch: Watch): Promise<api.OpenedRecord>;
		openRecord(patient: number, record: number, signal: Signal, watch: Watch): Promise<api.OpenedRecord>;
		withdrawRecord(record: number): Promise<api.Receipt>;
		settle(patient: number | undefined, signal: Signal, watch: Watch): Promise<api.Settled>;

		registerPatient(hospital: number, signal: Signal): Promise<{ receipt: api.Receipt; patient: number }>;
		ownProfile(signal: Signal, watch: Watch): Promise<api.Profile | null>;
		setOwnProfile(profile: api.Profile, signal: Signal, watch: Watch): Promise<api.Receipt>;
		removeProfile(): Promise<api.Receipt>;
		access(): Promise<api.Grant[]>;
		grant(doctor: number, terms: api.Terms, signal: Signal): Promise<api.Granted>;
		share(doctor: number, records: Uint32Array, terms: api.Terms, signal: Signal, watch: Watch): Promise<api.Granted>;
		unshare(doctor: number, records: Uint32Array, signal: Signal): Promise<api.Unshared>;
		institutions(): Promise<api.Institution[]>;
		deposits(): Promise<api.Deposit[]>;
		allowDeposit(institution: number, end: api.Time | null, signal: Signal): Promise<api.Receipt>;
		endDeposits(institutions: Uint32Array, signal: Signal): Promise<api.Receipt>;
		renewAppends(doctor: number, signal: Signal): Promise<api.Receipt>;
		extend(doctor: number, end: api.Time | null, signal: Signal): Promise<api.Granted>;
		revoke(doctors: Uint32Array, signal: Signal): Promise<api.Revoked>;
		repair(signal: Signal): Promise<{
			rotation: api.Receipt | null;
			renewed: { doctor: number; receipt: api.Receipt }[];
			problems: { doctor: number; problem: api.Problem }[];
		}>;
		rotate(signal: Signal): Promise<api.Receipt>;
		setMirror(hospital?: number): Promise<api.Receipt>;
		moveVault(from: number, to: number): Promise<api.Receipt>;
		looks(signal: Signal): Promise<api.Looks>;
		looksAsFhir(named: Pick<api.Look, "vault" | "number">[] | null, signal: Signal): Promise<string>;

		registerDoctor(hospital: number, entry: api.Practice, signal: Signal): Promise<{ receipt: api.Receipt; card: api.DeskCard }>;
		card(): Promise<api.DeskCard>;
		setEntry(doctor: number | undefined, entry: api.Practice): Promise<api.Receipt>;
		ownProposal(): Promise<api.Practice | null>;
		discardProposal(doctor: number | undefined): Promise<api.Receipt>;
		inbox(names: boolean, signal: Signal, watch: Watch): Promise<api.InboxEntry[]>;
		profile(patient: number, signal: Signal, watch: Watch): Promise<api.Profile>;
		relinquish(patient: number): Promise<api.Receipt>;
		newKey(signal: Signal): Promise<{ receipt: api.Receipt; card: api.DeskCard }>;

		appointments(): Promise<api.Appointment[]>;
		acceptAppointment(hospital: number): Promise<api.Receipt>;
		resign(): Promise<api.Receipt>;
		profileKey(): Promise<api.ProfileKey>;
		publishOwnKey(): Promise<api.Receipt>;
		publishProfileKey(shown: api.Address[]): Promise<api.Receipt>;
		shareProfileKey(shown: api.Address[]): Promise<api.Receipt | null>;
		queue(signal: Signal, watch: Watch): Promise<api.Queue>;
		deskPatient(patient: number | api.Address, signal: Signal): Promise<api.DeskPatient>;
		deskPatients(query: api.PatientQuery, signal: Signal, watch: Watch): Promise<api.PatientPage>;
		deskDoctor(doctor: number | api.Address, signal: Signal): Promise<api.DeskDoctor>;
		deskDoctors(signal: Signal): Promise<api.DeskDoctor[]>;
		verifyPatient(patient: number): Promise<api.Receipt>;
		verifyPatients(patients: Uint32Array): Promise<api.Verified>;
		checkKey(doctor: number, shown: api.Digest): Promise<{ matches: boolean; published: api.Digest }>;
		verifyDoctor(doctor: number, keyDigest: api.Digest, profileDigest: api.Digest, licenceExpires: api.Time | null): Promise<api.Receipt>;
		confirmEntry(doctor: number, digest: api.Digest): Promise<api.Receipt>;
		confirmKey(doctor: number, keyDigest: api.Digest): Promise<api.Receipt>;
		reject(person: api.Person): Promise<api.Receipt>;
		suspend(person: api.Person): Promise<api.Receipt>;
		reinstate(person: api.Person): Promise<api.Receipt>;
		takeIn(person: api.Person): Promise<api.Receipt>;
		declineMove(person: api.Person): Promise<api.Receipt>;
		stopAccountChange(person: api.Person): Promise<api.Receipt>;
		setProfile(patient: number, profile: api.Profile, signal: Signal, watch: Watch): Promise<api.Receipt>;
		setDetails(doctor: number, details: string, licenceExpires: api.Time | null): Promise<api.Receipt>;
		sponsor(account: api.Address, sponsored: boolean): Promise<api.Receipt>;
		appoint(account: api.Address): Promise<api.Receipt>;
		withdrawAppointment(account: api.Address): Promise<api.Receipt>;
		removeRegistrar(account: api.Address): Promise<api.Receipt>;
		departments(): Promise<api.DeskInstitution[]>;
		addInstitution(kind: api.Institution["kind"], name: string): Promise<api.Receipt>;
		closeInstitution(institution: number): Promise<api.Receipt>;
		appointOperator(institution: number, account: api.Address): Promise<api.Receipt>;
		removeOperator(institution: number, account: api.Address): Promise<api.Receipt>;
		setRegistration(mode: api.Hospital["registration"]): Promise<api.Receipt>;

		guardians(as: api.Capacity): Promise<api.Guardians | null>;
		candidate(delegate: api.Delegate): Promise<api.Candidate>;
		setGuardians(as: api.Capacity, choice: { guardians: api.Delegate[]; threshold: number; delay: number }, signal: Signal): Promise<api.Receipt>;
		renewGuardians(as: api.Capacity, signal: Signal): Promise<api.Receipt>;
		removeGuardians(as: api.Capacity): Promise<api.Receipt>;
		vetoRecovery(person: api.Person, account: api.Address): Promise<api.Receipt>;
		actingCard(): Promise<api.ActingCard>;
		publishActingKey(): Promise<api.Receipt>;
		wards(signal: Signal): Promise<api.Ward[]>;
		readOffer(text: string): api.Offer;
		requestRecovery(acting: api.ActingAs, offer: string): Promise<api.Receipt>;
		approveRecovery(acting: api.ActingAs, person: api.Person, account: api.Address, keyDigest: api.Digest): Promise<api.Receipt>;
		withdrawApproval(acting: api.ActingAs, person: api.Person, account: api.Address): Promise<api.Receipt>;
		handOverShare(acting: api.ActingAs, person: api.Person, account: api.Address): Promise<api.Receipt>;
		handOverDue(): Promise<number>;
		offer(person: api.Person): Promise<api.Offer>;
		ownRecovery(person: api.Person): Promise<api.OwnRecovery | null>;
		cancelRecovery(person: api.Person): Promise<api.Receipt>;
		finishRecovery(person: api.Person, signal: Signal): Promise<api.Receipt>;

		representatives(): Promise<api.Representative[]>;
		ofAge(signal: Signal): Promise<api.Time | null>;
		nameRepresentative(representative: number, scopes: api.Scopes, until: api.Time | null): Promise<api.Receipt>;
		sealToRepresentatives(signal: Signal): Promise<{ given: number[]; problems: { representative: number; problem: api.Problem }[] }>;
		endRepresentation(representative: number, signal: Signal): Promise<Pick<api.Revoked, "receipt" | "rotated" | "problem" | "confirmed">>;
		represented(names: boolean, signal: Signal): Promise<api.Represented[]>;
		resignRepresentation(patient: number): Promise<api.Receipt>;
		addRecordsFor(patient: number, records: api.NewRecord[], signal: Signal, watch: Watch): Promise<api.Added>;
		accessOf(patient: number): Promise<api.Grant[]>;
		grantFor(patient: number, doctor: number, terms: api.Terms, signal: Signal): Promise<api.Receipt>;
		revokeFor(patient: number, doctors: Uint32Array, signal: Signal): Promise<api.Receipt>;
		awaitingRepresentatives(signal: Signal): Promise<api.DeskRepresentative[]>;
		deskRepresentative(patient: number, representative: number, signal: Signal): Promise<api.DeskRepresentative>;
		confirmRepresentative(shown: Pick<api.DeskRepresentative, "patient" | "representative" | "scopes" | "until">, keyDigest: api.Digest): Promise<api.Receipt>;
		refuseRepresentative(patient: number, representative: number): Promise<api.Receipt>;

		ownEmergencies(): Promise<api.OwnEmergencies>;
		setEmergencyPlan(plan: { holders: number[]; threshold: number; records: number[] | null; duration: number }, signal: Signal): Promise<api.Receipt>;
		renewEmergencyPlan(signal: Signal): Promise<api.Receipt | null>;
		removeEmergencyPlan(): Promise<api.Receipt>;
		endEmergency(doctor: number): Promise<api.Receipt>;
		reviewEmergency(doctor: number, openedAt: api.Time, review: api.Review): Promise<api.Receipt>;
		emergencyState(patient: number): Promise<api.DoctorsEmergency>;
		requestEmergency(patient: number, reason: api.EmergencyReason, text: string): Promise<{ receipt: api.Receipt; told: number[]; untold: { hospital: number; problem: api.Problem }[] }>;
		withdrawEmergency(patient: number): Promise<api.Receipt>;
		emergencyText(patient: number, doctor: number, details: api.Digest): Promise<string | null>;
		emergenciesOf(patient: number): Promise<api.Emergency[]>;
		emergenciesAsked(signal: Signal): Promise<api.DeskEmergency[]>;
		confirmEmergency(patient: number, doctor: number): Promise<api.Receipt>;
	}
}
