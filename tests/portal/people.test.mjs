// The desk's People page: one field that finds people by number, address and name, and the hospital's lists. Patients' names are
// read only where they are asked for, and each patient sees that.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test people.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { doctor, patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const { HOMES, MEDBLOCK_PASSPHRASE_FILE } = process.env;
const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const ana = await patient("people-ana", "Ana Quillmark");
const cem = await patient("people-cem", "Cem Thistlemere");
const ben = await doctor("people-ben", "Dr. Ben Ömer");
await runs("staff", "hospital", "suspend", "patient", "--yes", String(cem.number));

const desk = await Person.at(browser, PORTAL, { name: "people", look: "desktop", settings: DESKTOP });
const { page } = desk;
/** The hospital's patients, as the page lists them. */
const patients = page.getByRole("region", { name: says("desk.people.patients") });
const doctors = page.getByRole("region", { name: says("desk.people.doctors") });
const of = ({ number }) => says("desk.patient", { n: number });

/** How often the desk has looked at a patient's name, as the patient sees it. */
async function looks({ home }) {
	const { items } = await runs(home, "patient", "disclosures");
	return items.length;
}

/** What was found for what stands in the field. */
const found = page.getByRole("region", { name: new RegExp(`^${says("desk.find.found")}`) });

/** Looks for a text. */
async function asks(text) {
	await desk.types(says("desk.find.label"), text);
	await desk.presses(says("desk.people.find"));
}

/** Looks for a text that finds this one person, and goes to the person's page and back. */
async function finds(text, { name }, line) {
	await asks(text);
	await found.getByRole("link").filter({ hasText: line }).click();
	await desk.reads(name);
	await page.goBack();
	await desk.reads(says("desk.people.title"));
}

test("the desk comes to the page with the hospital's key of names", async () => {
	const keystore = await readFile(join(HOMES, "staff", "accounts", "desk.age"));
	await desk.follows(/Restore with your 24 words/);
	await desk.picks(/A keystore file/);
	await page.getByLabel("The file", { exact: true }).setInputFiles({ name: "desk.age", mimeType: "application/octet-stream", buffer: keystore });
	await desk.types("The file's passphrase", (await readFile(MEDBLOCK_PASSPHRASE_FILE, "utf8")).trim());
	await desk.presses("Restore");
	await desk.reads("Who waits");
	// Another part of the run may have given it the key before.
	const { registrars } = await runs("staff", "hospital", "registrar", "list");
	const { address } = await runs("staff", "account", "show");
	if (!registrars.find(({ account }) => account === address).holdsProfileKey) {
		const locked = page.getByRole("button", { name: says("desk.names.own.button") });
		await locked.click();
		await desk.sees("Ask someone at the desk to give it to you");
		await runs("colleague", "hospital", "share-key", "--yes");
		await desk.loses(says("desk.names.locked"));
	}
	await desk.goes("People");
	await desk.reads(says("desk.people.title"));
	await desk.sees(says("desk.norecords"));
});

test("one field finds people by number, by address, and doctors by name", async () => {
	// A number may be a patient's and a doctor's, so it reads no name.
	const before = await looks(ana);
	await asks(String(ana.number));
	await found.getByText(of(ana)).first().waitFor();
	assert.equal(await found.getByText(ana.name).count(), 0);
	assert.equal(await looks(ana), before);
	await desk.looks("found-by-number");
	await finds(String(ana.number), ana, of(ana));
	await finds(ana.address, ana, ana.name);
	await finds(String(ben.number), ben, ben.name);
	await finds(ben.address, ben, ben.name);
	// Other parts of the run may have made doctors of the same name.
	await finds("omer ben", ben, new RegExp(`${says("doctor.numbered", { n: ben.number })}(?!\\d)`));
	await asks(ana.address);
	await found.getByText(says("desk.find.noDoctor.account")).waitFor();
	await desk.sees(says("desk.find.count", { n: 1 }));
});

