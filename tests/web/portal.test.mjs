// The portal's Worker, by the contract that pages use: a patient, a doctor and a desk in headless Chromium, on real
// nodes and with a real vault.
//
// Usage: SITE=FOLDER PORT=N VAULT=URL NODES=URL,URL MEDBLOCK=PROGRAM HOMES=FOLDER node --test portal.test.mjs
//
// The page and the vault are at one address, as where a hospital serves both: VAULT is behind it. HOMES has the folders
// staff (a registrar of the genesis), boss (the hospital's controller), clerk (a new account) and ana (empty) for the
// command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Decrypter, webauthn } from "age-encryption";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const { SITE, PORT, VAULT, NODES, MEDBLOCK, HOMES, MEDBLOCK_PASSPHRASE_FILE } = process.env;
const PASSPHRASE = "correct horse battery staple";
/** Longer than two slices of an upload, and no multiple of anything. */
const LENGTH = 2 * 8 * 2 ** 20 + 12_345;
const CT = {
	title: "CT of the chest",
	mediaType: "application/dicom",
	fileName: "chest.dcm",
	writtenAt: "2026-11-28T08:30:00Z",
};
const PROFILE = { name: "Ana Petrović", birthDate: "1984-03-09", contact: null };
const ENTRY = { name: "Dr. Ben Ömer", specialty: "cardiology", qualification: "MD", practisingSince: 2009 };

// As strict as a gateway is.
const policy = [
	"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self' blob:",
	"font-src 'self'", `connect-src 'self' ${NODES.replaceAll(",", " ")}`, "worker-src 'self'", "manifest-src 'self'",
	"frame-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
	"require-trusted-types-for 'script'", "trusted-types svelte-trusted-html mb-worker",
].join("; ");
const headers = {
	"content-security-policy": policy,
	"cross-origin-opener-policy": "same-origin",
	"cross-origin-resource-policy": "same-origin",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
};

const server = await serve(SITE, { port: Number(PORT), vault: VAULT, headers });
const browser = await launch();
after(async () => {
	await browser.close();
	server.close();
});
const said = [];

/** A person with a browser of their own, whose storage outlives a page. */
async function person(name) {
	const context = await browser.newContext();
	const asked = [];
	context.on("request", (request) => asked.push(new URL(request.url()).host));
	const visit = async () => {
		const page = await context.newPage();
		page.on("console", (message) => said.push(`${name}: ${message.text()}`));
		page.on("pageerror", (error) => said.push(`${name}: ${error}`));
		await page.goto(`http://localhost:${PORT}/`);
		await page.waitForFunction(() => globalThis.portal && globalThis.portal.state.phase !== "starting");
		return page;
	};
	return { context, asked, visit, page: await visit() };
}

/** Calls a method of the portal. A problem is thrown with its kind. */
async function ask({ page }, method, ...words) {
	const { value, problem } = await page.evaluate(async ([method, words]) => {
		const { portal } = globalThis;
		const [group, called] = method.split(".");
		try {
			const value = await (called ? portal[group][called](...words) : portal[group](...words));
			return { value };
		} catch (error) {
			const { kind, sentence, advice } = error;
			return { problem: { kind: kind ?? "thrown", sentence: sentence ?? String(error), advice } };
		}
	}, [method, words]);
	if (problem) throw Object.assign(new Error(`${method}: ${problem.kind}: ${problem.sentence}`), problem);
	return value;
}

const refused = (promise, kind, sentence = /./) =>
	assert.rejects(promise, (error) => {
		assert.equal(error.kind, kind, error.message);
		assert.match(error.sentence, sentence);
		assert.match(error.sentence, /^\p{Lu}.*[.!?]$/u, "it is a sentence");
		return true;
	});

/** Milliseconds that something may take, on a machine that stops processes for seconds. */
const PATIENCE = 60_000;

/** Waits until something holds on a page. */
const until = ({ page }, holds) => page.waitForFunction(holds, undefined, { timeout: PATIENCE });

/** Keeps these events of a page, and forgets those before. */
const listen = ({ page }, name) => page.evaluate((name) => {
	globalThis.deaf?.();
	globalThis.heard = [];
	globalThis.deaf = globalThis.portal.on(name, (value) => globalThis.heard.push([name, value]));
}, name);

