// The dedicated Worker: owns the WebAssembly and the keys, and does what the page asks.
//
// One Worker is for one unlocked account. Locking ends it, and with it all memory that held a key; the page then
// starts another.
import start, {
	Device, FoundCopy, PasskeyQuestions, Unlocked, addressOf, checkWords, newHandle, newWords, readSheet, type Notice, type Session,
} from "medblock-web";
import { emergencyOf, recoveryOf, representativesOf } from "./acting.ts";
import type {
	Account, Connection, Consortium, DeskApi, DoctorApi, KeysApi, NetworkApi, NewRecord, NotebookApi, Options, Passkey, PatientApi, State, Waiting, WalletApi, Who,
} from "./api.ts";
import { Connector, OFFLINE } from "./connection.ts";
import { CopyKeeper } from "./copies.ts";
import { Elapsed } from "./elapsed.ts";
import { exported, exportedChart } from "./exporting.ts";
import { folded } from "./folded.ts";
import { OPTIONS, type FromWorker, type PasskeyQuestion, type PasskeysApi, type ToWorker } from "./messages.ts";
import { cancelled, problemOf, trouble } from "./problem.ts";
import { Bridge } from "./wallet/bridge.ts";
import { Watcher } from "./watching.ts";

/** The name of the browser's storage. */
const STORAGE = "medblock";
/** Milliseconds without a sign of the person after which the Worker ends. */
const IDLE = 10 * 60 * 1_000;
/** Milliseconds between two looks at the chain, and at the clock. */
const LOOK = 6_000;
const TICK = 5_000;
/** Milliseconds between two looks for shares that a guardian's device hands over by itself. */
const HELP = 30_000;
/** The name of the WebAssembly's file beside this one, and its digest; build.mjs sets both. */
declare const WASM: string;
declare const WASM_INTEGRITY: string;

const started = start({ module_or_path: fetch(new URL(WASM, import.meta.url), { integrity: WASM_INTEGRITY, credentials: "same-origin" }) });
let device: Promise<Device> | null = null;
let base = "/";
let chosen: string[] | null = null;
let account: Account | null = null;
/** The number of accounts that were unlocked so far. */
let opened = 0;
let inMemory = false;
let connector: Connector | null = null;
/** Those before it as well: each has a connection until it is released. */
let connectors: Connector[] = [];
const copies = new CopyKeeper();
let known: Promise<Consortium> | null = null;
/** The passkey that is being added: what it is asked, and its user handle. */
let adding: { questions: PasskeyQuestions; handle: Uint8Array<ArrayBuffer> } | null = null;
/** The copy that a passkey on its way opens. */
let found: FoundCopy | null = null;
/** That passkey, and the hospitals whose copies it does not open. */
let sought: { id: string; handle: Uint8Array<ArrayBuffer>; passed: number[] } | null = null;
const sinceSign = new Elapsed();
let working = 0;
const calls = new Map<number, { name: string; controller: AbortController }>();
/** Work that may use objects of the WebAssembly, also after it was cancelled: until it ends, none is freed. */
const inFlight = new Set<Promise<unknown>>();

function borrowing<Value>(work: Promise<Value>): Promise<Value> {
	inFlight.add(work);
	work.catch((why: unknown) => {
		// No other caller hears of what was cancelled.
		if (why instanceof WebAssembly.RuntimeError) broken(why);
	}).finally(() => inFlight.delete(work));
	return work;
}

// --- to the page -------------------------------------------------------------------------------------------------

const say = (message: FromWorker) => postMessage(message);

const watcher = new Watcher((name, value) => {
	if (name === "standing" || name === "alerts") sayState();
	say({ say: "event", name, value } as FromWorker);
});

const bridge = new Bridge(say);