test("what finds no one says so, and what is no address is told", async () => {
	await asks("");
	await desk.tells(says("desk.find.empty"));
	// One letter is another one.
	await asks(`${ana.address.slice(0, -1)}${ana.address.endsWith("x") ? "y" : "x"}`);
	await desk.tells(says("desk.find.noAddress"));
	assert.equal(await found.count(), 0);
	// A door does not tell whether there is another hospital's patient with a number.
	await asks("4000000000");
	await found.getByText(says("desk.find.noPatient.number", { text: "4000000000" })).waitFor();
	await found.getByText(says("desk.find.noDoctor.number", { text: "4000000000" })).waitFor();
	await desk.looks("person-not-found");
	await found.getByRole("link", { name: says("desk.find.mover", { text: "4000000000" }) }).click();
	await desk.tells(/this is for the registrars of that hospital|there is no patient/i);
	await page.goBack();
	await desk.reads(says("desk.people.title"));
	await asks("zzzz");
	await found.getByText(says("desk.find.noDoctor.words")).waitFor();
});

test("the list has numbers and standings, and reads no name", async () => {
	const before = [await looks(ana), await looks(cem)];
	await desk.presses(says("desk.people.list"));
	for (const one of [ana, cem]) await patients.getByText(of(one)).first().waitFor();
	for (const { name } of [ana, cem]) assert.equal(await patients.getByText(name).count(), 0);
	await desk.looks("patients-by-number");
	await patients.getByLabel(says("desk.people.standing")).selectOption("suspended");
	await desk.presses(says("desk.people.list"));
	await patients.getByText(of(ana)).first().waitFor({ state: "detached" });
	await patients.getByText(of(cem)).first().waitFor();
	await patients.getByText(says("standing.suspended"), { exact: true }).last().waitFor();
	assert.deepEqual([await looks(ana), await looks(cem)], before, "no one was looked at");
});

test("a search in patients' names says that names are read, and each patient sees it", async () => {
	await patients.getByLabel(says("desk.people.standing")).selectOption("all");
	await asks("quillm");
	await found.getByText(says("desk.people.names.needed")).waitFor();
	const before = await looks(ana);
	await found.getByRole("button", { name: says("desk.find.names") }).click();
	await found.getByText(ana.name).first().waitFor();
	await found.getByText("9 March 1984").first().waitFor();
	assert.equal(await found.getByText(cem.name).count(), 0);
	await desk.looks("patients-by-name");
	assert.ok((await looks(ana)) > before, "she sees that the desk looked");
	await asks("zzzz");
	await found.getByRole("button", { name: says("desk.find.names") }).click();
	await found.getByText(says("desk.people.nobody")).waitFor();
	await desk.ticks(says("desk.people.names"));
	await desk.presses(says("desk.people.list"));
	for (const { name } of [ana, cem]) await patients.getByText(name).first().waitFor();
	await patients.getByRole("link").filter({ hasText: cem.name }).click();
	await desk.reads(cem.name);
	await page.goBack();
	await desk.reads(says("desk.people.title"));
});