/** Opens a record, and tells of its bytes whether they follow the pattern; of text also what it says. */
async function opened({ page }, method, words, is_text = false) {
	const { problem, ...found } = await page.evaluate(async ([method, words, is_text]) => {
		const [group, called] = method.split(".");
		try {
			const { headers, content, sealedToOlderKey } = await globalThis.portal[group][called](...words);
			const bytes = new Uint8Array(await content.arrayBuffer());
			const pattern = bytes.every((byte, index) => byte === (Math.trunc(index / 7) & 255));
			const text = is_text ? await content.text() : null;
			return { headers, type: content.type, length: bytes.length, pattern, sealedToOlderKey, text };
		} catch (error) {
			return { problem: { kind: error.kind, sentence: error.sentence ?? String(error) } };
		}
	}, [method, words, is_text]);
	if (problem) throw Object.assign(new Error(`${method}: ${problem.kind}: ${problem.sentence}`), problem);
	return found;
}

/** Runs `medblock`, and gives its JSON. */
async function runs(home, ...words) {
	const { stdout } = await promisify(execFile)(MEDBLOCK, ["--home", join(HOMES, home), "--json", ...words]);
	return JSON.parse(stdout);
}

/** Opens a file for a passkey as npm's age-encryption does, which asks the browser's passkey. */
async function openedByAge({ page }, name) {
	const file = await page.evaluate((name) => new Promise((resolve, reject) => {
		const opening = indexedDB.open("medblock");
		opening.onerror = reject;
		opening.onsuccess = () => {
			const found = opening.result.transaction("names").objectStore("names").get(name);
			found.onsuccess = () => resolve([...found.result.value]);
			found.onerror = reject;
		};
	}), name);
	const get = async ({ publicKey: { extensions: { prf }, ...publicKey } }) => {
		const asked = [prf.eval.first, prf.eval.second, publicKey.challenge].map((bytes) => [...bytes]);
		const results = await page.evaluate(async (asked) => {
			const [first, second, challenge] = asked.map((bytes) => Uint8Array.from(bytes));
			const prf = { eval: { first, second } };
			const options = { challenge, userVerification: "required", extensions: { prf } };
			const { results } = (await navigator.credentials.get({ publicKey: options })).getClientExtensionResults().prf;
			return [results.first, results.second].map((bytes) => [...new Uint8Array(bytes)]);
		}, asked);
		const [first, second] = results.map((bytes) => Uint8Array.from(bytes));
		return { getClientExtensionResults: () => ({ prf: { results: { first, second } } }) };
	};
	Object.defineProperty(globalThis, "navigator", { value: { credentials: { get } }, configurable: true });
	const decrypter = new Decrypter();
	decrypter.addIdentity(new webauthn.WebAuthnIdentity({ rpId: "localhost" }));
	return JSON.parse(await decrypter.decrypt(Uint8Array.from(file), "text"));
}

/** The names in a page's storage, and what its origin keeps besides. */
const kept = ({ page }) => page.evaluate(() => new Promise((resolve, reject) => {
	const opening = indexedDB.open("medblock");
	opening.onerror = reject;
	opening.onsuccess = () => {
		const found = opening.result.transaction("names").objectStore("names").getAllKeys();
		found.onerror = reject;
		found.onsuccess = () => {
			opening.result.close();
			resolve({ names: found.result, items: Object.keys(localStorage) });
		};
	};
}));

/** Waits until an address answers with this status. */
async function answers(url, status) {
	const deadline = Date.now() + PATIENCE;
	while ((await fetch(url)).status !== status) {
		assert.ok(Date.now() < deadline, `it never answers ${status}`);
		await new Promise((next) => setTimeout(next, 500));
	}
}

const ana = await person("Ana");
const ben = await person("Ben");
const desk = await person("the desk");
let words;
let patient;
let doctor;

test("makes an account, locks it, and unlocks it", async () => {
	assert.deepEqual(await ask(ana, "keys.accounts"), []);
	words = (await ask(ana, "keys.newWords")).join(" ");
	assert.equal(words.split(" ").length, 24);
	assert.equal(await ask(ana, "keys.checkWords", `  ${words.toUpperCase()} `), null);
	assert.equal((await ask(ana, "keys.checkWords", "abandon")).kind, "invalid");
	await listen(ana, "locked");
	const account = await ask(ana, "keys.create", { name: "ana", words, passphrase: PASSPHRASE });
	assert.equal(account.kind, "own");
	await until(ana, () => globalThis.portal.state.connection.state === "connected");
	await ask(ana, "keys.lock");
	assert.deepEqual(await ana.page.evaluate(() => globalThis.heard), [["locked", { why: "asked" }]]);
	await refused(ask(ana, "who"), "locked");
	await refused(ask(ana, "keys.unlock", "ana", "wrong"), "wrong-passphrase");
	await refused(ask(ana, "keys.create", { name: "ana", words, passphrase: PASSPHRASE }), "invalid", /ana/);
	assert.deepEqual(await ask(ana, "keys.unlock", "ana", PASSPHRASE), account);
	const { address } = account;
	const nothing = { patient: null, doctor: null, registrarOf: null, controllerOf: null, sponsoredBy: [] };
	assert.deepEqual(await ask(ana, "who"), { account: address, ...nothing });
	assert.equal((await ask(ana, "keys.words", "ana", PASSPHRASE)).join(" "), words);
});