let connectionBefore: Connection = OFFLINE;
function sayState(): void {
	const connection = connector?.connection ?? OFFLINE;
	const { problem: copyProblem } = copies;
	const { who, alerts } = watcher;
	const state: State = { phase: account ? "unlocked" : "locked", account, opened, inMemory, connection, copyProblem, who, alerts, waiting, unreceipted, working };
	say({ say: "state", state });
	if (connection === connectionBefore) return;
	connectionBefore = connection;
	say({ say: "event", name: "connection", value: connection });
}

/** What is waited for. It holds until what waits has ended, or something else is waited for. */
let waiting: Waiting | null = null;
/** Hospitals whose vaults have given something without a receipt that they owed. */
let unreceipted: number[] = [];
function hears({ kind, why, seconds, hospital }: Notice): void {
	if (kind === "no-receipt") {
		if (hospital === null || unreceipted.includes(hospital)) return;
		unreceipted = [...unreceipted, hospital];
		sayState();
		return;
	}
	if (working === 0) return;
	waiting = { for: kind, why, until: seconds === null ? null : new Date(Date.now() + seconds * 1_000).toISOString() };
	sayState();
}

// --- accounts ----------------------------------------------------------------------------------------------------

async function storage(): Promise<Device> {
	await started;
	device ??= Device.open(STORAGE);
	device.catch(() => {
		device = null;
	});
	return device;
}

async function consortium(): Promise<Consortium> {
	const missing = () => trouble("hospitals-not-loaded");
	known ??= fetch(new URL("consortium.json", base), { credentials: "omit" }).then(
		(answer) => {
			if (!answer.ok) throw missing();
			return answer.json() as Promise<Consortium>;
		},
		() => {
			throw missing();
		},
	);
	known.catch(() => {
		known = null;
	});
	return known;
}

async function addresses(): Promise<{ urls: string[]; consortium: Consortium }> {
	const all = await consortium();
	return { urls: chosen ?? all.hospitals.map(({ url }) => url), consortium: all };
}

/** Goes on with an unlocked account. The passkeys are known only where it is kept. */
async function begin(unlocked: Unlocked, kept: boolean): Promise<Account> {
	let begun: Account;
	try {
		const own = unlocked.account();
		const all = kept ? await (await storage()).accounts() : [];
		begun = all.find(({ name }) => name === own.name) ?? own;
	} catch (why) {
		unlocked.free();
		throw why;
	}
	connector?.end();
	account = begun;
	opened += 1;
	// The person has just unlocked it.
	sinceSign.restart();
	inMemory = !kept;
	waiting = null;
	unreceipted = [];
	watcher.forget();
	copies.again();
	bridge.again();
	connector = new Connector(unlocked, addresses, sayState, bridge.ask, hears);
	connectors.push(connector);
	sayState();
	// A look at the account before tells nothing about this one.
	connector.connect().then(lookAgain, () => {});
	return begun;
}

async function refreshed(): Promise<void> {
	if (!account || inMemory) return;
	const { name } = account;
	const before = opened;
	const all = await (await storage()).accounts();
	if (opened !== before) return;
	account = all.find((one) => one.name === name) ?? account;
	sayState();
}

function session(): Promise<Session> {
	if (!connector) throw trouble("locked");
	return connector.session();
}

async function bytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await file.arrayBuffer());
}

/** The contract's methods that the page's side does: what only a page can ask. */
type OfPage = "lock" | "touch" | "unlockByPasskey" | "addPasskey" | "passkeysSupported" | "findByPasskey" | "openByPasskey";

