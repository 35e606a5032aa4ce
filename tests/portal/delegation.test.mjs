// Acting for others, by clicks: two of three printed sheets; a lost phone and lost words, and guardians; a thief who is vetoed; a
// parent who acts for a child; a patient who can't be asked, and two hospitals.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test delegation.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as passes } from "node:timers/promises";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { account, doctor, isPatient, patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const { HOMES } = process.env;
const PASSPHRASE = "correct horse battery staple";
/** The time in which a recovery can be stopped: the network of the tests allows less than a day. */
const DELAY = 45;

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

/** A file of a line, in the folder of one of the people. */
async function file({ home }, name) {
	const folder = join(HOMES, home, "files");
	await mkdir(folder, { recursive: true });
	const path = join(folder, `${name}.txt`);
	await writeFile(path, `${name}\n`);
	return path;
}

/** Someone with an account, at a browser that has nothing yet. */
async function arrives(who, look, heading, settings = DESKTOP) {
	const person = await Person.at(browser, PORTAL, { name: look, look: settings === PHONE ? "phone" : "desktop", settings });
	await person.restores(who.words, PASSPHRASE);
	await person.reads(heading);
	return person;
}

/** Types a code where a camera would read it. */
async function types(person, code) {
	await person.unfolds(says("scan.other"));
	await person.types(says("scan.typed"), code);
	await person.presses(says("scan.take"));
}

const numbered = ({ number }) => says("desk.patient", { n: number });
const button = (person, key) => person.page.getByRole("button", { name: new RegExp(`^${says(key)}`) }).first();

test("two of three printed sheets open an account, and one does not", async () => {
	const pia = await patient("delegation-pia", "Pia Quillmark");
	const phone = await arrives(pia, "sheets", "Hello, Pia", PHONE);
	await phone.visits("trusted/sheets");
	await phone.reads(says("sheets.title"));
	await phone.types(says("unlock.passphrase"), "not the passphrase");
	await phone.presses(says("sheets.make"));
	await phone.page.getByRole("alert").first().waitFor();
	assert.equal(await phone.page.locator(".paper").count(), 0);
	await phone.types(says("unlock.passphrase"), PASSPHRASE);
	await phone.presses(says("sheets.make"));
	await phone.reads(says("sheets.print"));
	const sheets = await phone.page.locator(".paper").all();
	assert.equal(sheets.length, 3);
	await phone.looks("sheets");
	const words = async (sheet) => (await sheet.locator(".words li").allInnerTexts()).map((word) => word.replace(/^\d+\.?\s*/, "").trim()).join(" ");
	const [first, second] = [await words(sheets[0]), await words(sheets[1])];
	assert.notEqual(first, second);
	const picture = await sheets[2].locator(".qr svg").screenshot();
	await phone.presses(says("sheets.done"));
	await phone.reads(says("sheets.title"));
	assert.equal(await phone.page.locator(".words").count(), 0, "they are shown once");
	await phone.leaves();

	const other = await Person.at(browser, PORTAL, { name: "by-sheets", look: "desktop", settings: DESKTOP });
	await other.follows(says("start.recover"));
	await other.reads(says("recover.title"));
	await other.looks("recover");
	await other.follows(says("recover.sheets"));
	await other.reads(says("bySheets.title", { n: 1 }));
	// The words of an account are no sheet, and a word that is mistyped is found.
	for (const text of [pia.words, first.replace(/^\S+/, "zebra")]) {
		await other.types(says("bySheets.words"), text);
		await other.presses(says("continue"));
		await other.page.getByRole("alert").first().waitFor();
	}
	await other.types(says("bySheets.words"), first);
	await other.presses(says("continue"));
	await other.reads(says("bySheets.title", { n: 2 }));
	await other.types(says("bySheets.words"), first);
	await other.presses(says("continue"));
	await other.tells(says("bySheets.same"));
	await other.looks("second-sheet");
	await other.scans(picture);
	await other.reads(says("restore.title"));
	await other.types(says("new.passphrase"), PASSPHRASE);
	await other.types(says("new.again"), PASSPHRASE);
	await other.presses(says("restore.button"));
	await other.reads("Hello, Pia");
	assert.deepEqual(other.said, [], "on the console");
	await other.leaves();
});