test("a passkey unlocks beside the passphrase, and a changed passphrase holds", async () => {
	const devtools = await ana.context.newCDPSession(ana.page);
	await devtools.send("WebAuthn.enable");
	await devtools.send("WebAuthn.addVirtualAuthenticator", { options: {
		protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true,
		hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true,
	} });
	assert.equal(await ask(ana, "keys.passkeysSupported"), true);
	await refused(ask(ana, "keys.addPasskey", "ana", "wrong"), "wrong-passphrase");
	const passkey = await ask(ana, "keys.addPasskey", "ana", PASSPHRASE);
	assert.deepEqual((await ask(ana, "keys.accounts"))[0].passkeys, [passkey]);
	const { words: sealed, name } = await openedByAge(ana, `passkeys/ana/${passkey.id}.age`);
	assert.deepEqual([sealed, name], [words, "ana"]);
	await ask(ana, "keys.lock");
	assert.equal((await ask(ana, "keys.unlockByPasskey", "ana")).name, "ana");
	await ask(ana, "keys.changePassphrase", "ana", PASSPHRASE, "another one");
	await refused(ask(ana, "keys.words", "ana", PASSPHRASE), "wrong-passphrase");
	await ask(ana, "keys.changePassphrase", "ana", "another one", PASSPHRASE);
	await ask(ana, "keys.removePasskey", "ana", passkey.id);
	await refused(ask(ana, "keys.unlockByPasskey", "ana"), "invalid", /No passkey/);
});

test("a keystore file of the command line opens the desk", async () => {
	const file = [...await readFile(join(HOMES, "staff", "accounts", "desk.age"))];
	const passphrase = (await readFile(MEDBLOCK_PASSPHRASE_FILE, "utf8")).trim();
	const account = await desk.page.evaluate(([file, passphrase]) =>
		globalThis.portal.keys.importFile(new Blob([Uint8Array.from(file)]), passphrase), [file, passphrase]);
	assert.equal(account.kind, "development");
	assert.equal((await ask(desk, "who")).registrarOf, 0);
	const { holders, ...none } = await ask(desk, "desk.profileKey");
	assert.deepEqual(none, { version: 0, held: false, ownKey: false, due: false, waiting: [], keyless: [account.address] });
	assert.deepEqual(holders, []);
	await refused(ask(desk, "desk.publishProfileKey", []), "refused", /No registrar of hospital 0/);
	assert.equal((await ask(desk, "desk.publishOwnKey")).call, "Consortium.set_registrar_key");
	await refused(ask(desk, "desk.publishProfileKey", []), "refused", /was not among those who were shown/);
	assert.equal((await ask(desk, "desk.publishProfileKey", [account.address])).call, "Consortium.publish_profile_key");
	assert.equal(await ask(desk, "desk.shareProfileKey", []), null);
	const { version, held } = await ask(desk, "desk.profileKey");
	assert.deepEqual([version, held], [1, true]);
});

test("a patient registers, and the desk verifies who it is", async () => {
	await listen(ana, "standing");
	await refused(ask(ana, "patient.register", { hospital: 99, profile: PROFILE }), "invalid", /no hospital 99/);
	const registered = await ask(ana, "patient.register", { hospital: 0, profile: PROFILE });
	assert.equal(registered.problem, null);
	assert.equal(registered.receipt.call, "MedicalRecords.register_patient");
	assert.match(registered.profile.block.hash, /^0x[0-9a-f]{64}$/);
	patient = registered.patient;
	assert.deepEqual(await ask(ana, "patient.profile"), PROFILE);
	await refused(ask(ana, "patient.add", [{ content: "too early", title: "Note" }]), "refused", /not verified/);

	const { patients } = await ask(desk, "desk.queue");
	const waiting = patients.find((one) => one.patient === patient);
	assert.deepEqual(waiting.profile, PROFILE);
	assert.equal(waiting.wants, "verification");
	const days = (new Date(waiting.lapsesAt) - new Date(waiting.registeredAt)) / 86_400_000;
	assert.equal(days, 14);
	assert.equal((await ask(desk, "desk.verifyPatient", patient)).call, "MedicalRecords.verify_patient");
	await refused(ask(desk, "desk.verifyPatients", [patient, patient]), "refused", /verified already/);
	await until(ana, () => globalThis.portal.state.who?.patient?.standing === "verified");
	const heard = await ana.page.evaluate(() => globalThis.heard.map(([, who]) => who.patient?.standing));
	assert.ok(heard.includes("pending") && heard.at(-1) === "verified", JSON.stringify(heard));
	const corrected = { ...PROFILE, contact: "+381 11 000" };
	await ask(desk, "desk.correctProfile", patient, { contact: corrected.contact });
	assert.deepEqual(await ask(ana, "patient.profile"), corrected);
});

