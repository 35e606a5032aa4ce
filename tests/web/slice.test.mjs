// A patient's first day in a browser: real nodes, a real vault, headless Chromium.
//
// Usage: SITE=FOLDER PORT=N VAULT=URL NODES=URL,URL MEDBLOCK=PROGRAM STAFF=FOLDER HOME_OF_ANA=FOLDER \
//	node --test slice.test.mjs
//
// The page and the vault are at one address, as where a hospital serves both: VAULT is behind it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const { SITE, PORT, VAULT, NODES, MEDBLOCK, STAFF, HOME_OF_ANA } = process.env;
const PASSPHRASE = "correct horse battery staple";
/** Longer than two slices of an upload, and no multiple of anything. */
const LENGTH = 2 * 8 * 2 ** 20 + 12_345;
const HEADERS = {
	title: "CT of the chest",
	mediaType: "application/dicom",
	fileName: "chest.dcm",
	writtenAt: "2026-11-28T08:30:00Z",
};

const server = await serve(SITE, { port: Number(PORT), vault: VAULT });
const browser = await launch();
after(async () => {
	await browser.close();
	server.close();
});
// One person's browser: its storage outlives a page.
const context = await browser.newContext();
const said = [];

async function visit() {
	const page = await context.newPage();
	page.on("console", (message) => said.push(message.text()));
	page.on("pageerror", (error) => said.push(String(error)));
	await page.goto(`http://127.0.0.1:${PORT}/slice.html`);
	await page.waitForFunction(() => globalThis.client);
	return page;
}

const does = (page, ...words) =>
	page.evaluate((words) => globalThis.client(...words).then(({ value }) => value), words);
/** Runs `medblock`, and gives its JSON. */
async function runs(home, ...words) {
	const { stdout } = await promisify(execFile)(MEDBLOCK, ["--home", home, "--json", ...words]);
	return JSON.parse(stdout);
}

let page = await visit();
let words;
let address;
let patient;

test("makes an account, and opens a chain", async () => {
	await does(page, "open", "medblock");
	words = await does(page, "newWords");
	assert.equal(words.split(" ").length, 24);
	address = await does(page, "createAccount", "ana", words, PASSPHRASE);
	assert.equal(await does(page, "connect", "ana", PASSPHRASE, NODES.split(",")), address);
	assert.equal(await does(page, "patient"), undefined, "the account is new");
});

test("registers, and is verified", async () => {
	const receipt = await does(page, "registerPatient", 0);
	assert.equal(receipt.call, "MedicalRecords.register_patient");
	assert.match(receipt.block.hash, /^0x[0-9a-f]{64}$/);
	patient = await does(page, "patient");
	await runs(STAFF, "hospital", "verify", "patient", String(patient));
});

test("adds a record in slices, and lists it", async () => {
	const seen = await page.evaluate(async ([length, headers]) => {
		const bytes = Uint8Array.from({ length }, (_, index) => index / 7);
		const file = new File([bytes], headers.fileName, { lastModified: 0 });
		const { value, progress } = await globalThis.client("addRecord", file, headers);
		return { call: value.call, progress };
	}, [LENGTH, HEADERS]);
	assert.equal(seen.call, "MedicalRecords.add_records");
	const [done, total] = seen.progress.at(-1);
	assert.equal(done, total, "all of it was sent");
	assert.ok(seen.progress.length >= 3, `it was sent in slices: ${JSON.stringify(seen.progress)}`);
	assert.deepEqual(await does(page, "records"), [{ record: 0, headers: HEADERS }]);
});

test("opens it, byte for byte, also after the tab was closed", async () => {
	await page.close();
	page = await visit();
	await does(page, "open", "medblock");
	await assert.rejects(does(page, "connect", "ana", "wrong", NODES.split(",")), /passphrase/);
	assert.equal(await does(page, "connect", "ana", PASSPHRASE, NODES.split(",")), address);
	const opened = await page.evaluate(async () => {
		const { value: { headers, body } } = await globalThis.client("openRecord", 0);
		const is_same = body.every((byte, index) => byte === (Math.trunc(index / 7) & 255));
		return { headers, length: body.length, is_same };
	});
	assert.deepEqual(opened, { headers: HEADERS, length: LENGTH, is_same: true });
});

test("the command line opens it with the same words", async () => {
	const file = join(HOME_OF_ANA, "words");
	await writeFile(file, words, { mode: 0o600 });
	await runs(HOME_OF_ANA, "account", "import", "ana", "--words-file", file);
	const target = join(HOME_OF_ANA, "opened.dcm");
	const opened = await runs(HOME_OF_ANA, "record", "open", "0", "--output", target);
	assert.equal(opened.title, HEADERS.title);
	const body = await readFile(target);
	assert.equal(body.length, LENGTH);
	assert.ok(body.every((byte, index) => byte === (Math.trunc(index / 7) & 255)));
});

test("what is refused says why", async () => {
	await assert.rejects(does(page, "createAccount", "ana", words, PASSPHRASE), /ana/);
	await assert.rejects(does(page, "openRecord", 7), /the chart has no record 7/);
	await assert.rejects(does(page, "registerPatient", 99), /there is no hospital 99/);
	await does(page, "connect", "ana", PASSPHRASE, [NODES.split(",")[0]]);
	await assert.rejects(does(page, "registerPatient", 0), /a second hospital's node is needed/);
});

test("nothing goes wrong on the page besides", () => assert.deepEqual(said, []));