test("guardians give a person who has lost everything a new account with the data, and the lost phone sees no more of it", async () => {
	const [ada, gus, hal, ben] = [
		await patient("delegation-ada", "Ada Thistlemere"), await patient("delegation-gus", "Gus Oldacre"),
		await patient("delegation-hal", "Hal Thornbury"), await doctor("delegation-ben", "Dr. Ben Ömer"),
	];
	await runs(ada.home, "record", "add", await file(ada, "before"));
	await runs(ada.home, "patient", "grant", "--yes", String(ben.number));
	await runs(hal.home, "patient", "for", "key");

	// One makes the code that the person scans, and one is chosen by number.
	const friend = await arrives(gus, "guardian", "Hello, Gus");
	await friend.visits("trusted/others");
	await friend.sees(says("wards.none"));
	await friend.presses(says("acting.publish"));
	await friend.tells(says("acting.show"));
	await friend.unfolds(says("wait.codeText"));
	const code = (await friend.page.locator(".digest").last().innerText()).trim();
	await friend.looks("acting-code");

	const phone = await arrives(ada, "ward", "Hello, Ada", PHONE);
	await phone.follows(says("home.trusted.more"));
	await phone.reads(says("trusted.title"));
	await phone.looks("trusted");
	await phone.follows(says("guardians.title"));
	await phone.tells(says("guardians.none"));
	await phone.presses(says("guardians.choose"));
	await phone.reads(says("guardians.who"));
	await phone.presses(says("continue"));
	await phone.tells(says("guardians.two"));
	// Another key than the published one is a lie of the code or of the node.
	await types(phone, code.replace(/key=0x../, (begin) => `${begin.slice(0, -2)}${begin.endsWith("00") ? "11" : "00"}`));
	await phone.tells(says("guardians.differs"));
	await phone.types(says("scan.typed"), code);
	await phone.presses(says("scan.take"));
	await phone.sees(numbered(gus));
	await phone.types(says("guardians.number"), String(ada.number));
	await phone.presses(says("guardians.take"));
	await phone.tells(says("guardians.twice"));
	await phone.types(says("guardians.number"), String(hal.number));
	await phone.presses(says("guardians.take"));
	await phone.sees(numbered(hal));
	await phone.picks(new RegExp(`^${says("guardians.kind.desk")}`));
	await phone.presses(says("guardians.take"));
	await phone.sees(/^The desk of /);
	await phone.looks("choose-guardians");
	await phone.presses(says("continue"));
	await phone.reads(says("guardians.many"));
	await phone.presses(says("continue"));
	await phone.reads(says("share.check"));
	await phone.tells(says("guardians.check", { k: 2 }));
	await phone.looks("check-guardians");
	await phone.presses(says("guardians.sign"));
	await phone.reads(says("guardians.title"));
	await phone.sees(says("guardians.rule", { k: 2, n: 3 }));
	await phone.looks("guardians");
	// The same with a delay that a test can wait for.
	const three = ["--patient", String(gus.number), "--patient", String(hal.number), "--desk", "0"];
	await runs(ada.home, "patient", "guardians", "set", ...three, "--threshold", "2", "--delay", `${DELAY}s`, "--yes");
	// The phone is lost.
	await phone.leaves();

	const fresh = await Person.at(browser, PORTAL, { name: "new-device", look: "phone", settings: PHONE });
	await fresh.follows(says("start.recover"));
	await fresh.reads(says("recover.title"));
	await fresh.follows(says("recover.people"));
	await fresh.writesAccount(PASSPHRASE);
	await fresh.page.getByRole("heading", { level: 1, name: new RegExp(`${says("recovering.who")}|Unlock by face or finger`) }).waitFor();
	if (await fresh.page.getByRole("button", { name: "Not now" }).isVisible()) await fresh.presses("Not now");
	await fresh.reads(says("recovering.who"));
	await fresh.types(says("recovering.number"), String(ada.number));
	await fresh.presses(says("continue"));
	await fresh.reads(says("recovering.title", { name: numbered(ada) }));
	const digits = (await fresh.page.getByRole("region", { name: says("recovering.give") }).locator(".digest").first().innerText()).trim();
	await fresh.unfolds(says("recovering.code"));
	const offer = (await fresh.page.locator("details[open] .digest").first().innerText()).trim();
	await fresh.looks("new-device");
	assert.equal(await fresh.page.getByRole("alert").count(), 0, "no guardian has asked yet, which is no problem");

	// The first guardian asks, once both questions are answered.
	await friend.sees(numbered(ada));
	await friend.unfolds(says("ask.title"));
	const asking = friend.page.locator("details[open]").filter({ hasText: says("ask.text") });
	await asking.locator("summary", { hasText: says("scan.other") }).click();
	await asking.getByLabel(says("scan.typed")).fill(offer);
	await asking.getByRole("button", { name: says("scan.take") }).click();
	const question = friend.page.getByRole("dialog");
	await question.getByText(digits).waitFor();
	await friend.answers(says("ask.yes"));
	await question.getByText(says("ask.check.missing")).waitFor();
	await friend.ticks(says("ask.met"));
	await friend.ticks(says("ask.same"));
	await friend.looks("ask-for-ward");
	await friend.answers(says("ask.yes"));
	await friend.sees(says("wards.approvals", { k: 1, n: 2 }));
	await fresh.sees(says("recovering.so", { k: 1, n: 0 }));

	// The second sees the same digits, and agrees. Then the delay begins.
	const second = await arrives(hal, "second-guardian", "Hello, Hal");
	await second.visits("trusted/others");
	await second.sees(digits);
	await second.presses(new RegExp(`^${says("wards.approve")}`));
	await second.page.getByRole("dialog").getByText(digits).waitFor();
	await second.looks("approve");
	await second.answers(says("wards.approve.yes"));
	await second.sees(says("wards.approved"));
	assert.equal(await button(second, "wards.handOver").count(), 0, "the delay is not over");
	assert.equal(await button(fresh, "recovering.finish").count(), 0);
	await passes(DELAY * 1_000);
	// Their devices hand over by themselves what they have approved.
	for (const guardian of [friend, second]) {
		await guardian.page.getByText(says("wards.handed")).filter({ visible: true }).first().waitFor({ timeout: 120_000 });
	}
	await fresh.presses(says("recovering.finish"));
	await fresh.reads("Hello, Ada");
	await fresh.looks("recovered");
	await fresh.goes("Records");
	await fresh.page.getByRole("link", { name: /before/ }).first().waitFor();
	assert.ok(!(await isPatient(ada.home, "me")), "the lost phone's account is no patient any more");
	// The doctor reads on, what was before and what is added.
	await fresh.comesToAdd({ name: "after.txt", mimeType: "text/plain", buffer: Buffer.from("after\n") });
	await fresh.presses("Sign and add 1 record");
	await fresh.reads("Your records");
	const { items } = await runs(ben.home, "doctor", "chart", String(ada.number));
	assert.equal(items.length, 2);
	await fresh.visits("trusted/guardians");
	await fresh.tells(says("guardians.none"));
	for (const person of [fresh, friend, second]) {
		assert.deepEqual(person.said, [], "on the console");
		await person.leaves();
	}
});