test("a colleague accepts a place at the desk, and receives the key of names from it", async () => {
	const { address } = await runs("clerk", "account", "show");
	await runs("boss", "hospital", "registrar", "appoint", address);
	assert.equal((await runs("clerk", "hospital", "registrar", "accept")).hospital, 0);
	assert.deepEqual((await ask(desk, "desk.profileKey")).waiting, [address]);
	await assert.rejects(runs("clerk", "hospital", "profile", "--patient", `${patient}`));
	await refused(ask(desk, "desk.shareProfileKey", []), "refused", /was not among those who were shown/);
	assert.equal((await ask(desk, "desk.shareProfileKey", [address])).call, "Consortium.share_profile_key");
	assert.equal((await runs("clerk", "hospital", "profile", "--patient", `${patient}`)).name, PROFILE.name);
	await runs("clerk", "hospital", "registrar", "resign", "--yes");
	const { due: isDue, holders } = await ask(desk, "desk.profileKey");
	assert.equal(isDue, true);
	assert.equal((await ask(desk, "desk.publishProfileKey", holders)).call, "Consortium.publish_profile_key");
	const { version, due } = await ask(desk, "desk.profileKey");
	assert.deepEqual([version, due], [2, false]);
	assert.equal((await ask(desk, "desk.patient", patient)).profile.name, PROFILE.name);
});

test("a doctor registers, and the desk compares the key", async () => {
	const words = (await ask(ben, "keys.newWords")).join(" ");
	await ask(ben, "keys.create", { name: "ben", words, passphrase: PASSPHRASE });
	const { card } = await ask(ben, "doctor.register", { hospital: 0, entry: ENTRY });
	doctor = card.doctor;
	assert.deepEqual(await ask(ben, "doctor.card"), card);
	const waiting = await ask(desk, "desk.doctor", card.account);
	assert.deepEqual([waiting.entry, waiting.wants, waiting.keyDigest], [ENTRY, "verification", card.keyDigest]);
	const other = `0x${"07".repeat(32)}`;
	assert.equal((await ask(desk, "desk.checkKey", doctor, other)).matches, false);
	const { profileDigest } = waiting;
	for (const wrong of [{ keyDigest: other }, { profileDigest: other }]) {
		const digests = { keyDigest: card.keyDigest, profileDigest, ...wrong };
		await refused(ask(desk, "desk.verifyDoctor", doctor, digests, null), "refused");
	}
	assert.equal((await ask(desk, "desk.checkKey", doctor, card.keyDigest)).matches, true);
	const digests = { keyDigest: card.keyDigest, profileDigest };
	await ask(desk, "desk.verifyDoctor", doctor, digests, "2030-01-01T00:00:00Z");
	await ask(desk, "desk.setDetails", doctor, { details: "Room 7" });
	await ask(desk, "desk.correctEntry", doctor, { qualification: "MD, PhD" });
	const [found] = await ask(ana, "patient.doctors", { search: "omer CARDIO", onlyPractising: true });
	assert.equal(found.doctor, doctor);
	assert.deepEqual([found.keyConfirmed, found.details, found.licenceExpires, found.entry.qualification],
		[true, "Room 7", "2030-01-01T00:00:00Z", "MD, PhD"]);
	assert.deepEqual(await ask(ana, "patient.doctors", { search: "dermatology" }), []);
});

