// What people change afterwards: single records that are shown no more, how many a doctor may add, the own profile, an
// account that is about to take over, new words; and the institutions of a hospital.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test settings.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as passes } from "node:timers/promises";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { account, doctor, isPatient, patient, readers, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { until } from "./waiting.mjs";
import { openWays } from "./wires.mjs";

const { HOMES, MEDBLOCK_PASSPHRASE_FILE } = process.env;
const PASSPHRASE = "correct horse battery staple";
/** The most records that one call adds, and the calls after which a doctor may add few more. */
const BATCH = 128;
const BATCHES = 7;
/** What a doctor may add under a grant. */
const BUDGET = 1_000;
const TAKES_OVER = /^Another account takes over yours: /;

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

/** Files of a line each, in the folder of one of the people. */
async function files({ home }, ...names) {
	const folder = join(HOMES, home, "files");
	await mkdir(folder, { recursive: true });
	const paths = names.map((name) => join(folder, `${name}.txt`));
	await Promise.all(paths.map((path) => writeFile(path, `${path}\n`)));
	return paths;
}

const ana = await patient("settings-ana", "Ana Quillmark");
const ben = await doctor("settings-ben", "Dr. Ben Ömer");
const owner = await Person.at(browser, PORTAL, { name: "settings", look: "phone", settings: PHONE });
await owner.restores(ana.words, PASSPHRASE);
await owner.reads("Hello, Ana");

test("a record that was shared is shown no more, and the others are", async () => {
	await runs(ana.home, "record", "add", ...(await files(ana, "letter", "x-ray")));
	await runs(ana.home, "patient", "share", "--yes", String(ben.number), "0", "1");
	const sees = async () => (await runs(ben.home, "doctor", "chart", String(ana.number))).items.length;
	assert.equal(await sees(), 2);
	await owner.goes("Access");
	await owner.sees(ben.name);
	await owner.unfolds(says("access.less"));
	await owner.presses(new RegExp(`^${says("access.less.do")}.*letter`));
	await owner.page.getByRole("dialog").getByText(says("access.less.honest", { name: ben.name })).waitFor();
	await owner.looks("stop-showing");
	// A question that is answered with no changes nothing.
	await owner.answers(says("dialog.no"));
	assert.equal(await sees(), 2);
	await owner.presses(new RegExp(`^${says("access.less.do")}.*letter`));
	await owner.answers(says("access.less.do"));
	await owner.loses(/letter/);
	assert.equal(await sees(), 1);
	assert.deepEqual(await readers(ana), [ben.number]);
});

test("a doctor who may add few more is let add as many again", async () => {
	await runs(ana.home, "patient", "grant", "--yes", String(ben.number), "--append");
	for (let batch = 0; batch < BATCHES; batch += 1) {
		const names = Array.from({ length: BATCH }, (_, number) => `result-${batch}-${number}`);
		await runs(ben.home, "doctor", "append", "--yes", String(ana.number), ...(await files(ben, ...names)));
	}
	await owner.goes("Home");
	await owner.goes("Access");
	await owner.sees(says("access.mayAddFew", { n: BUDGET - BATCH * BATCHES }));
	await owner.looks("may-add-few");
	await owner.presses(new RegExp(`^${says("access.more")}`));
	await owner.loses(says("access.mayAddFew", { n: BUDGET - BATCH * BATCHES }));
	await owner.tells(says("access.mayAdd"));
	await runs(ben.home, "doctor", "append", "--yes", String(ana.number), ...(await files(ben, "one-more")));
});