test("a thief who has deceived the guardians is seen on every page, and vetoed", async () => {
	const [vic, gus, hal] = [await patient("delegation-vic", "Vic Oldacre"), { home: "delegation-gus" }, { home: "delegation-hal" }];
	const numbers = await Promise.all([gus, hal].map(async ({ home }) => String((await runs(home, "patient", "show")).value.patient)));
	const two = numbers.flatMap((number) => ["--patient", number]);
	await runs(vic.home, "patient", "guardians", "set", ...two, "--threshold", "2", "--delay", `${DELAY}s`, "--yes");
	const owner = await arrives(vic, "vetoing", "Hello, Vic", PHONE);
	assert.equal(await button(owner, "alert.recovery.veto").count(), 0);
	const thief = await account("delegation-thief");
	const offer = join(HOMES, thief.home, "offer.json");
	const { keyDigest } = await runs(thief.home, "recovery", "begin", "--into", offer, "patient", String(vic.number));
	await runs(gus.home, "recovery", "request", offer, "--key-digest", keyDigest, "--yes");
	await owner.sees(says("alert.recovery", { name: numbered(vic) }));
	await runs(hal.home, "recovery", "approve", "patient", String(vic.number), "--key-digest", keyDigest, "--yes");
	// Wherever the owner is.
	await owner.goes("Access");
	await owner.sees(/you can surely stop it/);
	await owner.looks("alert");
	await owner.presses(says("alert.recovery.veto"));
	await owner.page.getByRole("dialog").getByText(thief.address).waitFor();
	// A question that is answered with no stops nothing.
	await owner.answers(says("dialog.no"));
	await owner.presses(says("alert.recovery.veto"));
	await owner.answers(says("alert.recovery.veto"));
	await owner.isTold(says("alert.recovery.stopped"));
	await owner.loses(says("alert.recovery", { name: numbered(vic) }));
	await passes(DELAY * 1_000);
	await assert.rejects(runs(thief.home, "recovery", "finish", "patient", String(vic.number)));
	assert.ok(await isPatient(vic.home, "me"));
	assert.deepEqual(owner.said, [], "on the console");
	await owner.leaves();
});

