// One account at several places: a wrong passphrase, a browser that was cleared, two tabs, two devices; and a doctor whose
// access the patient changes meanwhile. Nothing is lost, and each place sees what the others did.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test devices.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { doctor, patient, readers, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { until } from "./waiting.mjs";
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
	await person.isTold("1 record was added.");
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

/** Goes to the first question about what a doctor may see. */
async function comesToShare(person, { name }) {
	await person.goes("Doctors");
	await person.types("Name, specialty or place", name);
	await person.follows(new RegExp(name));
	await person.follows(`Share with ${name}`);
	await person.reads(`What may ${name} see?`);
}

/** Waits until a line of the last page before the signature reads so. */
function shows(person, key, pattern) {
	const line = person.page.locator(".summary > div").filter({ has: person.page.getByText(says(key), { exact: true }) }).locator("dd").first();
	return until(async () => pattern.test(await line.innerText()), `${key} reads ${pattern}`);
}

test("a record's page leads to a doctor, and the record stays chosen", async () => {
	await desktop.goes("Records");
	await desktop.follows(/From the phone/);
	await desktop.follows(says("record.share"));
	await desktop.sees(says("doctors.lead.record"));
	await desktop.types("Name, specialty or place", ben.name);
	await desktop.follows(new RegExp(ben.name));
	await desktop.follows(`Share with ${ben.name}`);
	await desktop.reads(`What may ${ben.name} see?`);
	assert.ok(await desktop.page.getByRole("radio", { name: /Only records I choose/ }).isChecked());
	await desktop.presses("Continue");
	await desktop.reads(says("share.pick"));
	assert.ok(await desktop.page.getByRole("checkbox", { name: "From the phone" }).isChecked());
});

test("nothing is shared that the patient has not chosen", async () => {
	await comesToShare(desktop, ben);
	assert.equal(await desktop.page.getByRole("radio", { checked: true }).count(), 0);
	await desktop.presses("Continue");
	await desktop.tells(says("share.what.missing", ben));
	await desktop.picks(/Only records I choose/);
	await desktop.presses("Continue");
	await desktop.reads(says("share.pick"));
	await desktop.sees(says("share.singleBack", ben));
	await desktop.ticks("From the first tab");
	await desktop.presses("Continue");
	await desktop.reads(`May ${ben.name} add to it?`);
	assert.equal(await desktop.page.getByRole("radio", { checked: true }).count(), 0);
	await desktop.presses("Continue");
	await desktop.tells(says("share.append.missing", ben));
	await desktop.picks("No, only read");
	await desktop.presses("Continue");
	await desktop.picks("7 days");
	await desktop.presses("Continue");
	await desktop.reads("Check before you sign");
	await shows(desktop, "share.check.what", /^From the first tab(\.txt)?$/);
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
});