const keys: Omit<KeysApi, OfPage> = {
	async newWords() {
		await started;
		return newWords().split(" ");
	},
	async checkWords(words) {
		await started;
		try {
			checkWords(words);
			return null;
		} catch (why) {
			return problemOf(why);
		}
	},
	accounts: async () => (await storage()).accounts(),
	async create({ name, words, passphrase, development, wallet }) {
		return begin(await (await storage()).create(name, words, passphrase, development, wallet), true);
	},
	async addresses(texts) {
		await started;
		return texts.map((text) => addressOf(text) ?? null);
	},
	async unlock(name, passphrase) {
		return begin(await (await storage()).unlock(name, passphrase), true);
	},
	async unlockInMemory({ name, words }) {
		await started;
		return begin(Unlocked.ofWords(name, words), false);
	},
	async unlockFileInMemory(file, passphrase) {
		await started;
		return begin(await Unlocked.ofFile(await bytes(file), passphrase), false);
	},
	async words(name, passphrase) {
		return (await (await storage()).words(name, passphrase)).split(" ");
	},
	sheets: async (name, passphrase) => (await storage()).sheets(name, passphrase),
	async readSheet(text) {
		await started;
		return readSheet(text);
	},
	async createBySheets({ name, sheets: [one, other], passphrase }) {
		return begin(await (await storage()).createBySheets(name, one, other, passphrase), true);
	},
	async changePassphrase(name, old, next) {
		await (await storage()).changePassphrase(name, old, next);
	},
	async removePasskey(name, id) {
		await (await storage()).removePasskey(name, id);
		await changed();
	},
	async removeCopies() {
		const here = await session();
		// First the notes: a copy that is on its way is then removed as soon as it has arrived.
		if (account && !inMemory) await (await storage()).unwantCopies(account.name);
		try {
			await here.removeCopies();
		} finally {
			await changed();
		}
	},
	async exportFile(name) {
		return new Blob([await (await storage()).file(name)], { type: "application/octet-stream" });
	},
	async importFile(file, passphrase) {
		return begin(await (await storage()).takeIn(await bytes(file), passphrase), true);
	},
	async remove(name) {
		// Nothing may write for the account while it goes, or after: a list that is being read keeps its titles.
		if (account?.name === name) {
			connector?.end();
			for (const call of calls.values()) if (call.name !== "keys.remove") call.controller.abort();
		}
		await Promise.allSettled([looking, keeping, helping]);
		await (await storage()).remove(name);
	},
};

/** The account's passkeys have changed, and so have the copies that the vault is to have. */
async function changed(): Promise<void> {
	copies.again();
	await refreshed();
	void look();
}

/** Fetches the copy that a passkey opens; gives what to ask it. */
async function fetched({ id, handle, passed }: NonNullable<typeof sought>): Promise<PasskeyQuestion> {
	await started;
	const { urls, consortium } = await addresses();
	const copy = await FoundCopy.find(urls, consortium.genesis, handle, Uint32Array.from(passed));
	found?.free();
	found = copy;
	const questions = copy.questions();
	const asked = { id, first: questions.first(), second: questions.second() };
	questions.free();
	return asked;
}

const passkeys: PasskeysApi = {
	async questions(name) {
		const here = await storage();
		const own = (await here.accounts()).find((one) => one.name === name);
		const asked = [];
		for (const { id } of own?.passkeys ?? []) {
			const question = await here.questions(name, id);
			asked.push({ id, first: question.first(), second: question.second() });
			question.free();
		}
		return asked;
	},
	async unlock(name, { id, first, second }) {
		return begin(await (await storage()).unlockByPasskey(name, id, first, second), true);
	},
	async begin(name, passphrase) {
		const here = await storage();
		// So that no passkey is made in vain.
		await here.checkPassphrase(name, passphrase);
		const own = (await here.accounts()).find((one) => one.name === name);
		const who = account?.name === name ? watcher.who : null;
		const hospital = who?.patient?.hospital ?? who?.doctor?.hospital ?? who?.registrarOf ?? undefined;
		adding?.questions.free();
		const [questions, handle] = [new PasskeyQuestions(), newHandle(hospital)];
		adding = { questions, handle };
		const known = own?.passkeys.map(({ id }: Passkey) => id) ?? [];
		return { first: questions.first(), second: questions.second(), handle, known };
	},
	async add(name, passphrase, { id, first, second }) {
		if (!adding) throw trouble("no-passkey-asked");
		const { questions, handle } = adding;
		adding = null;
		const passkey = await (await storage()).addPasskey(name, passphrase, id, questions, first, second, handle);
		await changed();
		return passkey;
	},
	async find(id, handle) {
		sought = { id, handle, passed: [] };
		return fetched(sought);
	},
	async next() {
		if (!sought || !found) throw trouble("no-passkey-asked");
		sought.passed.push(found.hospital());
		return fetched(sought);
	},
	async open({ id, first, second }, passphrase, name) {
		const copy = found;
		if (!copy) throw trouble("no-passkey-asked");
		found = null;
		try {
			const unlocked = passphrase === null
				? copy.visit(first, second)
				: await copy.keep(await storage(), name, passphrase, id, first, second);
			const opened = await begin(unlocked, passphrase !== null);
			copy.free();
			return opened;
		} catch (why) {
			// The person may try again, such as with another name for what is here.
			found ??= copy;
			throw why;
		}
	},
};

