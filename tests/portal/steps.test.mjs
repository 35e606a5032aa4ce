// Forms of several steps: the browser's back and forward buttons go from step to step with all answers, a reload loses nothing
// but secrets, "Cancel" leaves, and nothing is signed twice. The history knows steps, and nothing that a person wrote.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test steps.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PHONE, launch } from "./browser.mjs";
import { Canaries, kept } from "./canaries.mjs";
import { doctor, patient, readers, runs } from "./medblock.mjs";
import { sent } from "./node.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
/** A person who has no account yet, and what only the desk and doctors may read of them. */
const NAME = "Otto Brackenmoor";
const CONTACT = "+43 660 4471 9920";

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const ada = await patient("steps-ada", "Ada Quillmark");
const ben = await doctor("steps-ben", "Dr. Ida Lindqvist");
const arrives = (name) => Person.at(browser, PORTAL, { name, look: "phone", settings: PHONE });

/** Someone with an account, at a browser that has nothing yet. */
async function comes(who, name, heading) {
	const person = await arrives(name);
	await person.restores(who.words, PASSPHRASE);
	await person.reads(heading);
	return person;
}

const back = ({ page }) => page.goBack();
const forward = ({ page }) => page.goForward();
/** What the history says of the place where the browser is. */
const place = ({ page }) => page.evaluate(() => ({ state: history.state, address: location.href, title: document.title }));

/** Loads the page again, which locks the account, and unlocks it. */
async function loadsAgain(person) {
	// What was answered last is written.
	await person.isNoted();
	await person.page.reload();
	await person.unlocks(PASSPHRASE);
}

const what = says("share.what", { name: ben.name });
const append = says("share.append", { name: ben.name });

/** Goes to the first question of sharing, and answers up to the last one. */
async function answers(person) {
	await person.visits(`doctors/${ben.number}`);
	await person.follows(`Share with ${ben.name}`);
	await person.reads(what);
	await person.picks(/The whole chart/);
	await person.presses(says("continue"));
	await person.reads(append);
	await person.picks(says("share.append.yes"));
	await person.presses(says("continue"));
	await person.reads(says("share.until"));
	await person.picks(says("share.until.days", { n: 7 }));
	await person.presses(says("continue"));
	await person.reads(says("share.check"));
}

test("back goes to the step before with its answer, and forward on again, as often as one likes", async () => {
	const person = await comes(ada, "steps-share", "Hello, Ada");
	const before = await sent(ada);
	await answers(person);
	await back(person);
	await person.reads(says("share.until"));
	assert.ok(await person.page.getByRole("radio", { name: says("share.until.days", { n: 7 }) }).isChecked());
	await back(person);
	await person.reads(append);
	assert.ok(await person.page.getByRole("radio", { name: says("share.append.yes") }).isChecked());
	await back(person);
	await person.reads(what);
	assert.ok(await person.page.getByRole("radio", { name: /The whole chart/ }).isChecked());
	for (const heading of [append, says("share.until"), says("share.check")]) {
		await forward(person);
		await person.reads(heading);
	}
	// The page's own button does the same, and an answer that is changed leads on from there.
	await person.presses(says("back"));
	await person.reads(says("share.until"));
	await forward(person);
	await person.reads(says("share.check"));
	await person.presses(new RegExp(`^${says("change")} ${says("share.check.append")}`));
	await person.reads(append);
	await person.picks(says("share.append.no"));
	await back(person);
	await person.reads(says("share.check"));
	await person.sees(says("share.append.no"));
	await person.looks("check-after-back");
	// No way leads around a question: without records, the check has nothing to sign.
	for (const heading of [says("share.until"), append, what]) {
		await back(person);
		await person.reads(heading);
	}
	await person.picks(new RegExp(`^${says("share.records")}`));
	await forward(person);
	await forward(person);
	await person.page.getByRole("heading", { level: 1, name: new RegExp(`${says("share.pick")}|${what.replace("?", "\\?")}`) }).waitFor();
	assert.equal(await person.page.getByRole("button", { name: says("share.sign") }).count(), 0);
	assert.equal(await sent(ada), before);
	assert.deepEqual(person.said, [], "on the console");
	await person.leaves();
});