test("a passkey alone brings the account to a browser that has forgotten everything", async () => {
	const putting = ana.page.waitForRequest((request) => request.method() === "PUT", { timeout: PATIENCE });
	const passkey = await ask(ana, "keys.addPasskey", "ana", PASSPHRASE);
	assert.equal(passkey.copy, "waiting");
	const place = (await putting).url().replace("//localhost", "//127.0.0.1");
	assert.match(place, /\/v1\/keys\/[0-9a-f]{64}$/);
	await refused(ask(ana, "keys.addPasskey", "ana", PASSPHRASE), "invalid", /already/);
	await until(ana, () => globalThis.portal.state.account.passkeys[0].copy === "stored");
	const copy = new Uint8Array(await (await fetch(place)).arrayBuffer());
	assert.equal(new TextDecoder().decode(copy.subarray(0, 21)), "age-encryption.org/v1");

	await ask(ana, "keys.lock");
	// As when a person clears what the browser keeps.
	const devtools = await ana.context.newCDPSession(ana.page);
	await devtools.send("Storage.clearDataForOrigin", { origin: `http://localhost:${PORT}`, storageTypes: "all" });
	await ana.page.reload();
	await ana.page.waitForFunction(() => globalThis.portal && globalThis.portal.state.phase !== "starting");
	assert.deepEqual(await ask(ana, "keys.accounts"), []);

	await ask(ana, "keys.findByPasskey");
	const visiting = await ask(ana, "keys.openByPasskey", null);
	assert.equal((await ask(ana, "who")).patient.patient, patient);
	assert.deepEqual(await ask(ana, "keys.accounts"), [], "a visit keeps nothing");
	await ask(ana, "keys.lock");

	const others = (await ask(ana, "keys.newWords")).join(" ");
	await ask(ana, "keys.create", { name: "ana", words: others, passphrase: PASSPHRASE });
	await ask(ana, "keys.findByPasskey");
	await refused(ask(ana, "keys.openByPasskey", PASSPHRASE), "invalid", /ana already/);
	const second = await ask(ana, "keys.openByPasskey", PASSPHRASE, "second");
	assert.deepEqual([second.name, second.address], ["second", visiting.address]);
	await ask(ana, "keys.lock");
	assert.equal((await ask(ana, "keys.unlockByPasskey", "second")).address, visiting.address);
	for (const name of ["ana", "second"]) await ask(ana, "keys.remove", name);
	await ask(ana, "keys.lock");

	await ask(ana, "keys.findByPasskey");
	const opened = await ask(ana, "keys.openByPasskey", PASSPHRASE);
	assert.deepEqual([opened.name, opened.address], ["ana", visiting.address]);
	assert.deepEqual(opened.passkeys.map(({ id, copy }) => [id, copy]), [[passkey.id, "stored"]]);
	assert.equal((await ask(ana, "keys.words", "ana", PASSPHRASE)).join(" "), words);
	await ask(ana, "keys.lock");
	assert.equal((await ask(ana, "keys.unlockByPasskey", "ana")).name, "ana");

	await ask(ana, "keys.removePasskey", "ana", passkey.id);
	await answers(place, 404);
});

test("the words alone remove all copies of an account, and each hospital that can't be asked is named", async () => {
	const putting = ana.page.waitForRequest((request) => request.method() === "PUT", { timeout: PATIENCE });
	const lost = await ask(ana, "keys.addPasskey", "ana", PASSPHRASE);
	const place = (await putting).url().replace("//localhost", "//127.0.0.1");
	await until(ana, () => globalThis.portal.state.account.passkeys[0].copy === "stored");
	await ask(ana, "keys.lock");
	await ask(ana, "keys.unlockInMemory", { name: "ana", words });
	// Only the first hospital has a vault here.
	await refused(ask(ana, "keys.removeCopies"), "network", /^The copies at Eastside Clinic, South Shore Hospital, Westfield Infirmary were not removed/);
	assert.equal((await fetch(place)).status, 404);
	await ask(ana, "keys.lock");
	await ask(ana, "keys.unlock", "ana", PASSPHRASE);
	await ask(ana, "keys.removePasskey", "ana", lost.id);
});

test("a page that is left is locked, and shows no account when the browser brings it back", async () => {
	await listen(ana, "locked");
	await ana.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
	assert.deepEqual(await ana.page.evaluate(() => globalThis.heard), [["locked", { why: "left" }]]);
	assert.deepEqual(await ana.page.evaluate(() => [globalThis.portal.state.phase, globalThis.portal.state.account]), ["starting", null]);
	await ana.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
	await until(ana, () => globalThis.portal.state.phase === "locked");
	await ask(ana, "keys.unlock", "ana", PASSPHRASE);
});

