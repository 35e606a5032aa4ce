// A connection that is gone at each step, and comes back; and the back button in the middle of a signature. Each deed is
// done once, or the page says that it was not.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test network.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { doctor, patient, readers, runs } from "./medblock.mjs";
import { sent } from "./node.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
const MIB = 2 ** 20;
/** Longer than two slices of an upload. */
const SCAN = { name: "scan.bin", mimeType: "application/octet-stream", buffer: randomBytes(24 * MIB) };
const DIARY = { name: "diary.txt", mimeType: "text/plain", buffer: Buffer.from("Monday 132 over 84.\n") };

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const ana = await patient("network", "Ana Quillmark");
const ben = await doctor("network-ben", "Dr. Nia Okafor");
const person = await Person.at(browser, PORTAL, { name: "lost-connection", look: "desktop", settings: DESKTOP });
await person.restores(ana.words, PASSPHRASE);
await person.reads("Hello, Ana");

/** Cuts both ways, and mends them as soon as the page has noticed. */
async function isLostForAMoment() {
	const noticed = ways.noticed();
	ways.cut();
	await noticed;
	ways.mend();
}

/** What a page says while it has no connection to two hospitals. */
const LACKS = new RegExp(["net.offline", "net.connecting", "net.one"].map((key) => says(key)).join("|"));

/** Waits until a page that has noticed a loss has its connection to both hospitals again. */
const isConnected = (who) => who.loses(LACKS);

/**
 * Waits until something is there, and presses the button that tries again as long as it is not: what was asked on the lost
 * connection may fail only now. The button goes when the thing comes by itself.
 */
async function comes(there, again) {
	for (let tries = 0; tries < 5; tries += 1) {
		await again.click({ timeout: 1_000 }).catch(() => {});
		if (await there.waitFor({ timeout: 10_000 }).then(() => true, () => false)) return;
	}
	await there.waitFor();
}

/** Presses a button by a key, without a connection. Whether it has the focus a second later. */
async function keepsFocus({ page }, locator) {
	const button = await locator.elementHandle();
	await button.press("Enter");
	await page.waitForTimeout(1_000);
	return button.evaluate((pressed) => document.activeElement === pressed);
}

test("the page says that the hospitals can't be reached, and connects again by itself", async () => {
	ways.cut();
	await person.sees(says("net.offline"));
	await person.looks("offline");
	ways.mend();
	await isConnected(person);
	await person.reads("Hello, Ana");
});

test("an account is unlocked without a connection, and goes on when there is one", async () => {
	await person.presses("Lock");
	await person.reads("Unlock your account");
	ways.cut();
	await person.unlocks(PASSPHRASE);
	await person.sees(says("net.offline"));
	await person.reads(says("asking.title"));
	await person.looks("unlocked-offline");
	ways.mend();
	await person.reads("Hello, Ana");
});

test("an upload that is cut in the middle goes on where it stopped", async () => {
	await person.comesToAdd(SCAN, DIARY);
	const before = ways.ways[0].up;
	const half = ways.ways[0].carries(12 * MIB);
	await person.presses("Sign and add 2 records");
	await half;
	await isLostForAMoment();
	await person.reads("Your records");
	await person.isTold("2 records were added.");
	const carried = ways.ways[0].up - before;
	// Two slices may be sent again, and no more.
	assert.ok(carried < SCAN.buffer.length + 20 * MIB, `${carried} bytes went up`);
	assert.equal((await runs(ana.home, "record", "list")).items.length, 2, "each of them once");
});

