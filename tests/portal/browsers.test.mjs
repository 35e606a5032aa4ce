// Browsers that can't, or may not, do all that the portal needs: without WebAssembly, storage, room or a camera, or with a
// clock that is wrong. Each says so, and nothing is lost or shared.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test browsers.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { ALTERED, Altered } from "./altered.mjs";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
const DAY = 24 * 60 * 60 * 1_000;
const WORKER = /^\/assets\/worker-.*\.js$/;
const MIB = 2 ** 20;

const ways = await openWays();
const altered = await Altered.start();
const browser = await launch("--use-fake-device-for-media-stream");
after(async () => {
	await browser.close();
	altered.close();
	ways.close();
});

const ana = await patient("browsers", "Ana Quillmark");

/** A browser whose Worker runs this before anything else: it stands for what some browsers do by themselves. */
async function arrives(name, prelude) {
	altered.changes(WORKER, (content) => Buffer.concat([Buffer.from(`${prelude}\n`), content]));
	return Person.at(browser, ALTERED, { name, look: "desktop", settings: DESKTOP });
}

test("without WebAssembly, the page says what to do", async (context) => {
	// As in the hardened modes of browsers: without a compiler, and so without WebAssembly.
	const bare = await launch("--js-flags=--jitless");
	context.after(() => bare.close());
	const visitor = await Person.at(bare, PORTAL, { name: "no-wasm", look: "phone", settings: PHONE });
	await visitor.reads(says("start.noWasm"));
	await visitor.tells(says("start.noWasm.text"));
	await visitor.looks("no-wasm");
	assert.deepEqual(visitor.said, []);
	assert.equal(visitor.page.workers().length, 0);
});

test("a private window that keeps nothing says so before the words, and opens the account for a visit", async () => {
	const refuses = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('There is no storage here.', 'SecurityError'));";
	const visitor = await arrives("no-storage", refuses);
	await visitor.follows(/I am a patient/);
	await visitor.types("A passphrase", PASSPHRASE);
	await visitor.types("The same passphrase again", PASSPHRASE);
	await visitor.presses("Continue");
	await visitor.tells(/^Cannot open the browser's storage medblock: /);
	await visitor.tells(/^A private window may keep nothing: /);
	assert.equal(await visitor.page.locator(".words").count(), 0);
	await visitor.looks("no-storage");
	await visitor.visits("public");
	await visitor.reads(says("public.title"));
	await visitor.picks(says("restore.words"));
	await visitor.types(/^Your 24 words/, ana.words);
	await visitor.presses(says("public.button"));
	await visitor.reads("Hello, Ana");
	await visitor.sees(says("foot.memory"));
	await visitor.leaves();
});

test("a full disk keeps a file from being added, and nothing else; with room again it is added", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "full-disk", look: "desktop", settings: DESKTOP });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	const devtools = await visitor.context.newCDPSession(visitor.page);
	const { origin } = new URL(PORTAL);
	const { usage } = await devtools.send("Storage.getUsageAndQuota", { origin });
	await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 4 * MIB });
	await visitor.comesToAdd({ name: "large.bin", mimeType: "application/octet-stream", buffer: randomBytes(32 * MIB) });
	await visitor.presses("Sign and add 1 record");
	await visitor.tells(/^(Cannot|Writing failed)/);
	await visitor.looks("full-disk");
	assert.deepEqual((await runs(ana.home, "record", "list")).items, [], "nothing was added");
	await devtools.send("Storage.overrideQuotaForOrigin", { origin });
	// The file is still chosen.
	await visitor.presses("Sign and add 1 record");
	await visitor.reads("Your records");
	assert.equal((await runs(ana.home, "record", "list")).items.length, 1);
	await visitor.leaves();
});

test("a camera that is denied leaves other ways", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "no-camera", look: "phone", settings: PHONE });
	// Everything that is not granted is denied.
	await visitor.context.grantPermissions([], { origin: new URL(PORTAL).origin });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	await visitor.goes("Doctors");
	await visitor.unfolds("Scan a doctor's code");
	await visitor.presses("Scan a code");
	await visitor.tells(says("scan.denied"));
	await visitor.looks("no-camera");
	await visitor.page.getByLabel("A picture of the code").filter({ visible: true }).first()
		.setInputFiles({ name: "code.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
	await visitor.tells(says("scan.noPicture"));
	await visitor.types(/^The code as text/, "medblock:doctor?account=nobody");
	await visitor.presses("Use it");
	await visitor.tells(says("scan.foreign"));
	await visitor.leaves();
});