test("a patient adds records in slices, and opens them, also after the tab was closed", async () => {
	const added = await ana.page.evaluate(async ([length, { fileName, ...record }]) => {
		const bytes = Uint8Array.from({ length }, (_, index) => index / 7);
		const content = new File([bytes], fileName, { lastModified: 0 });
		const seen = [];
		const progress = (one) => seen.push(one);
		const records = [{ content, ...record }, { content: "Felt dizzy.", title: "Diary" }];
		return { ...await globalThis.portal.patient.add(records, { progress }), seen };
	}, [LENGTH, CT]);
	assert.deepEqual([added.records, added.waiting], [[0, 1], 0]);
	const last = added.seen.at(-1);
	assert.deepEqual([last.unit, last.done], ["bytes", last.total]);
	assert.ok(added.seen.length >= 3, `it was sent in slices: ${JSON.stringify(added.seen)}`);
	const { items, next, at } = await ask(ana, "patient.records");
	assert.equal(next, null);
	assert.ok(at.number > 0);
	assert.deepEqual(items.map(({ record, headers, state, author }) => [record, headers.title, state, author.kind]),
		[[0, CT.title, "readable", "patient"], [1, "Diary", "readable", "patient"]]);
	assert.deepEqual(items[0].headers, CT);
	await ana.page.close();
	ana.page = await ana.visit();
	await ask(ana, "keys.unlock", "ana", PASSPHRASE);
	assert.deepEqual(await opened(ana, "patient.open", [0]), {
		headers: CT, type: "application/octet-stream", length: LENGTH, pattern: true, sealedToOlderKey: false, text: null,
	});
	await refused(ask(ana, "patient.open", 7), "invalid", /no record 7/);
});

test("what is cancelled stops, and adds nothing", async () => {
	const kind = await ana.page.evaluate(async (length) => {
		const controller = new AbortController();
		const content = new File([new Uint8Array(length)], "long.bin", { lastModified: 0 });
		const progress = () => controller.abort();
		try {
			await globalThis.portal.patient.add([{ content, title: "Never" }], { signal: controller.signal, progress });
			return "added";
		} catch (error) {
			return error.kind;
		}
	}, 4 * LENGTH);
	assert.equal(kind, "cancelled");
	assert.equal((await ask(ana, "patient.records")).items.length, 2);
	await until(ana, () => globalThis.portal.state.working === 0);
});

test("a patient grants, and the doctor reads and answers", async () => {
	await until(ben, () => globalThis.portal.state.who?.doctor?.standing === "verified");
	await listen(ben, "inbox");
	await refused(ask(ben, "doctor.records", patient), "denied");
	const end = "2031-05-01T00:00:00Z";
	const granted = await ask(ana, "patient.grant", doctor, { mayAppend: true, until: end });
	assert.deepEqual([granted.receipt.call, granted.rotation, granted.problem],
		["MedicalRecords.grant_access", null, null]);
	const [grant] = await ask(ana, "patient.access");
	assert.deepEqual([grant.doctor, grant.doctorName, grant.scope, grant.key, grant.active, grant.expiresAt],
		[doctor, ENTRY.name, "chart", "current", true, end]);
	await until(ben, () => globalThis.heard.some(([, grants]) => grants.length === 1));
	const [entry] = await ask(ben, "doctor.inbox", { names: true });
	assert.deepEqual([entry.patient, entry.patientName, entry.birthDate, entry.mayAppend, entry.length],
		[patient, PROFILE.name, PROFILE.birthDate, true, 2]);
	assert.deepEqual((await ask(ben, "doctor.inbox")).map(({ patientName, length }) => [patientName, length]), [[null, null]]);
	// What came in is asked without a look: nothing of it is on this device yet.
	assert.deepEqual((await ask(ben, "doctor.added", patient, 1)).map(({ record, state }) => [record, state]), [[1, "fetching"]]);
	assert.deepEqual(await ask(ben, "doctor.added", patient, 2), []);
	const known = async () => (await ask(ben, "doctor.records", patient, { kept: true })).items.map(({ state }) => state);
	assert.deepEqual(await known(), ["fetching", "fetching"]);
	const { items } = await ask(ben, "doctor.records", patient);
	assert.deepEqual(items.map(({ headers }) => headers.title), [CT.title, "Diary"]);
	assert.deepEqual(await known(), ["readable", "readable"]);
	assert.ok((await kept(ben)).names.some((name) => name.includes("/titles/")));
	assert.equal((await opened(ben, "doctor.open", [patient, 0])).pattern, true);
	const note = { content: "Come back in May.", title: "Answer", inReplyTo: 1 };
	assert.deepEqual((await ask(ben, "doctor.append", patient, [note])).records, [2]);
	const [seen] = (await ask(ana, "patient.records", { after: 1 })).items;
	assert.deepEqual([seen.inReplyTo, seen.author], [1, { kind: "doctor", doctor, name: ENTRY.name }]);
	assert.equal((await opened(ana, "patient.open", [2], true)).text, note.content);
	const extended = await ask(ana, "patient.extend", doctor, null);
	assert.equal(extended.receipt.call, "MedicalRecords.grant_access");
	assert.deepEqual((await ask(ana, "patient.access")).map((one) => [one.expiresAt, one.mayAppend]), [[null, true]]);
});