test("a record that can't be fetched now can be fetched later", async () => {
	await person.goes("Records");
	await person.reads("Your records");
	await person.page.getByRole("link", { name: /^diary/ }).first().waitFor();
	ways.cut();
	await person.follows(/^diary/);
	await person.page.getByRole("button", { name: says("tryAgain") }).first().waitFor();
	await person.tells(/can't be reached/);
	await person.looks("not-fetched");
	const again = person.page.locator(".preview").getByRole("button", { name: says("tryAgain") });
	assert.ok(await keepsFocus(person, again), "it could still not be fetched");
	ways.mend();
	await isConnected(person);
	await comes(person.page.frameLocator("iframe").getByText("Monday 132 over 84"), again);
});

test("a note that can't be fetched now can be fetched later", async () => {
	const { items } = await runs(ana.home, "record", "list");
	const { record } = items.find(({ title }) => title === "diary");
	const path = join(process.env.HOMES, ana.home, "note.txt");
	await writeFile(path, "Better than last week.\n");
	await runs(ana.home, "record", "add", path, "--in-reply-to", String(record));
	await person.goes("Records");
	await person.sees(says("records.notes", { n: 1 }));
	ways.cut();
	await person.follows(/^diary/);
	const thread = person.page.locator(".thread");
	const again = thread.getByRole("button", { name: says("tryAgain") });
	await again.waitFor();
	assert.ok(await keepsFocus(person, again), "it could still not be fetched");
	ways.mend();
	await isConnected(person);
	await comes(thread.getByText("Better than last week."), again);
});

test("a page that asks again by itself leaves its button there, with the focus", async () => {
	const reader = await Person.at(browser, PORTAL, { name: "asks-again", look: "desktop", settings: DESKTOP });
	await reader.restores(ben.words, PASSPHRASE);
	await reader.reads("Your patients");
	await reader.visits(`doctor/emergency/${ana.number}`);
	await reader.reads(says("emergency.title", { name: says("desk.patient", { n: ana.number }) }));
	ways.cut();
	const again = reader.page.getByRole("button", { name: says("tryAgain"), exact: true }).first();
	await again.waitFor();
	const button = await again.elementHandle();
	await button.focus();
	const hasFocus = () => button.evaluate((pressed) => document.activeElement === pressed);
	// Longer than two of the page's own questions.
	await reader.page.waitForTimeout(12_000);
	assert.ok(await hasFocus(), "the page asked by itself");
	assert.ok(await keepsFocus(reader, again), "the person asked");
	ways.mend();
	await again.waitFor({ state: "detached" });
	await reader.leaves();
	await isConnected(person);
});

test("a list of records that can't be read now can be read later, and its button keeps the focus", async () => {
	const reader = await Person.at(browser, PORTAL, { name: "list-later", look: "desktop", settings: DESKTOP });
	await reader.restores(ana.words, PASSPHRASE);
	await reader.reads("Hello, Ana");
	ways.cut();
	await reader.sees(says("net.offline"));
	await reader.goes("Records");
	const again = reader.page.getByRole("button", { name: says("tryAgain"), exact: true }).first();
	await again.waitFor();
	assert.ok(await keepsFocus(reader, again));
	ways.mend();
	await isConnected(reader);
	await comes(reader.page.getByRole("link", { name: /^diary/ }).first(), again);
	await reader.leaves();
	await isConnected(person);
});

/** Waits until the person's page has its connection back, also if it has yet to notice that it was lost. */
async function isBack() {
	await person.visits(`doctors/${ben.number}`);
	const share = person.page.getByRole("link", { name: `Share with ${ben.name}` });
	await comes(share, person.page.getByRole("button", { name: says("tryAgain"), exact: true }).first());
	// Sharing needs both hospitals.
	await isConnected(person);
}

test("a signature whose connection is lost takes effect once", async () => {
	await isBack();
	await person.comesToTheCheck(ben);
	const before = await sent(ana);
	const [sign, done] = [
		// While it signs, it stays there and is marked.
		person.page.getByRole("button", { name: "Sign and share", disabled: false }),
		person.page.getByRole("heading", { level: 1, name: `${ben.name} can see it now` }),
	];
	await sign.click();
	await isLostForAMoment();
	// What was not sent yet, the page says so of: then the person signs again.
	await sign.or(done).first().waitFor();
	for (let tries = 0; tries < 3 && (await sign.isVisible()); tries += 1) {
		await person.tells(/can't be reached/);
		await isConnected(person);
		await sign.click();
		await sign.or(done).first().waitFor();
	}
	await done.waitFor();
	assert.deepEqual(await readers(ana), [ben.number]);
	assert.equal(await sent(ana), before + 1);
});

/**
 * The button that shares. What happens while the page signs is done together with pressing it: a test that was stopped for a
 * moment would come too late.
 */
const sign = person.page.getByRole("button", { name: says("share.sign") });

test("the back button waits for a signature, and sends nothing twice", async () => {
	await person.comesToTheCheck(ben);
	const before = await sent(ana);
	await sign.evaluate((button) => {
		button.click();
		history.back();
	});
	await person.isTold(says("progress.held"));
	await person.reads(`${ben.name} can see it now`);
	assert.equal(await sent(ana), before + 1);
	await person.page.goBack();
	assert.equal(await sent(ana), before + 1, "going back afterwards sends nothing");
});

test("what is being signed can't be changed meanwhile, and its button keeps the focus", async () => {
	await person.comesToTheCheck(ben);
	const before = await sent(ana);
	const [earlier, meanwhile] = await sign.evaluate(async (button, hint) => {
		const found = () => ({
			changes: document.querySelectorAll("main dd.change button").length,
			waits: document.querySelector("main").innerText.includes(hint),
			isMarked: button.ariaDisabled === "true",
			hasFocus: document.activeElement === button,
		});
		button.focus();
		const before = found();
		button.click();
		// By then, the page shows that it signs.
		await new Promise((done) => setTimeout(done));
		const after = found();
		button.click();
		return [before, after];
	}, says("progress.hospitals"));
	assert.deepEqual(earlier, { changes: 3, waits: false, isMarked: false, hasFocus: true });
	assert.deepEqual(meanwhile, { changes: 0, waits: true, isMarked: true, hasFocus: true });
	await person.isTold(says("progress.busy"));
	await person.reads(`${ben.name} can see it now`);
	assert.equal(await sent(ana), before + 1);
});

test("a link waits for a signature as well, and leaves nothing in the history", async () => {
	await person.comesToTheCheck(ben);
	const link = await person.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Records" }).elementHandle();
	const before = await sign.evaluate((button, other) => {
		button.click();
		const entries = [history.length, location.hash];
		other.click();
		return entries;
	}, link);
	await person.isTold(says("progress.held"));
	assert.deepEqual(await person.page.evaluate(() => [history.length, location.hash]), before);
	await person.reads(`${ben.name} can see it now`);
});

test("a person who locks in the middle of a signature is told that it may take effect all the same", async () => {
	await person.comesToTheCheck(ben);
	const button = (name) => person.page.getByRole("button", { name, exact: true }).elementHandle();
	// Both in one task: the signature can't be over when the account is locked.
	const [sign, lock] = [await button("Sign and share"), await button("Lock")];
	await person.page.evaluate((both) => both.forEach((each) => each.click()), [sign, lock]);
	await person.sees(says("lock.during"));
	await person.unlocks(PASSPHRASE);
	await person.reads("Hello, Ana");
	await person.sees(says("lock.during"));
	await person.page.locator(".toast").filter({ hasText: says("lock.during") }).getByRole("button").click();
	await person.loses(says("lock.during"));
	assert.deepEqual(await readers(ana), [ben.number]);
});

test("access is taken back, though the browser is offline in the middle of it", async () => {
	await person.goes("Access");
	await person.presses(/^Take back/);
	await person.context.setOffline(true);
	await person.answers("Take it back");
	const again = person.page.getByRole("button", { name: /^Take back/ }).filter({ visible: true }).first();
	const gone = person.page.getByText(says("access.none"));
	await person.page.getByText(/can't be reached/).filter({ visible: true }).or(gone).first().waitFor();
	await person.context.setOffline(false);
	await person.loses(says("access.back.doing"));
	// What the page could not do, it does when it is asked again: access that is gone has no button any more, also while it is
	// about to be pressed.
	for (let tries = 0; tries < 5 && !(await gone.isVisible()); tries += 1) {
		const asked = await again.click({ timeout: 5_000 }).then(() => true, () => false);
		if (asked) await person.answers("Take it back");
		await gone.waitFor({ timeout: 10_000 }).catch(() => {});
	}
	await person.sees(says("access.none"));
	assert.deepEqual(await readers(ana), []);
});