test("one more record is added to what the doctor sees already, and the page says so before the signature", async () => {
	await comesToShare(desktop, ben);
	await desktop.sees(/sees these records already: From the first tab/);
	await desktop.picks(/Only records I choose/);
	await desktop.presses("Continue");
	await desktop.reads(says("share.pick"));
	const shared = desktop.page.getByRole("checkbox", { name: "From the first tab" });
	assert.ok((await shared.isChecked()) && (await shared.isDisabled()));
	await desktop.sees(says("share.pick.already"));
	await desktop.ticks("From the second tab");
	await desktop.looks("one-more-record");
	await desktop.presses("Continue");
	await desktop.reads(`May ${ben.name} add to it?`);
	// What holds now is chosen already.
	assert.ok(await desktop.page.getByRole("radio", { name: "No, only read" }).isChecked());
	await desktop.picks("Yes, notes and records");
	await desktop.presses("Continue");
	await desktop.reads("Until when?");
	assert.ok(await desktop.page.getByRole("radio", { name: /^As now, until/ }).isChecked());
	await desktop.presses("Continue");
	await desktop.reads("Check before you sign");
	await shows(desktop, "share.check.what", /^From the first tab.* and From the second tab.*\s+\(was: From the first tab(\.txt)?\)$/);
	await shows(desktop, "share.check.append", /^Yes, notes and records\s+\(was: No, only read\)$/);
	await shows(desktop, "share.check.until", /^Until [^(]+$/);
	await desktop.tells(says("share.adds", ben));
	await desktop.tells(says("share.singleBack", ben));
	await desktop.looks("one-more-record-check");
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
	await desktop.goes("Access");
	await desktop.sees(/From the first tab.* and From the second tab/);
	await desktop.sees(says("access.mayAdd"));
	await desktop.presses(/^Change until when/);
	assert.ok(await desktop.page.getByRole("dialog").getByRole("radio", { name: /^As now, until/ }).isChecked());
	await desktop.answers("Save");
});

test("a chart that a doctor has open follows what the patient changes", async () => {
	// From single records to the whole chart, without the right to add.
	await desktop.comesToTheCheck(ben);
	await shows(desktop, "share.check.what", /^The whole chart\s+\(was: From the first tab/);
	await desktop.tells(says("share.widens", ben));
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
	const lea = await Person.at(browser, PORTAL, { name: "open-chart", look: "desktop", settings: DESKTOP });
	await lea.restores(ben.words, PASSPHRASE);
	await lea.follows(new RegExp(ana.name));
	await lea.reads(ana.name);
	await lea.tells(says("chart.readOnly"));
	const writes = lea.page.getByRole("link", { name: says("chart.add") });
	assert.equal(await writes.count(), 0);
	await lea.looks("read-only-chart");
	await comesToShare(desktop, ben);
	await desktop.picks(/The whole chart/);
	await desktop.presses("Continue");
	await desktop.picks("Yes, notes and records");
	await desktop.presses("Continue");
	await desktop.picks("Until I take it back");
	await desktop.presses("Continue");
	await desktop.reads("Check before you sign");
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
	// The doctor's page is where it was.
	await writes.first().waitFor();
	await lea.tells(says("chart.open"));
	await lea.page.getByText(says("chart.readOnly")).waitFor({ state: "detached" });
	// From the whole chart to a single record.
	await comesToShare(desktop, ben);
	await desktop.picks(/Only records I choose/);
	await desktop.presses("Continue");
	await desktop.reads(says("share.pick"));
	await desktop.ticks("From the phone");
	await desktop.presses("Continue");
	await desktop.picks("No, only read");
	await desktop.presses("Continue");
	await desktop.picks("30 days");
	await desktop.presses("Continue");
	await desktop.reads("Check before you sign");
	await desktop.tells(says("share.narrows", ben));
	await shows(desktop, "share.check.what", /^From the phone.*\s+\(was: The whole chart\)$/);
	await desktop.presses("Sign and share");
	await desktop.reads(`${ben.name} can see it now`);
	await writes.first().waitFor({ state: "detached" });
	await lea.page.getByRole("link", { name: "From the first tab" }).first().waitFor({ state: "detached" });
	await lea.page.getByRole("link", { name: "From the phone" }).first().waitFor();
	await desktop.goes("Access");
	await desktop.presses(/^Take back/);
	await desktop.answers("Take it back");
	await desktop.sees(says("access.none"));
	await lea.reads(says("chart.ended"));
	await lea.leaves();
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

test("a new account that has the name of a visit begins with nothing of it", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "name-of-a-visit", look: "desktop", settings: DESKTOP });
	await visitor.visits("public");
	await visitor.picks(says("restore.words"));
	await visitor.types(/^Your 24 words/, ana.words);
	await visitor.presses(says("public.button"));
	await visitor.reads("Hello, Ana");
	await visitor.goes("Records");
	await visitor.page.getByRole("link", { name: "From the phone" }).first().waitFor();
	// The visit's own name.
	await visitor.visits("new?as=patient");
	await visitor.types(says("new.name"), "visit");
	await visitor.writesAccount(PASSPHRASE);
	await visitor.page.getByRole("heading", { level: 1, name: /Unlock by face or finger|Choose your hospital/ }).waitFor();
	if (await visitor.page.getByRole("button", { name: "Not now" }).isVisible()) await visitor.presses("Not now");
	await visitor.reads("Choose your hospital");
	await visitor.picks(/Northern General/);
	await visitor.presses("Continue");
	await visitor.types(says("setup.name"), "Eva Thornbury");
	await visitor.types(says("setup.birth"), "1984-03-09");
	await visitor.presses("Continue");
	await visitor.presses(says("setup.sign"));
	await visitor.reads(/^Now go to the desk of /);
	const [, number] = /patient number\s+(\d+)/.exec(await visitor.text());
	await runs("staff", "hospital", "verify", "patient", "--yes", number);
	await visitor.reads("Hello, Eva");
	await visitor.goes("Records");
	await visitor.sees(says("home.latest.none"));
	assert.equal(await visitor.page.getByText("From the phone").count(), 0);
	await visitor.leaves();
});

test("a browser that is cleared while an account is open adds records on, and keeps no account", async () => {
	const visitor = await Person.at(browser, PORTAL, { name: "cleared-while-open", look: "desktop", settings: DESKTOP });
	await visitor.restores(ana.words, PASSPHRASE);
	await visitor.reads("Hello, Ana");
	const devtools = await visitor.context.newCDPSession(visitor.page);
	await devtools.send("Storage.clearDataForOrigin", { origin: new URL(PORTAL).origin, storageTypes: "all" });
	await adds(visitor, "After the clearing");
	await visitor.presses("Lock");
	await visitor.reads(says("start.title"));
	await visitor.leaves();
});