test("a notebook is kept encrypted, for its account alone", async () => {
	assert.equal(await ask(ben, "notebook.read"), null);
	await ask(ben, "notebook.write", "Patient Quillwort, seen");
	await ask(ben, "notebook.write", "Patient Quillwort, seen twice");
	assert.equal(await ask(ben, "notebook.read"), "Patient Quillwort, seen twice");
	assert.equal(await ask(ana, "notebook.read"), null);
	assert.ok((await kept(ben)).names.some((name) => name.includes("/notebook/")));
	await refused(ask(ben, "notebook.write", "x".repeat(300_000)), "invalid", /too long/);
	assert.equal(await ask(ben, "notebook.read"), "Patient Quillwort, seen twice");
});

test("the patient sees who looked, by name", async () => {
	const { looks, missing, beginning } = await ask(ana, "patient.looks");
	assert.deepEqual(missing, []);
	// A list of titles takes no more of a file than its title needs.
	const listed = ({ from, to }) => from === 0 && to <= beginning && to < LENGTH;
	assert.ok(looks.some((look) => look.reader.kind === "doctor" && look.record === 0 && listed(look)), JSON.stringify(looks));
	const whole = looks.find(({ reader, record, to }) => reader.kind === "doctor" && record === 0 && to > LENGTH);
	assert.ok(whole, JSON.stringify(looks));
	assert.deepEqual([whole.reader.name, whole.vault], [ENTRY.name, 0]);
	assert.ok(looks.some(({ reader, record }) => reader.kind === "registrar" && reader.hospital === 0 && record === null));
	assert.ok(looks.every(({ time }, index) => index === 0 || new Date(time) <= new Date(looks[index - 1].time)), "the newest first");
});

test("the desk gets no record", async () => {
	await refused(ask(desk, "doctor.records", patient), "not-registered");
	await refused(ask(desk, "doctor.open", patient, 0), "not-registered");
	await refused(ask(desk, "patient.records"), "not-registered");
});

test("what is taken back stays closed", async () => {
	await listen(ben, "inbox");
	const revoked = await ask(ana, "patient.revokeAll");
	assert.deepEqual([revoked.rotated, revoked.problem, revoked.hadNoAccess], [true, null, []]);
	assert.equal(await ask(ana, "patient.revokeAll"), null);
	await refused(ask(ben, "doctor.open", patient, 0), "denied");
	await until(ben, () => globalThis.heard.some(([, grants]) => grants.every((one) => !one.active)));
	assert.deepEqual((await kept(ben)).names.filter((name) => name.includes("/titles/")), [], "titles of a closed chart stay");
	const shared = await ask(ana, "patient.share", doctor, [1], { mayAppend: false, until: null });
	assert.deepEqual([shared.records, shared.problem], [[1], null]);
	assert.deepEqual((await ask(ana, "patient.access")).map((one) => [one.scope, one.records]), [["records", [1]]]);
	assert.equal((await opened(ben, "doctor.open", [patient, 1], true)).text, "Felt dizzy.");
	await refused(ask(ben, "doctor.open", patient, 0), "denied");
	await refused(ask(ben, "doctor.append", patient, [{ content: "No.", title: "No" }]), "denied", /does not include/);
	await ask(ana, "patient.withdraw", 1);
	await refused(ask(ben, "doctor.open", patient, 1), "denied");
	assert.equal((await ask(ana, "patient.records")).items[1].state, "withdrawn");
	assert.equal(await ask(ana, "patient.repair"), null);
});

test("the command line opens the portal's keystore file, and its records", async () => {
	const file = await ana.page.evaluate(async () => {
		const blob = await globalThis.portal.keys.exportFile("ana");
		return [...new Uint8Array(await blob.arrayBuffer())];
	});
	const folder = join(HOMES, "ana", "accounts");
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await writeFile(join(folder, "ana.age"), Uint8Array.from(file), { mode: 0o600 });
	const passphrase = join(HOMES, "ana", "passphrase");
	await writeFile(passphrase, PASSPHRASE, { mode: 0o600 });
	const target = join(HOMES, "ana", "opened.dcm");
	const found = await runs("ana", "--passphrase-file", passphrase, "record", "open", "0", "--output", target);
	assert.equal(found.title, CT.title);
	const body = await readFile(target);
	assert.equal(body.length, LENGTH);
	assert.ok(body.every((byte, index) => byte === (Math.trunc(index / 7) & 255)));
});