test("the desk confirms the entry that it has before it, and none that came since", async () => {
	const proposes = (name) => {
		const entry = ["--name", name, "--specialty", "cardiology", "--qualification", "MD", "--since", "2009"];
		return runs(ben.home, "doctor", "profile", ...entry);
	};
	await proposes("Dr. Ben Omer");
	// Other parts have doctors of this name.
	await desk.visits(`desk/doctor/${ben.number}`);
	await desk.reads(ben.name);
	await desk.sees("Dr. Ben Omer");
	await desk.unfolds(says("desk.details"));
	await desk.types(says("desk.details.label"), "Room 12");
	await proposes("Prof. Grace Hopper");
	const save = await page.getByRole("button", { name: says("save"), exact: true }).filter({ visible: true }).first().elementHandle();
	// The question is open when the page has the later words, which are not what it is about. Both are pressed in one go: a test
	// that was stopped for a moment would ask when the page has them already.
	const isAsked = await page.getByRole("button", { name: says("desk.proposal.confirm") }).evaluate(async (confirm, saves) => {
		saves.click();
		confirm.click();
		await new Promise((done) => setTimeout(done));
		return document.querySelector("dialog[open]") !== null;
	}, save);
	assert.ok(isAsked);
	await desk.sees("Prof. Grace Hopper");
	await page.getByRole("dialog").waitFor({ state: "hidden" });
	assert.equal((await runs(ben.home, "doctor", "show")).value.profile.name, ben.name);
	// Nor does a page that was open before confirm what it does not show: it then shows that.
	await desk.types(says("desk.licence"), "2031-05-17");
	await proposes("Dr. Ben O.");
	await desk.presses(says("desk.proposal.confirm"));
	await desk.answers(says("desk.verify.yes"));
	await desk.sees("Dr. Ben O.");
	// A licence's end that would go meanwhile would be none.
	assert.equal(await page.getByLabel(says("desk.licence"), { exact: true }).inputValue(), "2031-05-17");
	assert.equal((await runs(ben.home, "doctor", "show")).value.profile.name, ben.name);
	await desk.presses(says("desk.proposal.discard"));
	await desk.reads("Who waits");
	assert.equal((await runs(ben.home, "doctor", "show")).proposal, null);
	await desk.goes("People");
	await desk.reads(says("desk.people.title"));
});

test("the desk that declines a move goes back to who waits, since the person is none of its own any more", async () => {
	const mara = await doctor("people-mara", "Dr. Mara Winterbourne", 1);
	await runs(mara.home, "doctor", "move", "--to", "0");
	await desk.visits(`desk/doctor/${mara.number}`);
	await desk.reads(mara.name);
	// The present hospital keeps the entry.
	assert.equal(await page.locator("summary").filter({ hasText: says("desk.details") }).count(), 0);
	await desk.presses(says("desk.decline"));
	await desk.answers(says("desk.decline"));
	await desk.reads("Who waits");
	assert.equal((await runs(mara.home, "doctor", "show")).value.movingTo, null);
	await desk.goes("People");
	await desk.reads(says("desk.people.title"));
});

test("those who ask to move stand apart, and several are declined one after another", async () => {
	const all = [];
	for (const name of ["Ilse Fernhollow", "Jon Wrenhaven", "Kit Underlake"]) {
		const one = await doctor(`people-${name.split(" ")[0].toLowerCase()}`, `Dr. ${name}`, 1);
		await runs(one.home, "doctor", "move", "--to", "0");
		all.push(one);
	}
	await desk.goes("Queue");
	await desk.reads("Who waits");
	const moves = page.locator("section[aria-labelledby=moves]");
	for (const { name } of all) await moves.getByText(name).first().waitFor();
	await desk.unfolds(says("desk.moves.several"));
	// One stays for the next time.
	const [first, second, third] = all;
	for (const { name } of [first, second]) await moves.getByRole("checkbox", { name: new RegExp(name) }).check();
	await desk.looks("decline-several");
	await desk.presses(says("desk.moves.decline", { n: 2 }));
	// A question that is answered with no declines nothing.
	await desk.answers(says("dialog.no"));
	await desk.presses(says("desk.moves.decline", { n: 2 }));
	await desk.answers(says("desk.moves.decline", { n: 2 }));
	await desk.isTold(says("desk.moves.done", { n: 2 }));
	for (const { name } of [first, second]) await moves.getByText(name).first().waitFor({ state: "detached" });
	const asks = async ({ home }) => (await runs(home, "doctor", "show")).value.movingTo;
	assert.deepEqual([await asks(first), await asks(second), await asks(third)], [null, null, 0]);
	await runs("staff", "hospital", "decline", "doctor", String(third.number), "--yes");
	await desk.goes("People");
	await desk.reads(says("desk.people.title"));
});

test("the hospital's doctors are listed with the end of their licences", async () => {
	await doctors.getByText(ben.name).first().waitFor();
	await doctors.getByRole("link").filter({ hasText: ben.name }).first().click();
	await desk.reads(ben.name);
	await desk.looks("doctor-from-the-list");
	await page.goBack();
	await desk.reads(says("desk.people.title"));
	assert.deepEqual(desk.said, [], "on the console");
});