test("a reload keeps the step and the answers, and what was signed can't be reached again", async () => {
	const person = await comes(ada, "steps-reload", "Hello, Ada");
	await answers(person);
	const before = await sent(ada);
	await loadsAgain(person);
	await person.reads(says("share.check"));
	await person.sees(says("share.append.yes"));
	await back(person);
	await person.reads(says("share.until"));
	assert.ok(await person.page.getByRole("radio", { name: says("share.until.days", { n: 7 }) }).isChecked());
	await forward(person);
	await person.reads(says("share.check"));
	await person.presses(says("share.sign"));
	await person.reads(says("share.done", { name: ben.name }));
	assert.equal(await sent(ada), before + 1);
	// Back is the page before the form, and forward no page that signs.
	await back(person);
	// What was signed has a heading with this name in it.
	await person.reads(new RegExp(`^${ben.name}$`));
	await forward(person);
	await person.page.getByRole("heading", { level: 1, name: new RegExp(`${says("share.done", { name: ben.name })}|${what.replace("?", "\\?")}`) }).waitFor();
	assert.equal(await person.page.getByRole("button", { name: says("share.sign") }).count(), 0);
	assert.equal(await sent(ada), before + 1);
	assert.deepEqual(await readers(ada), [ben.number]);
	await runs(ada.home, "patient", "revoke", String(ben.number));
	await person.leaves();
});

test("an end that was to stay as it is, and is gone, is asked for again: no access without an end comes of it", async () => {
	await runs(ada.home, "patient", "grant", "--yes", String(ben.number), "--until", "5d");
	const person = await comes(ada, "steps-end-gone", "Hello, Ada");
	await person.visits(`doctors/${ben.number}`);
	await person.follows(`Share with ${ben.name}`);
	// What holds is answered already.
	for (const heading of [what, append, says("share.until")]) {
		await person.reads(heading);
		await person.presses(says("continue"));
	}
	await person.reads(says("share.check"));
	await runs(ada.home, "patient", "revoke", String(ben.number));
	const before = await sent(ada);
	await loadsAgain(person);
	await person.reads(says("share.check"));
	assert.equal(await person.page.getByText(says("share.until.open"), { exact: true }).count(), 0);
	await person.presses(says("share.sign"));
	await person.reads(says("share.until"));
	assert.equal(await person.page.getByRole("radio", { checked: true }).count(), 0);
	assert.equal(await sent(ada), before);
	await person.picks(says("share.until.days", { n: 7 }));
	await person.presses(says("continue"));
	await person.reads(says("share.check"));
	assert.equal(await person.page.getByText(says("share.until.missing"), { exact: true }).count(), 0);
	await person.presses(says("cancel"));
	await person.reads(ben.name);
	assert.deepEqual(await readers(ada), []);
	await person.leaves();
});

test("cancel leaves the form, and its answers are gone", async () => {
	const person = await comes(ada, "steps-cancel", "Hello, Ada");
	const before = await sent(ada);
	await answers(person);
	await person.presses(says("cancel"));
	await person.reads(ben.name);
	await person.follows(`Share with ${ben.name}`);
	await person.reads(what);
	assert.equal(await person.page.getByRole("radio", { checked: true }).count(), 0);
	assert.equal(await sent(ada), before);
	await person.leaves();
});

