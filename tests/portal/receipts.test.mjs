// A vault that owes receipts and gives none: the reader is told, wherever they are. The way to the vault takes the receipts
// away, as a vault would that keeps a look to itself.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test receipts.test.mjs, as ./run has it. From then on,
// the first hospital's vault gives receipts: other parts come before.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as passes } from "node:timers/promises";
import { DESKTOP, launch } from "./browser.mjs";
import { doctor, patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
/** A vault may not know for so long that the chain names its account, in milliseconds. Until then, none is accused. */
const UNAWARE = 80_000;

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const ana = await patient("receipts-ana", "Ana Quillmark");
const ben = await doctor("receipts-ben", "Dr. Ben Marlow");
const [first, second] = ["Monday", "Tuesday"];
for (const day of [first, second]) {
	const path = join(process.env.HOMES, ana.home, `${day}.txt`);
	await writeFile(path, `${day}: slept well.\n`);
	await runs(ana.home, "record", "add", path);
}
await runs(ana.home, "patient", "grant", "--yes", String(ben.number));
await runs("boss", "hospital", "vault-account");
await passes(UNAWARE);

/** The doctor at a browser, who opens a record. */
async function opens(name, title, before) {
	const reader = await Person.at(browser, PORTAL, { name, look: "desktop", settings: DESKTOP, before });
	await reader.restores(ben.words, PASSPHRASE);
	await reader.reads("Your patients");
	await reader.visits(`doctor/chart/${ana.number}`);
	await reader.follows(new RegExp(title));
	await reader.page.frameLocator("iframe").getByText(`${title}: slept well.`).waitFor();
	return reader;
}

test("what comes with a receipt is shown without a word", async () => {
	const reader = await opens("with-receipts", first);
	assert.equal(await reader.page.getByText(/without a receipt/).count(), 0);
	await reader.leaves();
});

test("what comes without one is shown, and the reader is told which vault owes it", async () => {
	const reader = await opens("without-receipts", second, ({ context }) =>
		context.route(/\/v1\//, async (route) => {
			const answer = await route.fetch();
			const { receipt: _, ...headers } = answer.headers();
			await route.fulfill({ response: answer, headers });
		}),
	);
	await reader.sees(/ has given you something without a receipt/);
	await reader.looks("without-a-receipt");
	await reader.goes("My entry");
	await reader.sees(/ has given you something without a receipt/);
	await reader.presses("Lock");
	await reader.reads("Unlock your account");
	assert.equal(await reader.page.getByText(/without a receipt/).count(), 0, "it is about the account that was locked");
	await reader.leaves();
});