test("the chart moves to another hospital's vault only after the page has said what that means", async () => {
	const vault = async () => (await runs(ana.home, "patient", "show")).value.vault;
	const before = await vault();
	await owner.goes("Home");
	await owner.visits("settings");
	await owner.unfolds(says("vaults.title"));
	await owner.page.getByRole("group", { name: says("vaults.choose") }).getByRole("radio").first().check();
	await owner.presses(says("vaults.move"));
	await owner.page.getByRole("dialog").getByText(says("vaults.move.files")).waitFor();
	await owner.looks("move-all-files");
	await owner.answers(says("dialog.no"));
	assert.equal(await vault(), before);
	await owner.presses(says("vaults.move"));
	await owner.answers(says("vaults.move"));
	await owner.isTold(says("done.final"));
	assert.notEqual(await vault(), before);
	// Back again: what follows is about the first hospital's.
	await runs(ana.home, "patient", "move-vault", "--from", String(await vault()), "--to", String(before));
});

const renew = owner.page.getByRole("button", { name: says("home.repair.button"), exact: true });

test("what is asked for while something is being done is said to wait, and is not begun", async () => {
	await owner.visits("settings");
	await owner.unfolds(says("settings.chartKey"));
	// As by a key: it is marked as disabled meanwhile. A test that was stopped between the two would begin another one.
	await renew.evaluate((button) => {
		button.click();
		button.click();
	});
	await owner.isTold(says("progress.busy"));
	await owner.isTold(says("done.final"));
});

test("news of an account go when it is locked", async () => {
	await owner.page.locator(".toast").first().waitFor({ state: "detached" });
	const lock = await owner.page.getByRole("button", { name: "Lock", exact: true }).elementHandle();
	// As soon as there are news, and within the page: they go by themselves, maybe while a test is stopped.
	const left = await renew.evaluate((button, locks) => new Promise((counted) => {
		const watch = new MutationObserver(() => {
			if (!document.querySelector(".toast")) return;
			watch.disconnect();
			locks.click();
			// The page is drawn anew by then.
			setTimeout(() => counted(document.querySelectorAll(".toast").length));
		});
		watch.observe(document, { subtree: true, childList: true });
		button.click();
	}), lock);
	assert.equal(left, 0);
	await owner.unlocks(PASSPHRASE);
	await owner.reads("Hello, Ana");
});

test("a file that is dropped beside the place for files does not take the browser from the page", async () => {
	await owner.visits("add");
	await owner.reads("Add records");
	/** Whether the browser is kept from what it does by itself with what is dragged over a part of the page, and dropped there. */
	const isKept = (selector, what) => owner.page.evaluate(([where, kind]) => ["dragover", "drop"].map((name) => {
		const dataTransfer = new DataTransfer();
		if (kind === "file") dataTransfer.items.add(new File(["content"], "letter.txt"));
		else dataTransfer.setData("text/plain", "words");
		return !document.querySelector(where).dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
	}), [selector, what]);
	for (const place of ["h1", "footer", "body"]) assert.deepEqual(await isKept(place, "file"), [true, true], place);
	assert.deepEqual(await isKept("footer", "text"), [false, false], "text is dropped as ever");
	assert.deepEqual(await isKept(".drop", "file"), [true, true]);
	await owner.page.getByRole("textbox", { name: "Title of letter.txt" }).waitFor();
	// What is left out takes its button with it: the focus goes on.
	await owner.page.getByRole("button", { name: says("add.remove", { file: "letter.txt" }) }).press("Enter");
	await owner.page.waitForFunction(() => document.activeElement?.id === "files");
	await owner.goes("Home");
});