// --- wallet ------------------------------------------------------------------------------------------------------

const wallet: Omit<WalletApi, "onAsk" | "again"> = {
	async chain() {
		const here = await session();
		return { genesis: here.genesis(), specVersion: await here.specVersion() };
	},
	metadata: async () => (await session()).metadata(),
};

// --- notebook ----------------------------------------------------------------------------------------------------

const notebook: NotebookApi = {
	read: async () => (await session()).notebook(),
	write: async (text) => (await session()).writeNotebook(text),
};

// --- network -----------------------------------------------------------------------------------------------------

const network: Omit<NetworkApi, "setUrls"> & { setUrls(urls: string[] | null): Promise<void> } = {
	consortium,
	async setUrls(urls) {
		chosen = urls;
		if (connector) await connector.connect();
	},
	async reconnect() {
		if (!connector) throw trouble("locked");
		bridge.again();
		connector.unlocked.signInAgain();
		await connector.connect();
		return connector.connection;
	},
	hospitals: async () => (await session()).hospitals(),
};

// --- patient -----------------------------------------------------------------------------------------------------

const watch = (unit: "bytes" | "records", options?: Options) =>
	options?.progress && ((done: number, total: number) => options.progress?.({ unit, done, total }));

const patient: PatientApi = {
	async register({ hospital, profile }, options) {
		const here = await session();
		const { receipt, patient } = await here.registerPatient(hospital, options?.signal);
		try {
			const written = await here.setOwnProfile(profile, options?.signal, watch("bytes", options));
			return { receipt, patient, profile: written, problem: null };
		} catch (why) {
			return { receipt, patient, profile: null, problem: problemOf(why) };
		}
	},
	profile: async (options) => (await session()).ownProfile(options?.signal, watch("bytes", options)),
	setProfile: async (profile, options) => (await session()).setOwnProfile(profile, options?.signal, watch("bytes", options)),
	removeProfile: async () => (await session()).removeProfile(),
	async doctors({ search = "", hospital, onlyPractising = false } = {}) {
		const wanted = folded(search).split(/\s+/).filter(Boolean);
		return (await (await session()).doctors()).filter((doctor) => {
			const { name = "", specialty = "", qualification = "" } = doctor.entry ?? {};
			const text = folded([name, specialty, qualification, doctor.details].join(" "));
			return wanted.every((word) => text.includes(word))
				&& (hospital === undefined || doctor.hospital === hospital)
				&& (!onlyPractising || doctor.practises);
		});
	},
	doctor: async (doctor) => (await session()).doctor(doctor),
	records: async (query, options) => (await session()).ownRecords(query, options?.signal, watch("records", options)),
	add: async (records, options) =>
		(await session()).addRecords(records.map(readable), options?.signal, watch("bytes", options)),
	open: async (record, options) => (await session()).openOwn(record, options?.signal, watch("bytes", options)),
	withdraw: async (record) => (await session()).withdrawRecord(record),
	access: async () => (await session()).access(),
	grant: async (doctor, terms, options) => (await session()).grant(doctor, terms, options?.signal),
	share: async (doctor, records, terms, options) =>
		(await session()).share(doctor, Uint32Array.from(records), terms, options?.signal, watch("bytes", options)),
	unshare: async (doctor, records, options) =>
		(await session()).unshare(doctor, Uint32Array.from(records), options?.signal),
	renewAppends: async (doctor, options) => (await session()).renewAppends(doctor, options?.signal),
	extend: async (doctor, until, options) =>
		(await session()).extend(doctor, until, options?.signal),
	institutions: async () => (await session()).institutions(),
	deposits: async () => (await session()).deposits(),
	allowDeposit: async (institution, until, options) => (await session()).allowDeposit(institution, until, options?.signal),
	endDeposits: async (institutions, options) => (await session()).endDeposits(Uint32Array.from(institutions), options?.signal),
	revoke: async (doctors, options) => (await session()).revoke(Uint32Array.from(doctors), options?.signal),
	async revokeAll(options) {
		const here = await session();
		const doctors = (await here.access()).map(({ doctor }) => doctor);
		return doctors.length === 0 ? null : here.revoke(Uint32Array.from(doctors), options?.signal);
	},
	async repair(options) {
		const { rotation, renewed, problems } = await (await session()).repair(options?.signal);
		if (!rotation && renewed.length === 0 && problems.length === 0) return null;
		return { rotation, renewed: renewed.map(({ doctor }) => doctor), problems };
	},
	rotate: async (options) => (await session()).rotate(options?.signal),
	looks: async (options) => (await session()).looks(options?.signal),
	looksAsFhir: async (named, options) => (await session()).looksAsFhir(named, options?.signal),
	settle: async (options) => (await session()).settle(undefined, options?.signal, watch("bytes", options)),
	export: async (options) => exported(await session(), options?.signal, watch("records", options)),
	requestMove: async (hospital) => (await session()).requestMove(false, hospital ?? undefined),
	setMirror: async (hospital) => (await session()).setMirror(hospital ?? undefined),
	moveVault: async (from, to) => (await session()).moveVault(from, to),
	accountChange: async () => (await session()).accountChange(false),
	keepAccount: async () => (await session()).keepAccount(false),
	changeWords: async (words, options) => (await session()).changeWords(words, options?.signal),
	hasOwnKeys: async () => (await session()).hasOwnKeys(),
	async finishWords(former, options) {
		await started;
		const { urls, consortium } = await addresses();
		const before = "words" in former ? Unlocked.ofWords("former", former.words) : await (await storage()).unlock(former.name, former.passphrase);
		try {
			if (!connector) throw trouble("locked");
			return await connector.unlocked.toOwnWords(urls, consortium.genesis, bridge.ask, before, options?.signal);
		} finally {
			before.free();
		}
	},
};