test("a registration outlasts the back button, a lock and a reload, and the history has nothing of it", async () => {
	const person = await arrives("steps-register");
	await person.makesAccount(/I am a patient/, PASSPHRASE);
	const places = [];
	await person.reads(says("setup.title"));
	await person.picks(/Northern General/);
	await person.presses(says("continue"));
	await person.reads(says("setup.you"));
	await person.types(says("setup.name"), NAME);
	await person.types(says("setup.birth"), "1951-05-17");
	await person.types(says("setup.contact"), CONTACT);
	places.push(await place(person));
	await person.presses(says("continue"));
	await person.reads(says("setup.check"));
	places.push(await place(person));
	await back(person);
	await person.reads(says("setup.you"));
	assert.equal(await person.page.getByLabel(says("setup.name"), { exact: true }).inputValue(), NAME);
	await back(person);
	await person.reads(says("setup.title"));
	await forward(person);
	await person.reads(says("setup.you"));
	await loadsAgain(person);
	await person.reads(says("setup.you"));
	assert.equal(await person.page.getByLabel(says("setup.birth"), { exact: true }).inputValue(), "1951-05-17");
	await person.presses(says("continue"));
	await person.reads(says("setup.check"));
	for (const text of [NAME, "17 May 1951", CONTACT]) await person.sees(text);
	places.push(await place(person));
	for (const { state } of places) assert.deepEqual(Object.keys(state).sort(), ["depth", "form", "step"]);
	const canaries = new Canaries([NAME, "Brackenmoor", CONTACT, "4471 9920"]);
	assert.deepEqual(canaries.in(JSON.stringify(places)), [], "in the history");
	assert.deepEqual(canaries.in([...person.places].join("\n")), [], "in addresses and titles");
	// The browser's storage has it encrypted alone.
	await person.isNoted();
	assert.deepEqual(canaries.in(await person.page.evaluate(kept)), [], "in the storage");
	await person.presses(says("setup.sign"));
	await person.reads(/^Now go to the desk of /);
	await back(person);
	assert.equal(await person.page.getByRole("button", { name: says("setup.sign") }).count(), 0);
	await person.leaves();
});

test("a new account's words and passphrase stay while one goes back, and go with a reload", async () => {
	const person = await arrives("steps-account");
	await person.follows(/I am a patient/);
	await person.reads(says("new.title"));
	await person.types(says("new.passphrase"), PASSPHRASE);
	await person.types(says("new.again"), PASSPHRASE);
	await person.presses(says("continue"));
	await person.reads(says("new.words.title"));
	const words = () => person.page.locator(".words").innerText();
	const first = await words();
	await back(person);
	await person.reads(says("new.title"));
	assert.equal(await person.page.getByLabel(says("new.passphrase"), { exact: true }).inputValue(), PASSPHRASE);
	await forward(person);
	await person.reads(says("new.words.title"));
	assert.equal(await words(), first);
	await person.page.reload();
	await person.reads(says("new.title"));
	assert.equal(await person.page.getByLabel(says("new.passphrase"), { exact: true }).inputValue(), "");
	await forward(person);
	assert.equal(await person.page.locator(".words").count(), 0, "the words are gone");
	const canaries = new Canaries([PASSPHRASE]);
	assert.deepEqual(canaries.in(await person.page.evaluate(kept)), [], "in the storage");
	await person.leaves();
});

test("choosing guardians goes back to the page that it began on, with those who were chosen", async () => {
	const [gus, hal] = [await patient("steps-gus", "Gus Oldacre"), await patient("steps-hal", "Hal Thornbury")];
	for (const { home } of [gus, hal]) await runs(home, "patient", "for", "key");
	const person = await comes(ada, "steps-guardians", "Hello, Ada");
	await person.visits("trusted/guardians");
	await person.presses(says("guardians.choose"));
	await person.reads(says("guardians.who"));
	for (const one of [gus, hal]) {
		await person.types(says("guardians.number"), String(one.number));
		await person.presses(says("guardians.take"));
		await person.sees(says("desk.patient", { n: one.number }));
	}
	await person.presses(says("continue"));
	await person.reads(says("guardians.many"));
	await back(person);
	await person.reads(says("guardians.who"));
	await back(person);
	await person.reads(says("guardians.title"));
	await forward(person);
	await person.reads(says("guardians.who"));
	for (const one of [gus, hal]) await person.sees(says("desk.patient", { n: one.number }));
	await forward(person);
	await person.reads(says("guardians.many"));
	await loadsAgain(person);
	await person.reads(says("guardians.many"));
	await person.presses(says("continue"));
	await person.reads(says("share.check"));
	await person.sees(says("guardians.rule", { k: 2, n: 2 }));
	await person.presses(says("cancel"));
	await person.reads(says("guardians.title"));
	await person.tells(says("guardians.none"));
	await back(person);
	assert.equal(await person.page.getByRole("button", { name: says("guardians.sign") }).count(), 0);
	await person.leaves();
});