test("everything of a patient's is one zip file", async () => {
	const whole = await ana.page.evaluate(async () => {
		const blob = await globalThis.portal.patient.export();
		return new Promise((resolve) => {
			const reader = new FileReader();
			reader.onload = () => resolve(reader.result.split(",")[1]);
			reader.readAsDataURL(blob);
		});
	});
	const zip = join(HOMES, "ana", "all.zip");
	await writeFile(zip, Buffer.from(whole, "base64"));
	const lists = [
		"import json, sys, zipfile",
		"z = zipfile.ZipFile(sys.argv[1])",
		"index = json.loads(z.read('index.json'))",
		"print(json.dumps([z.testzip(), z.namelist(), index['profile']['name'], len(index['looks']) > 0]))",
	].join("\n");
	const { stdout } = await promisify(execFile)("python3", ["-c", lists, zip]);
	assert.deepEqual(JSON.parse(stdout),
		[null, ["records/0000 chest.dcm", "records/0002 Answer", "index.json"], PROFILE.name, true]);
});

test("a public computer keeps nothing", async () => {
	const library = await person("the library");
	const account = await ask(library, "keys.unlockInMemory", { name: "guest", words });
	assert.equal(account.address, (await ask(ana, "who")).account);
	assert.equal((await opened(library, "patient.open", [2], true)).text, "Come back in May.");
	const added = await ask(library, "patient.add", [{ content: "From the library.", title: "Visit" }]);
	assert.deepEqual(added.records, [3]);
	await ask(library, "network.setUrls", NODES.split(","));
	await ask(library, "keys.lock");
	const left = await library.page.evaluate(async () => {
		const folder = await navigator.storage.getDirectory();
		const files = [];
		for await (const name of folder.keys()) files.push(name);
		return { databases: (await indexedDB.databases()).map(({ name }) => name), files, items: localStorage.length };
	});
	assert.deepEqual(left, { databases: [], files: [], items: 0 });
});

test("after a panic the account is locked, and unlocks again", async () => {
	await listen(ana, "locked");
	const worker = ana.page.workers().at(-1);
	const running = ask(ana, "patient.looks");
	await worker.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
	await refused(running, "crashed");
	assert.deepEqual(await ana.page.evaluate(() => globalThis.heard), [["locked", { why: "crashed" }]]);
	// The console's lines come by another way than the page's answers.
	const deadline = Date.now() + PATIENCE;
	while (said.length === 0 && Date.now() < deadline) await new Promise((next) => setTimeout(next, 100));
	assert.match(said.splice(0).join(), /^Ana: RuntimeError: unreachable/);
	await ask(ana, "keys.unlock", "ana", PASSPHRASE);
	assert.equal((await ask(ana, "who")).patient.patient, patient);
});

test("ten minutes without a sign of the person lock the account, whatever the page asks meanwhile", async () => {
	await listen(ana, "locked");
	await ana.page.evaluate(() => {
		globalThis.asking = setInterval(() => globalThis.portal.who().catch(() => {}), 200);
	});
	await until(ana, () => globalThis.portal.state.working === 0);
	const worker = ana.page.workers().at(-1);
	await worker.evaluate(() => {
		const { now } = Date;
		Date.now = () => now() + 10 * 60 * 1_000 + 1;
	});
	await until(ana, () => globalThis.heard.length > 0);
	await ana.page.evaluate(() => clearInterval(globalThis.asking));
	assert.deepEqual(await ana.page.evaluate(() => globalThis.heard), [["locked", { why: "idle" }]]);
	await until(ana, () => globalThis.portal.state.phase === "locked");
	await refused(ask(ana, "who"), "locked");
});

test("an account that is removed is gone, with all that was stored for it", async () => {
	await ask(ben, "network.setUrls", NODES.split(","));
	const before = await kept(ben);
	assert.ok(before.names.some((name) => name.startsWith("accounts/ben")), JSON.stringify(before));
	assert.deepEqual(before.items, ["medblock-urls"]);
	await ask(ben, "keys.remove", "ben");
	assert.deepEqual(await ask(ben, "keys.accounts"), []);
	assert.deepEqual(await kept(ben), { names: [], items: [] });
});

test("no other host is asked, and nothing goes wrong on the pages besides", () => {
	const hosts = new Set([...ana.asked, ...ben.asked, ...desk.asked]);
	assert.deepEqual([...hosts], [`localhost:${PORT}`]);
	assert.deepEqual(said, []);
});