/** A media type as records take it: `type/subtype` (RFC 2045, §5.1), without parameters. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`{|}~-]{1,100}\/[\w!#$%&'*+.^`{|}~-]{1,100}$/;

/**
 * A record whose content is a file or text: what has no name yet gets an empty one. What a browser says of a file's
 * type, and is no type, is left out.
 */
function readable<Record extends { content: File | Blob | string; mediaType?: string }>(record: Record): Record {
	const { content } = record;
	if (typeof content === "string") return record;
	const isNone = record.mediaType === undefined && content.type !== "" && !MEDIA_TYPE.test(content.type);
	const typed = isNone ? { ...record, mediaType: "application/octet-stream" } : record;
	return content instanceof File ? typed : { ...typed, content: new File([content], "", { type: content.type }) };
}

// --- doctor ------------------------------------------------------------------------------------------------------

const doctor: DoctorApi = {
	register: async ({ hospital, entry }, options) => (await session()).registerDoctor(hospital, entry, options?.signal),
	card: async () => (await session()).card(),
	setEntry: async (entry) => (await session()).setEntry(undefined, entry),
	proposal: async () => (await session()).ownProposal(),
	discardProposal: async () => (await session()).discardProposal(undefined),
	inbox: async ({ names = false } = {}, options) =>
		(await session()).inbox(names, options?.signal, watch("records", options)),
	profile: async (patient, options) => (await session()).profile(patient, options?.signal, watch("bytes", options)),
	async records(patient, query, options) {
		watcher.open = patient;
		return (await session()).records(patient, query, options?.signal, watch("records", options));
	},
	async added(patient, length, options) {
		// The most that nodes give at once.
		const query = { ...(length > 0 && { after: length - 1 }), limit: 256, kept: true };
		return (await (await session()).records(patient, query, options?.signal, undefined)).items;
	},
	open: async (patient, record, options) =>
		(await session()).openRecord(patient, record, options?.signal, watch("bytes", options)),
	append: async (patient, records, options) =>
		(await session()).appendRecords(patient, records.map(readable), options?.signal, watch("bytes", options)),
	export: async (patient, options) => exportedChart(await session(), patient, options?.signal, watch("records", options)),
	relinquish: async (patient) => (await session()).relinquish(patient),
	newKey: async (options) => (await session()).newKey(options?.signal),
	settle: async (patient, options) => (await session()).settle(patient, options?.signal, watch("bytes", options)),
	requestMove: async (hospital) => (await session()).requestMove(true, hospital ?? undefined),
	accountChange: async () => (await session()).accountChange(true),
	keepAccount: async () => (await session()).keepAccount(true),
};