/** The accounts at two hospitals' desks that have the key to which shares are sealed. */
const desks = {};
async function deskOf(hospital) {
	if (desks[hospital]) return desks[hospital];
	// The run has made the first hospital's.
	if (hospital === 0) {
		const { words } = await runs("colleague", "account", "export", "--words", "--yes");
		return (desks[0] = { home: "colleague", words });
	}
	const made = await account(`delegation-desk-${hospital}`);
	await runs(`boss-${hospital}`, "hospital", "registrar", "appoint", made.address);
	await runs(made.home, "hospital", "registrar", "accept");
	await runs(made.home, "hospital", "publish-key", "--yes");
	return (desks[hospital] = made);
}

test("a desk declines a patient who asks to move to its hospital, and has nothing of them on its page then", async () => {
	const [mia, staff] = [await patient("delegation-mia", "Mia Thorn"), await deskOf(1)];
	await runs(mia.home, "patient", "move", "--to", "1");
	const desk = await arrives(staff, "declining-desk", says("desk.title"));
	// Another person's number may begin like hers.
	const line = desk.page.getByRole("link").filter({ hasText: new RegExp(`${numbered(mia)}(?!\\d)`) });
	await line.click();
	await desk.page.getByRole("heading", { level: 2, name: numbered(mia), exact: true }).waitFor();
	await desk.presses(says("desk.decline"));
	await desk.page.getByRole("dialog").getByText(says("desk.decline.title")).waitFor();
	await desk.looks("decline-a-move");
	await desk.answers(says("desk.decline"));
	await desk.reads(says("desk.title"));
	await desk.isTold(says("done.final"));
	await line.waitFor({ state: "detached" });
	for (const words of [mia.name, numbered(mia)]) assert.equal(await desk.page.getByText(words, { exact: true }).count(), 0, words);
	assert.deepEqual(desk.said, [], "on the console");
	await desk.leaves();
});

