// What each person is told about others: which looks were at titles only, what is new since the last visit, and a doctor's own
// name for a patient who shares single records. What is noted of that stays on the device, encrypted.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test news.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { Canaries, kept } from "./canaries.mjs";
import { doctor, patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
/** The doctor's own name for the patient: it must be nowhere in clear. */
const OWN_NAME = "Lady of Hollowbrook";
/** Longer than what a list of titles takes, and shorter. */
const LONG = { title: "Ward diary, all weeks", content: "Slept well, ate little.\n".repeat(10_000) };
const SHORT = { title: "Allergy card", content: "Penicillin.\n" };

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const anas = await patient("news", "Ana Quillmark");
const bens = await doctor("news-ben", "Dr. Ben Marlow");
const evas = await doctor("news-eva", "Dr. Eva Lindqvist");

/** Writes a file, and gives where it is. */
async function written(name, content) {
	const path = join(process.env.HOMES, "news", name);
	await writeFile(path, content);
	return path;
}
const adds = async ({ title, content }) => runs(anas.home, "record", "add", await written("added.txt", content), "--title", title);
const appends = async (title, content, ...more) =>
	runs(bens.home, "doctor", "append", "--yes", String(anas.number), await written("appended.txt", content), "--title", title, ...more);

await adds(LONG);
await adds(SHORT);
await runs(anas.home, "patient", "grant", "--yes", String(bens.number), "--append");

const ana = await Person.at(browser, PORTAL, { name: "news-patient", look: "phone", settings: PHONE });
await ana.restores(anas.words, PASSPHRASE);
await ana.reads("Hello, Ana");
const ben = await Person.at(browser, PORTAL, { name: "news-doctor", look: "desktop", settings: DESKTOP });
const news = (person) => person.page.getByRole("region", { name: says("news.title") });

/** Locks and comes back, as on another day. */
async function comesBack(person, heading) {
	await person.isNoted();
	await person.presses("Lock");
	await person.unlocks(PASSPHRASE);
	await person.reads(heading);
}

test("a grant is new to a doctor until the chart is opened, and stays seen after a lock", async () => {
	await ben.restores(bens.words, PASSPHRASE);
	await ben.reads("Your patients");
	await news(ben).getByText(says("news.granted", { name: anas.name })).waitFor();
	await ben.looks("new-grant");
	await news(ben).getByRole("link").click();
	await ben.reads(anas.name);
	await ben.sees(SHORT.title);
	await ben.goes("Patients");
	await ben.sees(anas.name);
	await news(ben).waitFor({ state: "detached" });
	await comesBack(ben, "Your patients");
	await ben.sees(anas.name);
	await ben.page.waitForTimeout(3_000);
	assert.equal(await news(ben).count(), 0);
});

test("a list of titles is one look, and says that a short file may have been read whole", async () => {
	await ana.goes("Who looked");
	await ana.reads("Who looked");
	const rows = ana.page.getByRole("row").filter({ hasText: bens.name });
	const list = rows.filter({ hasText: says("looks.list", { n: 2 }) });
	await list.filter({ hasText: says("looks.list.some", { n: 1 }) }).waitFor();
	await list.locator("summary").click();
	await list.getByText(LONG.title, { exact: true }).waitFor();
	await list.getByText(says("looks.short.of", SHORT), { exact: true }).waitFor();
	for (const { title } of [LONG, SHORT]) assert.equal(await rows.filter({ hasText: title }).count(), 1, "no line of its own");
	await ana.looks("looks-at-titles");
});

test("what is opened after that has a line of its own, as far as the vault can tell", async () => {
	await ben.follows(new RegExp(anas.name));
	for (const { title, content } of [LONG, SHORT]) {
		await ben.follows(new RegExp(title));
		await ben.page.frameLocator("iframe").getByText(content.slice(0, 10)).first().waitFor();
	}
	await ana.goes("Home");
	await ana.goes("Who looked");
	const rows = ana.page.getByRole("row").filter({ hasText: bens.name });
	await rows.filter({ hasText: LONG.title }).filter({ hasText: says("looks.how.opened") }).first().waitFor();
	// The list that has both, and the file that came again.
	await rows.filter({ hasText: SHORT.title }).nth(1).waitFor();
	await rows.filter({ hasText: SHORT.title }).filter({ hasNotText: LONG.title }).filter({ hasText: says("looks.how.short") }).first().waitFor();
	await ana.unfolds(says("looks.how.help"));
	await ana.sees(says("looks.how.short.text"));
	await ana.looks("looks-at-contents");
});

test("what a patient adds is new to the doctor, by name and link, and asking for it is no look", async () => {
	// The chart that he had open follows its patient no more.
	await ben.goes("Patients");
	await ben.reads("Your patients");
	await adds({ title: "Later result", content: "Fine.\n" });
	const item = news(ben).getByRole("link").filter({ hasText: says("news.record", { name: anas.name }) });
	const isThere = () => item.waitFor({ timeout: 10_000 }).then(() => true, () => false);
	// Two nodes may not have the same last block.
	for (let times = 0; times < 3; times += 1) {
		await ben.goes("My entry");
		await ben.reads("My entry");
		await ben.goes("Patients");
		if (await isThere()) break;
	}
	await item.waitFor();
	await ben.page.getByText(says("inbox.added", { n: 1 }), { exact: true }).waitFor();
	await ben.looks("new-record");
	const { items } = await runs(anas.home, "patient", "disclosures");
	assert.deepEqual(items.filter(({ doctor: by, record }) => by === bens.number && record === 2), [], "her record was not asked for");
	await item.click();
	await ben.page.frameLocator("iframe").getByText("Fine.").waitFor();
	await ben.goes("Patients");
	await ben.sees(anas.name);
	await news(ben).waitFor({ state: "detached" });
});

test("a doctor who writes a note stays with it while the chart grows, and until it is sent", async () => {
	await ben.follows(new RegExp(anas.name));
	await ben.follows(new RegExp(SHORT.title));
	await ben.presses(says("notes.write"));
	const field = ben.page.getByLabel(says("notes.text"), { exact: true });
	await field.pressSequentially("No jo");
	await adds({ title: "Added meanwhile", content: "Fine.\n" });
	await ben.sees("Added meanwhile");
	await ben.page.waitForTimeout(2_000);
	// Outside of the field, these are the keys for the next record and the one before.
	await ben.page.keyboard.type("kes");
	assert.equal(await field.inputValue(), "No jokes");
	// In one go: the note may be sent before a test that was stopped has pressed the key.
	const [place, later] = await ben.page.getByRole("button", { name: says("notes.send"), exact: true }).evaluate((button) => {
		const before = location.href;
		button.click();
		document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
		return [before, location.href];
	});
	assert.equal(later, place, "the note is being sent");
	await ben.page.locator(".thread").getByText("No jokes").waitFor();
	await ben.goes("Patients");
});

test("the keys j and k walk through a chart, until they are turned off", async () => {
	await ben.follows(new RegExp(anas.name));
	await ben.reads(anas.name);
	await ben.page.getByRole("link", { name: new RegExp(SHORT.title) }).first().waitFor();
	const list = ben.page.url();
	const heading = ben.page.getByRole("heading", { level: 1 });
	const box = ben.page.getByRole("checkbox", { name: says("chart.keys") });
	await heading.focus();
	await ben.page.keyboard.press("j");
	await ben.page.waitForFunction((before) => location.href !== before, list);
	await ben.page.goBack();
	await ben.page.waitForFunction((before) => location.href === before, list);
	await box.uncheck();
	await heading.focus();
	await ben.page.keyboard.press("j");
	await ben.page.waitForTimeout(1_000);
	assert.equal(ben.page.url(), list, "they are turned off");
	await box.check();
	await ben.goes("Patients");
});

test("what a doctor adds is new to the patient until she opens it, or marks it as seen", async () => {
	await ana.goes("Home");
	await appends("Answer to the diary", "Sleep is more important.\n", "--in-reply-to", "0");
	await appends("Plan for spring", "Walk each day.\n");
	await news(ana).getByText("Plan for spring").waitFor();
	await news(ana).getByText("Answer to the diary").waitFor();
	assert.equal(await news(ana).getByText("Later result").count(), 0, "what she added herself is no news");
	await ana.looks("new-from-a-doctor");
	// A note leads to its record.
	await news(ana).getByRole("link").filter({ hasText: "Answer to the diary" }).click();
	await ana.reads(LONG.title);
	await ana.page.locator(".thread").getByText("Sleep is more important.").waitFor();
	await comesBack(ana, "Hello, Ana");
	await news(ana).getByText("Plan for spring").waitFor();
	assert.equal(await news(ana).getByText("Answer to the diary").count(), 0);
	await ana.presses(says("news.seen"));
	await news(ana).waitFor({ state: "detached" });
	await comesBack(ana, "Hello, Ana");
	await ana.sees("Plan for spring");
	await ana.page.waitForTimeout(3_000);
	assert.equal(await news(ana).count(), 0);
});

test("a doctor names a patient who shares single records, on this device and encrypted", async () => {
	const number = says("inbox.patient", { n: anas.number });
	await runs(anas.home, "patient", "share", "--yes", String(evas.number), "1");
	const eva = await Person.at(browser, PORTAL, { name: "news-single-records", look: "phone", settings: PHONE });
	await eva.restores(evas.words, PASSPHRASE);
	await eva.reads("Your patients");
	await news(eva).getByText(says("news.granted", { name: number })).waitFor();
	await eva.follows(new RegExp(number));
	await eva.reads(number);
	await eva.unfolds(says("name.give"));
	await eva.sees(says("name.why"));
	await eva.types(says("name.label"), OWN_NAME);
	await eva.looks("name-a-patient");
	await eva.presses(says("name.save"));
	await eva.reads(OWN_NAME);
	await eva.sees(says("name.own", { n: anas.number }));
	await eva.looks("named-patient");
	await eva.goes("Patients");
	await eva.sees(OWN_NAME);
	await eva.sees(says("inbox.ownName", { n: anas.number }));
	await eva.looks("inbox-with-own-name");
	await comesBack(eva, "Your patients");
	await eva.sees(OWN_NAME);
	const canaries = new Canaries([OWN_NAME, "Hollowbrook"]);
	assert.deepEqual(canaries.in(await eva.page.evaluate(kept)), [], "in the storage");
	assert.deepEqual(canaries.in([...eva.places].join("\n")), [], "in addresses and titles");
	assert.deepEqual(eva.sent.flatMap((part) => canaries.in(part)), [], "in what was sent");
	// It goes with the access.
	await runs(anas.home, "patient", "revoke", String(evas.number));
	await eva.loses(OWN_NAME);
	await runs(anas.home, "patient", "share", "--yes", String(evas.number), "1");
	await eva.sees(number);
	assert.equal(await eva.page.getByText(OWN_NAME).count(), 0);
	await eva.leaves();
});

test("a record that is shared no more goes from the doctor's open chart", async () => {
	const share = (...records) => runs(anas.home, "patient", "share", "--yes", String(evas.number), ...records);
	await share("0", "1");
	const eva = await Person.at(browser, PORTAL, { name: "news-shared-no-more", look: "desktop", settings: DESKTOP });
	await eva.restores(evas.words, PASSPHRASE);
	await eva.reads("Your patients");
	await eva.follows(new RegExp(says("inbox.patient", { n: anas.number })));
	await eva.follows(new RegExp(SHORT.title));
	await eva.page.frameLocator("iframe").getByText(SHORT.content.slice(0, 10)).first().waitFor();
	// When the page has this one, it has looked at the chain since the chart is open.
	await share("2");
	await eva.sees("Later result");
	await runs(anas.home, "patient", "unshare", String(evas.number), "1");
	await eva.loses(SHORT.title);
	await eva.sees(says("record.missing"));
	assert.equal(await eva.page.locator(".preview").count(), 0);
	await eva.sees("Later result");
	await eva.leaves();
});

test("what a doctor has written stays to be copied when the patient takes the right to add back, and then all access", async () => {
	const letter = "A long letter.";
	const writer = await Person.at(browser, PORTAL, { name: "news-unsent", look: "desktop", settings: DESKTOP });
	await writer.restores(bens.words, PASSPHRASE);
	await writer.reads("Your patients");
	await writer.visits(`doctor/chart/${anas.number}/write`);
	await writer.reads(says("write.title", { name: anas.name }));
	await writer.types(says("write.text"), letter);
	const unsent = writer.page.getByLabel(says("write.unsent"), { exact: true });
	await runs(anas.home, "patient", "grant", "--yes", String(bens.number), "--no-append");
	await writer.sees(says("write.mayNot"));
	assert.equal(await unsent.inputValue(), letter);
	await writer.looks("unsent-text");
	await runs(anas.home, "patient", "revoke", String(bens.number));
	await writer.tells(says("chart.ended"));
	assert.equal(await unsent.inputValue(), letter);
	await writer.leaves();
});
