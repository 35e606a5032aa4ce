// A vault that owes receipts and gives none: the reader is told, wherever they are, whatever came. The way to the vault keeps
// the receipts back, as a vault would that hides a look.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test receipts.test.mjs, as ./run has it. From then on,
// the first hospital's vault gives receipts: other parts come before.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { doctor, patient, runs } from "./medblock.mjs";
import { isFinal } from "./node.mjs";
import { Person } from "./person.mjs";
import { GATEWAYS, PORTAL, WAYS } from "./places.mjs";
import { says } from "./texts.mjs";
import { Way } from "./wires.mjs";
import { Withholding } from "./withholding.mjs";

const PASSPHRASE = "correct horse battery staple";
/**
 * For how long no vault is accused, since it may not know yet that the chain names its account (client/lib/src/receipts/missing.rs):
 * the reader's client looks at a block that is 75 seconds old or, since it goes back by 32 blocks at a time, up to 32 blocks
 * older. A block takes a second or more. Three are for what is not final yet, and for parts of seconds.
 */
const UNAWARE = 75 + 32 + 3;
const MISSING = says("receipt.none", { hospital: "Northern General" });

const way = await Withholding.open();
const other = await Way.open(WAYS[1], GATEWAYS[1]);
const browser = await launch();
after(async () => {
	await browser.close();
	for (const one of [way, other]) one.close();
});

const { block: named } = await runs("boss", "hospital", "vault-account");
const ana = await patient("receipts-ana", "Ana Quillmark");
const ben = await doctor("receipts-ben", "Dr. Ben Marlow");
// Titles are asked for at once if there are several.
for (const day of ["Monday", "Tuesday"]) {
	const path = join(process.env.HOMES, ana.home, `${day}.txt`);
	await writeFile(path, `${day}: slept well.\n`);
	await runs(ana.home, "record", "add", path);
}
await runs(ana.home, "patient", "grant", "--yes", String(ben.number));
await isFinal(named.number + UNAWARE);

/** The doctor at a browser that has nothing yet, who reads the patient's name, the titles, and a record. */
async function reads(name) {
	const reader = await Person.at(browser, PORTAL, { name, look: "desktop", settings: DESKTOP });
	await reader.restores(ben.words, PASSPHRASE);
	await reader.reads("Your patients");
	await reader.sees(ana.name);
	await reader.visits(`doctor/chart/${ana.number}`);
	await reader.follows(/Monday/);
	await reader.page.frameLocator("iframe").getByText("Monday: slept well.").waitFor();
	return reader;
}

/** How often the reader is told now. */
const told = ({ page }) => page.getByText(MISSING, { exact: true }).count();

test("what comes with receipts is shown without a word", async () => {
	const before = way.passed;
	const reader = await reads("with-receipts");
	assert.ok(way.passed > before, "the vault gives receipts");
	await reader.goes("My entry");
	await reader.reads("My entry");
	assert.equal(await told(reader), 0);
	await reader.leaves();
});

for (const [what, path] of [
	["a name", /\/profile$/],
	["a list of titles", /\/heads$/],
	["a record", /\/records\/\d+$/],
]) {
	test(`${what} that comes without a receipt is shown, and the reader is told which vault owes it`, async () => {
		const before = way.withheld;
		way.withholds(path);
		const reader = await reads(`without-a-receipt-for-${what.replaceAll(" ", "-")}`);
		assert.ok(way.withheld > before, "a receipt was kept back");
		await reader.tells(MISSING);
		await reader.looks("without-a-receipt");
		await reader.goes("My entry");
		await reader.reads("My entry");
		assert.equal(await told(reader), 1, "it is said on every page, and once");
		await reader.presses("Lock");
		await reader.reads("Unlock your account");
		assert.equal(await told(reader), 0, "it is about the account that was locked");
		await reader.leaves();
	});
}