test("a parent acts for a child as far as the desk has confirmed it, and no longer when the child ends it", async () => {
	const [kim, pat, eva] = [
		await patient("delegation-kim", "Kim Quillmark"), await patient("delegation-pat", "Pat Quillmark"),
		await doctor("delegation-eva", "Dr. Eva Ray"),
	];
	await runs(kim.home, "record", "add", await file(kim, "birth"));
	const parent = await arrives(pat, "parent", "Hello, Pat");
	await parent.visits("trusted/others");
	await parent.presses(says("acting.publish"));
	await parent.tells(says("acting.show"));
	await parent.unfolds(says("wait.codeText"));
	const code = (await parent.page.locator(".digest").last().innerText()).trim();

	const child = await arrives(kim, "child", "Hello, Kim", PHONE);
	await child.visits("trusted/representatives");
	await child.tells(says("rep.none"));
	await child.presses(says("rep.name"));
	await child.types(says("guardians.number"), String(kim.number));
	await child.presses(says("continue"));
	await child.tells(says("rep.self"));
	await types(child, code);
	await child.reads(says("rep.what", { name: numbered(pat) }));
	for (const scope of ["add", "grant", "revoke"]) await child.ticks(new RegExp(`^${says(`rep.scope.${scope}`)}`));
	await child.looks("scopes");
	await child.presses(says("continue"));
	await child.reads(says("share.check"));
	await child.presses(says("rep.sign"));
	await child.tells(says("rep.state.waiting"));
	await parent.visits("");
	await parent.visits("trusted/others");
	await parent.tells(says("represented.none"));

	// The desk sees both, and compares the key with the code on the parent's own screen.
	const desk = await arrives(await deskOf(0), "representatives-desk", says("desk.title"));
	await desk.goes(says("nav.requests"));
	await desk.reads(says("requests.title"));
	await desk.follows(/Pat Quillmark for Kim Quillmark/);
	await desk.reads("Pat Quillmark for Kim Quillmark");
	await button(desk, "deskRep.confirm").click();
	await desk.sees(says("deskRep.key.missing"));
	await types(desk, code.replace(/number=\d+/, `number=${kim.number}`));
	await desk.tells(says("deskRep.key.foreign"));
	await desk.types(says("scan.typed"), code);
	await desk.presses(says("scan.take"));
	await desk.tells(says("desk.key.matches"));
	for (const check of ["both", "wish", "scopes"]) await desk.ticks(new RegExp(`^${says(`deskRep.check.${check}`)}`));
	await desk.looks("representative");
	await button(desk, "deskRep.confirm").click();
	await desk.answers(says("deskRep.confirm"));
	await desk.reads(says("requests.title"));
	await desk.leaves();

	await child.visits("");
	await child.visits("trusted/representatives");
	await child.presses(says("rep.seal"));
	await child.tells(says("rep.state.current"));
	await child.looks("representatives");

	await parent.visits("");
	await parent.visits("trusted/others");
	await parent.follows(/Kim Quillmark/);
	await parent.page.getByRole("link", { name: /birth/ }).first().click();
	await parent.looks("represented");
	await parent.visits(`represented/${kim.number}/add`);
	await parent.reads(says("represented.add", { name: "Kim Quillmark" }));
	await parent.page.getByLabel(says("write.fileLabel"), { exact: true }).setInputFiles({ name: "vaccination.txt", mimeType: "text/plain", buffer: Buffer.from("measles\n") });
	await parent.presses(says("add.sign", { n: 1 }));
	await parent.page.getByRole("link", { name: /vaccination/ }).first().waitFor();
	await parent.visits(`represented/${kim.number}/doctors`);
	await parent.types(says("guardians.number.doctor"), String(eva.number));
	await parent.presses(says("continue"));
	await parent.looks("grant-for");
	await parent.answers(says("share.sign"));
	await parent.sees(eva.name);
	const { items } = await runs(eva.home, "doctor", "chart", String(kim.number));
	assert.equal(items.length, 2);
	assert.ok(items.some(({ author }) => author.representative === pat.number), "the record says who added it");

	await parent.visits(`represented/${kim.number}`);
	await parent.page.getByRole("link", { name: /vaccination/ }).first().waitFor();
	await child.presses(new RegExp(`^${says("rep.end")}`));
	await child.answers(says("rep.end"));
	await child.tells(says("rep.none"));
	// The chart that is open closes by itself.
	await parent.reads(says("represented.ended"));
	assert.equal(await parent.page.getByRole("link", { name: /vaccination/ }).count(), 0);
	await parent.visits("");
	await parent.visits(`represented/${kim.number}`);
	await parent.reads(says("represented.ended"));
	for (const person of [parent, child]) {
		assert.deepEqual(person.said, [], "on the console");
		await person.leaves();
	}
});

