// The desk's People page: a person by number, by address and by code, and the hospital's lists. Names are read only where they
// are asked for, and each patient sees that.
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
await runs("staff", "hospital", "suspend", "patient", String(cem.number));

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

/** Finds a person by what stands in a field, and comes back. */
async function finds(field, text, heading) {
	await desk.types(says(field), text);
	await page.getByRole("button", { name: `${says("desk.people.find")} ${says(field)}` }).click();
	await desk.reads(heading);
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
	const locked = page.getByRole("button", { name: says("desk.names.own.button") });
	await locked.waitFor({ timeout: 5_000 }).catch(() => {});
	if (await locked.isVisible()) {
		await locked.click();
		await desk.sees("Ask someone at the desk to give it to you");
		await runs("colleague", "hospital", "share-key", "--yes");
		await locked.waitFor({ state: "detached" });
	}
	await desk.goes("People");
	await desk.reads(says("desk.people.title"));
	await desk.sees(says("desk.norecords"));
});

test("a person is found by number and by address, and a text that is neither is told", async () => {
	await finds("desk.people.patient", String(ana.number), ana.name);
	await finds("desk.people.patient", ana.address, ana.name);
	await finds("desk.people.doctor", String(ben.number), ben.name);
	await finds("desk.people.doctor", ben.address, ben.name);
	for (const field of ["desk.people.patient", "desk.people.doctor"]) {
		await desk.types(says(field), "Ana");
		await page.getByRole("button", { name: `${says("desk.people.find")} ${says(field)}` }).click();
		await desk.tells(says("desk.people.wrong"));
	}
	// A door does not tell whether there is another hospital's patient with a number. No doctor has a patient's account.
	await desk.types(says("desk.people.patient"), "4000000000");
	await page.getByRole("button", { name: `${says("desk.people.find")} ${says("desk.people.patient")}` }).click();
	await desk.tells(/this is for the registrars of that hospital/);
	await desk.types(says("desk.people.doctor"), ana.address);
	await page.getByRole("button", { name: `${says("desk.people.find")} ${says("desk.people.doctor")}` }).click();
	await desk.tells("No doctor has this account.");
	await desk.looks("person-not-found");
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

test("a search for a name says that names are read, and each patient sees it", async () => {
	const before = await looks(ana);
	await patients.getByLabel(says("desk.people.standing")).selectOption("all");
	await desk.types(says("desk.people.search"), "quillm");
	await desk.tells(says("desk.people.names.needed"));
	await desk.presses(says("desk.people.list"));
	await patients.getByText(ana.name).first().waitFor();
	await patients.getByText("9 March 1984").first().waitFor();
	assert.equal(await patients.getByText(cem.name).count(), 0);
	await desk.looks("patients-by-name");
	assert.ok((await looks(ana)) > before, "she sees that the desk looked");
	await desk.types(says("desk.people.search"), "zzzz");
	await desk.presses(says("desk.people.list"));
	await desk.tells(says("desk.people.nobody"));
	await desk.types(says("desk.people.search"), "");
	await desk.ticks(says("desk.people.names"));
	await desk.presses(says("desk.people.list"));
	for (const { name } of [ana, cem]) await patients.getByText(name).first().waitFor();
	await patients.getByRole("link").filter({ hasText: cem.name }).click();
	await desk.reads(cem.name);
	await page.goBack();
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