// --- desk --------------------------------------------------------------------------------------------------------

const desk: DeskApi = {
	appointments: async () => (await session()).appointments(),
	async acceptAppointment(hospital) {
		const receipt = await (await session()).acceptAppointment(hospital);
		await look();
		return receipt;
	},
	resign: async () => (await session()).resign(),
	profileKey: async () => (await session()).profileKey(),
	publishOwnKey: async () => (await session()).publishOwnKey(),
	publishProfileKey: async (shown) => (await session()).publishProfileKey(shown),
	shareProfileKey: async (shown) => (await session()).shareProfileKey(shown),
	queue: async (options) => (await session()).queue(options?.signal, watch("records", options)),
	patient: async (patient, options) => (await session()).deskPatient(patient, options?.signal),
	patients: async (query, options) => (await session()).deskPatients(query, options?.signal, watch("records", options)),
	doctor: async (doctor, options) => (await session()).deskDoctor(doctor, options?.signal),
	doctors: async (options) => (await session()).deskDoctors(options?.signal),
	verifyPatient: async (patient) => (await session()).verifyPatient(patient),
	verifyPatients: async (patients) => (await session()).verifyPatients(Uint32Array.from(patients)),
	checkKey: async (doctor, shown) => (await session()).checkKey(doctor, shown),
	verifyDoctor: async (doctor, { keyDigest, profileDigest }, licenceExpires) =>
		(await session()).verifyDoctor(doctor, keyDigest, profileDigest, licenceExpires),
	confirmEntry: async (doctor, digest) => (await session()).confirmEntry(doctor, digest),
	discardEntry: async (doctor) => (await session()).discardProposal(doctor),
	confirmKey: async (doctor, keyDigest) => (await session()).confirmKey(doctor, keyDigest),
	reject: async (person) => (await session()).reject(person),
	suspend: async (person) => (await session()).suspend(person),
	reinstate: async (person) => (await session()).reinstate(person),
	takeIn: async (person) => (await session()).takeIn(person),
	declineMove: async (person) => (await session()).declineMove(person),
	keepAccount: async (person) => (await session()).stopAccountChange(person),
	async correctProfile(patient, changes, options) {
		const here = await session();
		const known = await here.deskPatient(patient, options?.signal);
		// What can't be read must not be replaced by accident.
		if (known.problem) throw known.problem;
		const profile = { name: "", birthDate: null, contact: null, ...known.profile, ...changes };
		return here.setProfile(patient, profile, options?.signal, watch("bytes", options));
	},
	async correctEntry(doctor, changes) {
		const here = await session();
		const { entry } = await here.deskDoctor(doctor, undefined);
		if (!entry) throw trouble("no-entry");
		return here.setEntry(doctor, { ...entry, ...changes });
	},
	async setDetails(doctor, changes) {
		const here = await session();
		const { details, licenceExpires } = { ...(await here.deskDoctor(doctor, undefined)), ...changes };
		return here.setDetails(doctor, details, licenceExpires);
	},
	sponsor: async (account, sponsored) => (await session()).sponsor(account, sponsored),
	appoint: async (account) => (await session()).appoint(account),
	withdrawAppointment: async (account) => (await session()).withdrawAppointment(account),
	removeRegistrar: async (account) => (await session()).removeRegistrar(account),
	institutions: async () => (await session()).departments(),
	addInstitution: async (kind, name) => (await session()).addInstitution(kind, name),
	closeInstitution: async (institution) => (await session()).closeInstitution(institution),
	appointOperator: async (institution, account) => (await session()).appointOperator(institution, account),
	removeOperator: async (institution, account) => (await session()).removeOperator(institution, account),
	setRegistration: async (mode) => (await session()).setRegistration(mode),
};