test("two hospitals open what a patient who can't be asked has chosen, one alone does not, and the patient closes it", async () => {
	const [una, dan] = [await patient("delegation-una", "Una Thornbury"), await doctor("delegation-dan", "Dr. Dan Fell")];
	await runs(una.home, "record", "add", await file(una, "summary"), await file(una, "diary"));
	const accounts = [await deskOf(0), await deskOf(1)];
	const owner = await arrives(una, "planning", "Hello, Una", PHONE);
	await owner.visits("trusted/emergency");
	await owner.tells(says("plan.none"));
	await owner.presses(says("plan.set"));
	await owner.picks(new RegExp(`^${says("plan.records")}`));
	await owner.presses(says("continue"));
	await owner.reads(says("share.pick"));
	await owner.ticks(/^summary/);
	await owner.presses(says("continue"));
	await owner.reads(says("plan.who"));
	const hospitals = owner.page.getByRole("group", { name: says("plan.holders") }).getByRole("checkbox");
	await hospitals.nth(0).check();
	await owner.presses(says("continue"));
	await owner.tells(says("plan.holders.two"));
	await hospitals.nth(1).check();
	await owner.looks("plan-holders");
	await owner.presses(says("continue"));
	await owner.reads(says("share.check"));
	await owner.presses(says("plan.sign"));
	await owner.reads(says("plan.title"));
	await owner.sees(says("guardians.rule", { k: 2, n: 2 }));
	await owner.unfolds(says("plan.card"));
	await owner.looks("plan");
	const card = await owner.shows();

	const asks = await arrives(dan, "emergency", says("inbox.title"));
	await asks.goes(says("nav.emergency"));
	await asks.scans(card);
	await asks.reads(says("emergency.title", { name: numbered(una) }));
	await asks.presses(says("emergency.ask"));
	await asks.sees(says("emergency.reason.missing"));
	await asks.picks(says("emergency.reason.unconscious"));
	await asks.types(says("emergency.details"), "Found on the road, no pulse oximeter needed to see it.");
	await asks.looks("ask-hospitals");
	await asks.presses(says("emergency.ask"));
	await asks.answers(says("emergency.ask"));
	await asks.sees(says("emergency.confirmed", { k: 0, n: 2 }));
	await owner.sees(says("emergency.asks", { name: dan.name }));

	const staff = [];
	for (const [hospital, one] of accounts.entries()) {
		const desk = await arrives(one, `emergency-desk-${hospital}`, says("desk.title"));
		staff.push(desk);
		// Wherever the desk is, and without being asked.
		await desk.sees(says("desk.urgent", { n: 1 }));
		await desk.page.getByRole("link", { name: says("nav.urgent", { n: 1 }) }).waitFor();
		await desk.goes(says("nav.requests"));
		await desk.sees(says("requests.emergency", { name: dan.name, patient: numbered(una) }));
		// Read aloud when it comes.
		await desk.page.getByRole("alert").filter({ hasText: says("requests.emergency", { name: dan.name, patient: numbered(una) }) }).waitFor();
		await desk.unfolds(says("emergency.text"));
		await desk.sees("Found on the road, no pulse oximeter needed to see it.");
		await desk.looks("emergency-request");
		assert.equal(await asks.page.getByRole("link", { name: /summary/ }).count(), 0, "not confirmed by two");
		await button(desk, "requests.emergency.confirm").click();
		await desk.answers(says("requests.emergency.confirm"));
		if (hospital > 0) continue;
		await desk.isTold(says("requests.emergency.done"));
		await desk.page.getByRole("link", { name: says("nav.urgent", { n: 1 }) }).waitFor({ state: "detached" });
		await asks.sees(says("emergency.confirmed", { k: 1, n: 2 }));
		await assert.rejects(runs(dan.home, "doctor", "chart", String(una.number)), "one hospital alone opens nothing");
	}
	await asks.page.getByRole("link", { name: /summary/ }).first().click();
	await asks.sees(says("emergency.seen"));
	await asks.looks("emergency-open");
	assert.equal(await asks.page.getByRole("link", { name: /diary/ }).count(), 0, "only what the patient has chosen");

	// The patient sees it at once, closes it, and says what it was.
	await owner.sees(new RegExp(`^${dan.name} can see your chart, in an emergency`));
	await owner.looks("emergency-alert");
	await button(owner, "emergency.close").click();
	await owner.answers(says("emergency.close"));
	await owner.sees(/^Closed since /);
	await asks.page.getByRole("button", { name: says("emergency.ask") }).waitFor();
	await assert.rejects(runs(dan.home, "doctor", "open", String(una.number), "0", "--output", join(HOMES, dan.home, "late")));
	await button(owner, "emergency.wasNone").click();
	await owner.looks("emergency-judging");
	await owner.answers(says("emergency.wasNone"));
	await owner.tells(says("emergency.review.unjustified"));
	await owner.tells(says("plan.state.used"));
	await owner.goes("Who looked");
	await owner.sees(says("looks.emergency", { name: dan.name }));
	await owner.looks("looks-in-emergency");
	for (const person of [owner, asks, ...staff]) {
		assert.deepEqual(person.said, [], "on the console");
		await person.leaves();
	}
});