test("a camera that is let on late, or asked for twice, is off once the page is left", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "late-camera", look: "phone", settings: PHONE });
	const { page } = visitor;
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	// The person thinks about the browser's question.
	await page.evaluate(() => {
		globalThis.answers = [];
		globalThis.streams = [];
		navigator.mediaDevices.getUserMedia = () => new Promise((answers) => {
			globalThis.answers.push(() => {
				const canvas = document.createElement("canvas");
				canvas.getContext("2d");
				const stream = canvas.captureStream();
				globalThis.streams.push(stream);
				answers(stream);
			});
		});
	});
	const allowsAll = () => page.evaluate(() => globalThis.answers.splice(0).forEach((answer) => answer()));
	const open = () => page.evaluate(() => globalThis.streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === "live").length);
	const asks = () => page.getByRole("button", { name: "Scan a code" }).filter({ visible: true }).first();
	await visitor.goes("Doctors");
	await visitor.unfolds("Scan a doctor's code");
	await asks().click();
	await asks().dispatchEvent("click");
	await allowsAll();
	await page.getByRole("button", { name: says("scan.stop") }).waitFor();
	// The focus stays.
	await page.waitForFunction((stop) => document.activeElement?.textContent === stop, says("scan.stop"));
	await visitor.presses(says("scan.stop"));
	assert.equal(await open(), 0, "asked for twice");
	await asks().click();
	await visitor.goes("Records");
	await visitor.reads("Your records");
	await allowsAll();
	await page.waitForTimeout(500);
	assert.equal(await open(), 0, "let on after the page was left");
	await visitor.leaves();
});

test("a passkey that is skipped while the device asks is asked for no more", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "skipped-passkey", look: "phone", settings: PHONE });
	const { page } = visitor;
	await visitor.follows(/I am a patient/);
	await visitor.writesAccount(PASSPHRASE);
	await visitor.reads(says("new.passkey.title"));
	await page.evaluate(() => {
		navigator.credentials.create = ({ signal }) => new Promise((_, fails) => {
			globalThis.asked = signal;
			signal.addEventListener("abort", () => fails(signal.reason));
		});
	});
	await visitor.presses(says("new.passkey.button"));
	await page.waitForFunction(() => globalThis.asked);
	await visitor.presses(says("new.passkey.skip"));
	await visitor.reads("Choose your hospital");
	assert.ok(await page.evaluate(() => globalThis.asked.aborted));
	await visitor.leaves();
});

test("a clock that is a day behind is named, and nothing is signed until it is right", async () => {
	const behind = `{ const { now } = Date; Date.now = () => now() - ${DAY}; }`;
	const visitor = await arrives("wrong-clock", behind);
	await visitor.page.clock.setSystemTime(Date.now() - DAY);
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.sees(says("net.offline"));
	await visitor.sees(/this device's clock is 24 hours behind the vault's/);
	await visitor.looks("wrong-clock");
	const { items } = await runs(ana.home, "record", "list");
	altered.changes(WORKER, (content) => content);
	const { context } = visitor;
	const right = await Person.in(context, ALTERED, { name: "right-clock", look: "desktop" });
	await right.unlocks(PASSPHRASE);
	await right.reads("Hello, Ana");
	// What was pressed is gone: the focus is on the page that came instead.
	await right.page.waitForFunction(() => document.activeElement?.tagName === "H1");
	assert.deepEqual((await runs(ana.home, "record", "list")).items.length, items.length, "nothing was added meanwhile");
	await visitor.leaves();
});

test("a clock that is set back leaves an account open no longer, and one that was just unlocked is not locked", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "clock-set-back", look: "desktop", settings: DESKTOP });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	/** Eleven minutes pass in the Worker, in which its clock is set by so much. */
	const passes = (set) => visitor.page.workers().at(-1).evaluate((by) => {
		const [day, steady] = [Date.now, performance.now.bind(performance)];
		Date.now = () => day() + by;
		performance.now = () => steady() + 11 * 60 * 1_000;
	}, set);
	await passes(-60 * 60 * 1_000);
	await visitor.sees(says("unlock.idle"));
	await passes(0);
	await visitor.unlocks(PASSPHRASE);
	await visitor.reads("Hello, Ana");
	// Longer than the Worker waits between two looks at the clock.
	await visitor.page.waitForTimeout(8_000);
	await visitor.reads("Hello, Ana");
	await visitor.leaves();
});

test("a device that wakes after hours locks the account, though its person is there before the Worker looks at the clock", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "wakes-late", look: "desktop", settings: DESKTOP });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	/** Hours pass, and the sign of the person comes before any timer: all of it is one task of the Worker, which may end with it. */
	const wakes = () => visitor.page.workers().at(-1).evaluate(() => {
		const steady = performance.now.bind(performance);
		performance.now = () => steady() + 8 * 60 * 60 * 1_000;
		dispatchEvent(new MessageEvent("message", { data: { say: "here" } }));
	}).catch(() => {});
	const locked = visitor.page.getByText(says("unlock.idle")).first();
	// While something is being sent, nothing is locked.
	for (let times = 0; times < 30 && !(await locked.isVisible()); times += 1) {
		await wakes();
		await locked.waitFor({ timeout: 2_000 }).catch(() => {});
	}
	await visitor.sees(says("unlock.idle"));
	await visitor.leaves();
});

test("the warning before an account is locked stays until there is a sign of the person", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "lock-warning", look: "desktop", settings: DESKTOP });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	// Nine minutes pass on the page.
	await visitor.page.evaluate(() => {
		const steady = performance.now.bind(performance);
		performance.now = () => steady() + 9 * 60 * 1_000;
	});
	await visitor.sees(says("lock.soon"));
	// Longer than other news stay.
	await visitor.page.waitForTimeout(15_000);
	await visitor.sees(says("lock.soon"));
	await visitor.page.keyboard.press("Shift");
	await visitor.loses(says("lock.soon"));
	await visitor.leaves();
});