// --- acting for others -------------------------------------------------------------------------------------------

/** Looks at the chain after a change, and not only with a look that began before. */
async function lookAgain(): Promise<void> {
	await looking;
	await look();
}

const means = { session, look: lookAgain, watch, readable: readable<NewRecord> };
const recovery = recoveryOf(means);
const representatives = representativesOf(means);
const emergency = emergencyOf(means);

// --- from the page -----------------------------------------------------------------------------------------------

const portal = {
	async who(): Promise<Who> {
		return (await session()).who();
	},
};

// `object` is without a prototype in effect: only own methods are found.
const groups: { [group: string]: object } = { portal, keys, passkeys, wallet, notebook, network, patient, doctor, desk, recovery, representatives, emergency };

/** Methods that only ask: leaving the page interrupts nothing. */
const ASKING = /^(keys|passkeys|wallet|notebook|network|portal)\.|\.(profile|doctors?|records|added|open|access|looks|looksAsFhir|export|card|inbox|proposal|accountChange|hasOwnKeys|institutions|deposits|appointments|profileKey|queue|patients?|checkKey|guardians|candidate|wards|readOffer|offer|own|mine|ofAge|represented|awaiting|atDesk|of|ofPatient|text|asked)$/;

function method(name: string): (...words: unknown[]) => Promise<unknown> {
	const [group = "", called = ""] = name.split(".");
	const methods = Object.hasOwn(groups, group) ? (groups[group] as { [called: string]: unknown }) : {};
	const found = Object.hasOwn(methods, called) ? methods[called] : undefined;
	if (typeof found !== "function") throw trouble("unknown-method", { method: name });
	return found as (...words: unknown[]) => Promise<unknown>;
}

