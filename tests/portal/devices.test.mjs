// One account at several places: a wrong passphrase, a browser that was cleared, two tabs, two devices. Nothing is lost,
// and each place sees what the others did.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test devices.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { doctor, patient, readers } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const ana = await patient("devices", "Ana Quillmark");
const ben = await doctor("devices-ben", "Dr. Lea Várga");
const desktop = await Person.at(browser, PORTAL, { name: "two-devices", look: "desktop", settings: DESKTOP });
await desktop.restores(ana.words, PASSPHRASE);
await desktop.reads("Hello, Ana");

const text = (name) => ({ name: `${name}.txt`, mimeType: "text/plain", buffer: Buffer.from(`${name}\n`) });

/** Adds a record with this title. */
async function adds(person, title) {
	await person.comesToAdd(text(title));
	await person.presses("Sign and add 1 record");
	await person.reads("Your records");
	await person.sees("1 record was added.");
}

/** Finds exactly these titles in the chart, as soon as the news of all of them are there. */
async function holds(person, ...titles) {
	await person.goes("Records");
	for (const title of titles) await person.page.getByRole("link", { name: title }).first().waitFor();
	assert.equal(await person.page.locator("a.entry").count(), titles.length);
}

test("a wrong passphrase opens nothing, and the right one still does", async () => {
	await desktop.presses("Lock");
	await desktop.unlocks("not my passphrase");
	await desktop.tells("The passphrase is wrong, or the account's file is damaged.");
	await desktop.tells("Try again, or restore the account by its words.");
	assert.equal(await desktop.page.getByRole("button", { name: "Lock", exact: true }).count(), 0);
	await desktop.looks("wrong-passphrase");
	await desktop.unlocks(PASSPHRASE);
	await desktop.reads("Hello, Ana");
});

test("two tabs act one after the other, and each sees what the other did", async () => {
	const other = await Person.in(desktop.context, PORTAL, { name: "second-tab", look: "desktop" });
	await other.unlocks(PASSPHRASE);
	await other.reads("Hello, Ana");
	await adds(desktop, "From the first tab");
	await holds(other, "From the first tab");
	await adds(other, "From the second tab");
	await holds(desktop, "From the first tab", "From the second tab");
	await desktop.presses("Lock");
	await desktop.reads("Unlock your account");
	// Each has a Worker of its own, which another tab does not end.
	await adds(other, "While the first is locked");
	await other.page.close();
	await desktop.unlocks(PASSPHRASE);
	await holds(desktop, "From the first tab", "From the second tab", "While the first is locked");
});

test("two devices act in turns on one chart", async () => {
	const phone = await Person.at(browser, PORTAL, { name: "second-device", look: "phone", settings: PHONE });
	await phone.restores(ana.words, "another passphrase for the phone");
	await phone.reads("Hello, Ana");
	await desktop.comesToTheCheck(ben);
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
	await phone.goes("Access");
	await phone.sees(ben.name);
	assert.deepEqual(await readers(ana), [ben.number]);
	// The desktop still shows the page on which it has shared when the phone takes it back.
	await phone.presses(/^Take back/);
	await phone.answers("Take it back");
	await phone.sees(says("access.none"));
	await desktop.goes("Access");
	await desktop.sees(says("access.none"));
	assert.deepEqual(await readers(ana), []);
	await adds(phone, "From the phone");
	await adds(desktop, "After the phone");
	const all = ["From the first tab", "From the second tab", "While the first is locked", "From the phone", "After the phone"];
	await holds(phone, ...all);
	await holds(desktop, ...all);
	await phone.leaves();
});

test("a browser that was cleared has no account, and the words bring everything back", async () => {
	const devtools = await desktop.context.newCDPSession(desktop.page);
	await desktop.presses("Lock");
	await desktop.reads("Unlock your account");
	await devtools.send("Storage.clearDataForOrigin", { origin: new URL(PORTAL).origin, storageTypes: "all" });
	await desktop.page.goto(PORTAL);
	await desktop.page.reload();
	await desktop.reads(says("start.title"));
	// An address within the account says what has happened.
	await desktop.visits("records");
	await desktop.sees(says("unlock.none"));
	await desktop.looks("cleared");
	await desktop.visits("");
	await desktop.restores(ana.words, PASSPHRASE);
	await desktop.reads("Hello, Ana");
	await holds(desktop, "From the first tab", "From the second tab", "While the first is locked", "From the phone", "After the phone");
	await desktop.follows(/From the phone/);
	await desktop.page.frameLocator("iframe").getByText("From the phone").waitFor();
});