test("a passkey is removed after a question", async () => {
	const devtools = await owner.context.newCDPSession(owner.page);
	await devtools.send("WebAuthn.enable");
	await devtools.send("WebAuthn.addVirtualAuthenticator", { options: {
		protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true,
		hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true,
	} });
	await owner.visits("settings");
	await owner.unfolds(/\d passkeys?/);
	// What is wrong leads to its field.
	await owner.presses(says("settings.passkey.add"));
	await owner.page.waitForFunction(() => document.activeElement?.id === "passkey-passphrase");
	await owner.types(says("unlock.passphrase"), PASSPHRASE);
	await owner.presses(says("settings.passkey.add"));
	// It says which one.
	const which = says("settings.passkey.added", { date: "" }).trim();
	const remove = owner.page.getByRole("button", { name: new RegExp(`^${says("settings.passkey.remove")} ${which}`) });
	await remove.click();
	await owner.page.getByRole("dialog").getByText(says("settings.passkey.remove.text")).waitFor();
	const told = await owner.page.getByRole("dialog").evaluate((dialog) =>
		dialog.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" "));
	assert.ok(told.includes(says("settings.passkey.remove.text")), "screen readers read what it means, with the question");
	await owner.looks("remove-passkey");
	await owner.answers(says("dialog.no"));
	await remove.click();
	await owner.answers(says("settings.passkey.remove"));
	await remove.waitFor({ state: "detached" });
	await owner.presses(says("settings.passkey.lost.button"));
	await owner.page.getByRole("dialog").getByText(says("settings.passkey.lost.text")).waitFor();
	await owner.looks("remove-copies");
	await owner.answers(says("dialog.no"));
	assert.equal(await owner.page.getByText(/were not removed/).count(), 0);
	await owner.presses(says("settings.passkey.lost.button"));
	await owner.answers(says("settings.passkey.lost.button"));
	// Two of the hospitals have no vault here.
	await owner.tells(/were not removed/);
	await devtools.detach();
});

test("a patient's profile is removed after a question, and can be written again", async () => {
	const hasName = async () => (await runs(ana.home, "patient", "show")).profile?.name ?? null;
	await owner.visits("settings");
	await owner.unfolds(says("settings.profile"));
	// What is typed before the profile is there would be replaced by it.
	const field = owner.page.getByLabel(says("setup.name"), { exact: true });
	await field.waitFor();
	assert.equal(await field.inputValue(), ana.name);
	await owner.presses(says("settings.profile.remove"));
	await owner.page.getByRole("dialog").getByText(says("settings.profile.remove.honest")).waitFor();
	await owner.looks("remove-profile");
	await owner.answers(says("dialog.no"));
	assert.equal(await hasName(), ana.name);
	await owner.presses(says("settings.profile.remove"));
	await owner.answers(says("settings.profile.remove"));
	await owner.tells(says("settings.profile.removed"));
	assert.equal(await hasName(), null);
	assert.equal(await owner.page.getByRole("button", { name: says("settings.profile.remove"), exact: true }).count(), 0);
	await owner.visits("");
	await owner.reads(says("home.titlePlain"));
	await owner.visits("settings?open=profile");
	await owner.types(says("setup.name"), "Ana Thornbury");
	await owner.types(says("setup.birth"), "1984-03-09");
	await owner.presses(says("save"));
	await owner.sees(/^Saved: /);
	assert.equal(await hasName(), "Ana Thornbury");
	await owner.leaves();
});

test("an account that is about to take over is stopped by the owner", async () => {
	const cem = await patient("settings-cem", "Cem Thistlemere");
	const phone = await Person.at(browser, PORTAL, { name: "take-over", look: "phone", settings: PHONE });
	await phone.restores(cem.words, PASSPHRASE);
	await phone.reads("Hello, Cem");
	assert.equal(await phone.page.getByText(TAKES_OVER).count(), 0);
	// A thief of the words does it elsewhere.
	await runs(cem.home, "account", "new", "next");
	await runs(cem.home, "--account", "me", "patient", "new-words", "next", "--yes");
	await phone.goes("Access");
	await phone.goes("Home");
	await phone.sees(TAKES_OVER);
	await phone.tells(says("account.change.text"));
	await phone.presses(says("account.keep"));
	await phone.loses(TAKES_OVER);
	// Longer than the delay.
	await passes(55_000);
	assert.ok(await isPatient(cem.home, "me"));
	assert.ok(!(await isPatient(cem.home, "next")));
	await phone.leaves();
});