async function call(id: number, name: string, words: unknown[]): Promise<void> {
	const controller = new AbortController();
	const { signal } = controller;
	const options: Options = { signal, progress: (progress) => say({ say: "progress", id, progress }) };
	const changes = !ASKING.test(name);
	calls.set(id, { name, controller });
	if (changes) {
		working += 1;
		// Who wants to change something is there to be asked.
		bridge.again();
		sayState();
	}
	try {
		const given = words.map((word) => (word === OPTIONS ? options : word));
		const ended = new Promise<never>((_, fails) => signal.addEventListener("abort", () => fails(cancelled())));
		const value = await Promise.race([borrowing(method(name)(...given)), ended]);
		say({ say: "done", id, value });
	} catch (why) {
		if (why instanceof WebAssembly.RuntimeError) return broken(why);
		say({ say: "failed", id, problem: problemOf(why) });
	} finally {
		calls.delete(id);
		if (changes) {
			working -= 1;
			if (working === 0) waiting = null;
			sayState();
			void look();
		}
	}
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
	switch (data.say) {
		case "hello":
			base = data.base;
			chosen = data.urls;
			started.then(sayState, broken);
			break;
		case "call":
			void call(data.id, data.method, data.words);
			break;
		case "cancel":
			calls.get(data.id)?.controller.abort();
			break;
		case "answer":
			bridge.answer(data.id, data.signature, data.problem);
			break;
		case "again":
			bridge.again();
			break;
		case "here":
			// A device that wakes tells of the person before this looks at the clock: they come too late all the same.
			if (!endsIdle()) sinceSign.restart();
			break;
	}
});

// --- by itself ---------------------------------------------------------------------------------------------------

/** After a panic the WebAssembly's memory is not to be trusted: the page starts another Worker. */
function broken(why: unknown): void {
	console.error(why);
	say({ say: "end", why: "crashed" });
}
addEventListener("error", (event) => {
	// Told as above: the page must not take it for a script that could not be loaded.
	event.preventDefault();
	broken(event.error);
});
addEventListener("unhandledrejection", (event) => {
	if (!(event.reason instanceof WebAssembly.RuntimeError)) return;
	event.preventDefault();
	broken(event.reason);
});

let looking: Promise<void> | null = null;
/** Looks at the chain, one look at a time. */
function look(): Promise<void> {
	looking ??= borrowing(looked()).finally(() => {
		looking = null;
	});
	return looking;
}

async function looked(): Promise<void> {
	const now = connector;
	if (!now || now.connection.state === "offline" || now.connection.state === "connecting") return;
	let here: Session;
	try {
		here = await now.session();
		now.saw(await watcher.look(here));
	} catch (why) {
		if (why instanceof WebAssembly.RuntimeError) throw why;
		now.lost(why);
		return;
	}
	const { who } = watcher;
	if (now === connector && account && !inMemory && who) keep(here, account.name, who);
	if (now === connector && account && who) help(here, account, who);
}

let helping: Promise<void> | null = null;
let sinceHelp: Elapsed | null = null;
/** Hands over what the person has approved, once its time has come. A wallet's owner does it by the button on the page. */
function help(session: Session, { kind }: Account, { patient, doctor, registrarOf }: Who): void {
	const mayGuard = patient !== null || doctor !== null || registrarOf !== null;
	if (helping || !mayGuard || kind === "wallet" || (sinceHelp !== null && sinceHelp.milliseconds < HELP)) return;
	sinceHelp = new Elapsed();
	// A share that can't be handed over is tried again, and the page's button says why.
	helping = borrowing(session.handOverDue()).then(() => {}, () => {}).finally(() => {
		helping = null;
	});
}

let keeping: Promise<void> | null = null;
/** Sees to the copies of passkeys' files, beside the looks at the chain: a vault may be slow. */
function keep(session: Session, name: string, who: Who): void {
	keeping ??= borrowing(kept(session, name, who)).catch(() => {}).finally(() => {
		keeping = null;
	});
}

async function kept(session: Session, name: string, who: Who): Promise<void> {
	if (await copies.look(session, await storage(), name, who)) await refreshed();
}

/** Ends the Worker if its person was away for too long. Whether they were. */
function endsIdle(): boolean {
	if (!account || working > 0 || sinceSign.milliseconds <= IDLE) return false;
	say({ say: "end", why: "idle" });
	close();
	return true;
}

setInterval(() => void look(), LOOK);
setInterval(() => {
	if (inFlight.size === 0) connectors = connectors.filter((one) => !one.release());
	endsIdle();
}, TICK);