test("new words take over a chart, and the old ones open nothing that is added", async () => {
	const eva = await patient("settings-eva", "Eva Thornbury");
	const gus = await patient("settings-gus", "Gus Oldacre");
	for (const { home } of [ana, gus]) await runs(home, "patient", "for", "key");
	const two = [ana, gus].flatMap(({ number }) => ["--patient", String(number)]);
	await runs(eva.home, "patient", "guardians", "set", ...two, "--threshold", "2", "--delay", "45s", "--yes");
	await runs(eva.home, "record", "add", ...(await files(eva, "before")));
	await runs(eva.home, "patient", "grant", "--yes", String(ben.number));
	const desktop = await Person.at(browser, PORTAL, { name: "new-words", look: "desktop", settings: DESKTOP });
	const { page } = desktop;
	await desktop.restores(eva.words, PASSPHRASE);
	await desktop.reads("Hello, Eva");
	assert.equal(await page.getByText(says("words.former")).count(), 0);
	await desktop.visits("settings");
	await desktop.unfolds(says("words.change"));
	await desktop.looks("new-words");
	await desktop.presses(says("words.change.begin"));
	await page.locator(".words li").first().waitFor();
	const words = (await page.locator(".words li").allInnerTexts()).map((word) => word.replace(/^\d+\.?\s*/, "").trim());
	assert.equal(words.length, 24);
	assert.notEqual(words.join(" "), eva.words);
	await desktop.presses(says("new.words.done"));
	// A word that is not on the sheet asks nothing.
	const asked = page.locator("form label").filter({ hasText: /^Word number \d+$/ });
	await asked.first().waitFor();
	const labels = await asked.allInnerTexts();
	for (const label of labels) await desktop.types(label, "nonsense");
	await desktop.presses(says("words.change.yes"));
	await desktop.sees(/^That is not word number /);
	for (const label of labels) await desktop.types(label, words[Number(/\d+/.exec(label)[0]) - 1]);
	await desktop.presses(says("words.change.yes"));
	await page.getByRole("dialog").getByText(says("words.change.honest")).waitFor();
	await desktop.looks("new-words-question");
	await desktop.answers(says("words.change.yes"));
	await desktop.reads("Hello, Eva");
	await desktop.sees(TAKES_OVER);
	await until(async () => !(await isPatient(eva.home, "me")), "the old words are still a patient's", 120_000);

	// The same browser, by the new sheet.
	await desktop.presses("Lock");
	await desktop.follows(says("unlock.forgot"));
	await desktop.reads(says("restore.title"));
	await desktop.types(/^Your 24 words/, words.join(" "));
	await desktop.types(says("new.name"), "new");
	await desktop.types(says("new.passphrase"), PASSPHRASE);
	await desktop.types(says("new.again"), PASSPHRASE);
	await desktop.presses(says("restore.button"));
	await desktop.reads(says("home.titlePlain"));
	await desktop.sees(says("words.former"));
	await desktop.looks("former-words");
	await desktop.types(says("words.former.passphrase", { name: "me" }), PASSPHRASE);
	await desktop.presses(says("words.former.button"));
	await desktop.reads("Hello, Eva");
	await desktop.loses(says("words.former"));
	// What the guardians have opens the new words' keys.
	await desktop.visits("trusted/guardians");
	await desktop.reads(says("guardians.title"));
	await desktop.sees(says("guardians.rule", { k: 2, n: 2 }));
	assert.equal(await page.getByText(says("guardians.old")).count(), 0);
	await desktop.goes("Records");
	await page.getByRole("link", { name: /before/ }).first().waitFor();

	// The doctor reads on, and adds for the new words.
	await runs(ben.home, "doctor", "chart", String(eva.number));
	await desktop.comesToAdd({ name: "after.txt", mimeType: "text/plain", buffer: Buffer.from("after\n") });
	await desktop.presses("Sign and add 1 record");
	await desktop.reads("Your records");
	const { items } = await runs(ben.home, "doctor", "chart", String(eva.number));
	assert.equal(items.length, 2);
	await desktop.leaves();
});

test("the controller adds an institution and its accounts, and ends their work", async () => {
	const name = "Central laboratory";
	const [first, second] = [await account("settings-first"), await account("settings-second")];
	const boss = await Person.at(browser, PORTAL, { name: "institutions", look: "desktop", settings: DESKTOP });
	const { page } = boss;
	const keystore = await readFile(join(HOMES, "boss", "accounts", "boss.age"));
	await boss.follows(/Restore with your 24 words/);
	await boss.picks(/A keystore file/);
	await page.getByLabel("The file", { exact: true }).setInputFiles({ name: "boss.age", mimeType: "application/octet-stream", buffer: keystore });
	await boss.types("The file's passphrase", (await readFile(MEDBLOCK_PASSPHRASE_FILE, "utf8")).trim());
	await boss.presses("Restore");
	await boss.reads("Northern General");
	const part = page.getByRole("region", { name: says("desk.institutions"), exact: true });
	const presses = (key) => part.getByRole("button", { name: new RegExp(`^${says(key)}`) }).first().click();
	/** The hospital's open institutions of this name, as the program has them. */
	const open = async () => {
		const { items } = await runs("boss", "hospital", "institution", "list");
		return items.filter((one) => one.open && one.name === name);
	};

	// While something is signed, each button that would sign is marked.
	const desk = page.getByRole("region", { name: says("desk.registrars"), exact: true });
	await desk.getByLabel(says("desk.address")).fill(first.address);
	const deals = ["appoint", "withdraw", "remove"].map((deal) => says(`desk.registrars.${deal}`));
	for (const deal of deals.slice(0, 2)) {
		await desk.getByRole("button", { name: deal, exact: true }).click();
		// Within the page: the signature may be final before a test that was stopped has looked.
		const marked = await page.getByRole("dialog").getByRole("button", { name: deal, exact: true }).evaluate(async (yes) => {
			yes.click();
			await new Promise((done) => setTimeout(done));
			return [...document.querySelectorAll("section[aria-labelledby=registrars] button[aria-disabled=true]")].map((button) => button.textContent);
		});
		assert.deepEqual(marked, deals);
		await boss.isTold(says("done.final"));
		await desk.locator("button[aria-disabled=true]").first().waitFor({ state: "detached" });
	}

	await part.getByLabel(says("desk.institutions.name")).fill(name);
	await presses("desk.institutions.add");
	await page.getByRole("dialog").getByText(says("desk.institutions.add.honest")).waitFor();
	await boss.looks("add-institution");
	await boss.answers(says("desk.institutions.add"));
	await part.getByRole("heading", { name }).waitFor();
	const [{ institution }] = await open();

	const offers = async ({ address }) => {
		await part.getByLabel(says("desk.address")).fill(address);
		await presses("desk.institutions.appoint");
		await boss.answers(says("desk.institutions.appoint"));
		await part.getByText(address).first().waitFor();
	};
	await part.getByLabel(says("desk.address")).fill("nonsense");
	await presses("desk.institutions.appoint");
	await boss.tells(says("desk.address.wrong"));
	await offers(first);
	await part.getByText(says("desk.institutions.waits")).waitFor();
	await presses("desk.institutions.withdraw");
	await boss.answers(says("desk.institutions.withdraw"));
	await part.getByText(first.address).first().waitFor({ state: "detached" });
	await offers(second);
	await runs(second.home, "institution", "accept", String(institution));
	await boss.goes("Queue");
	await boss.goes("Hospital");
	await part.getByRole("button", { name: new RegExp(`^${says("desk.institutions.remove")}`) }).waitFor();
	await boss.looks("institutions");
	await presses("desk.institutions.remove");
	await boss.answers(says("desk.institutions.remove"));
	await part.getByText(says("desk.institutions.nobody")).waitFor();

	await presses("desk.institutions.close");
	await page.getByRole("dialog").getByText(says("desk.institutions.close.honest")).waitFor();
	await boss.answers(says("desk.institutions.close"));
	await part.getByRole("heading", { name }).waitFor({ state: "detached" });
	assert.deepEqual(await open(), []);
	assert.deepEqual(boss.said, [], "on the console");
	await boss.leaves();
});
