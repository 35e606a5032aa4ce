// Files and texts that are made to do harm: nothing in them runs, no page or preview asks anyone because of them, and the
// page lives on. What can be added is added, under names and titles that mislead no one.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test hostile.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { hostile } from "./hostile-files.mjs";
import { doctor, patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { HOSTS, PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
/** What can't be seen and changes how other letters are shown, and controls. */
const MISLEADING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const MARKUP = "<img src=x onerror=globalThis.ran=true>";
/** Names of files, each with the title that is proposed for it; a day stands for those that say nothing. */
const NAMES = [
	["\u202egnp.exe", "gnp"],
	["two\u0007parts\u200f.txt", "two parts"],
	["../../etc/passwd", /passwd$/],
	[`${MARKUP}.txt`, MARKUP],
	[`${"é".repeat(200)}.txt`, "é".repeat(120)],
	[`${"漢".repeat(200)}.txt`, "漢".repeat(85)],
	[`${"👩‍⚕️".repeat(40)}.txt`, null],
	["IMG_0001\u202e.txt", /^\d{1,2} \w+ \d{4}$/],
];
const LONG = "漢".repeat(85);
const NOTE = `${MARKUP}<script>globalThis.ran = true</script> \u202eturned\u202c & "quoted"`;

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const anas = await patient("hostile", `Ana ${MARKUP}`);
const bens = await doctor("hostile-ben", "<script>globalThis.ran=1</script> Ben");
const ana = await Person.at(browser, PORTAL, { name: "patient-of-hostile-files", look: "desktop", settings: DESKTOP });
ana.page.on("dialog", (dialog) => {
	ana.said.push(`a dialog: ${dialog.message()}`);
	void dialog.dismiss();
});
await ana.restores(anas.words, PASSPHRASE);
await ana.reads("Hello, Ana");

/** Nothing that others wrote has run, and the page asked only the hosts that it may ask. */
async function unharmed(person) {
	for (const frame of person.page.frames()) assert.equal(await frame.evaluate(() => globalThis.ran), undefined, frame.url());
	assert.equal(await person.page.locator("img[src=x]").count(), 0);
	assert.deepEqual([...person.hosts].filter((host) => host && !HOSTS.includes(host)), []);
	assert.deepEqual(person.said.filter((line) => /a dialog|evil\.example|Content Security Policy/.test(line)), []);
}

describe("files with misleading names", () => {
	test("get titles that every record takes", async () => {
		await ana.comesToAdd(...NAMES.map(([name]) => ({ name, mimeType: "text/plain", buffer: Buffer.from("Words.\n") })));
		const fields = ana.page.getByRole("textbox", { name: /^Title of / });
		await fields.nth(NAMES.length - 1).waitFor();
		for (const [place, [name, expected]] of NAMES.entries()) {
			const title = await fields.nth(place).inputValue();
			assert.doesNotMatch(title, MISLEADING, name);
			assert.ok(title !== "" && Buffer.byteLength(title) <= 256 && title.isWellFormed(), name);
			if (expected instanceof RegExp) assert.match(title, expected, name);
			else if (expected !== null) assert.equal(title, expected, name);
		}
		await ana.looks("misleading-names");
		await ana.presses(`Sign and add ${NAMES.length} records`);
		await ana.reads("Your records");
		await ana.sees(MARKUP);
		await unharmed(ana);
	});

	test("are saved under names that mislead no one", async () => {
		const { items } = await runs(anas.home, "record", "list");
		for (const { record, title } of items) {
			await ana.visits(`records/${record}`);
			await ana.reads(title);
			const saving = ana.page.waitForEvent("download");
			await ana.presses("Download");
			const name = (await saving).suggestedFilename();
			assert.doesNotMatch(name, MISLEADING);
			assert.doesNotMatch(name, /[/\\]|^\./);
		}
	});

	test("take notes, however long their titles are", async () => {
		await ana.goes("Records");
		await ana.follows(new RegExp(LONG));
		await ana.presses("Write a note");
		await ana.types("Your note", NOTE);
		await ana.presses("Sign and add the note");
		await ana.page.locator(".thread").getByText(MARKUP).waitFor();
		await unharmed(ana);
	});
});

describe("hostile files", () => {
	test("are added like others", async () => {
		await ana.comesToAdd(...hostile.map(({ name, mimeType = "application/octet-stream", content }) => ({ name, mimeType, buffer: content })));
		for (const { name, title } of hostile) await ana.types(`Title of ${name}`, title);
		await ana.presses(`Sign and add ${hostile.length} records`);
		await ana.reads("Your records");
		await ana.sees(hostile[0].title);
	});

	for (const { title, shown, words } of hostile) {
		test(`${title}: ${{ pdf: "its page is shown", picture: "it is shown", text: "it is shown as text", only: "it is only downloaded", failed: "it can't be shown" }[shown]}`, async () => {
			await ana.goes("Records");
			await ana.reads("Your records");
			await ana.follows(new RegExp(title));
			await ana.reads(title);
			const frame = ana.page.frameLocator("iframe");
			if (shown === "pdf") await frame.getByText("Harmless words").waitFor({ state: "attached" });
			else if (shown === "picture") await frame.getByRole("img").waitFor();
			else if (shown === "text") await frame.getByText(words).first().waitFor();
			else await ana.tells(says(`preview.${shown}`));
			if (shown === "text") assert.ok((await frame.locator("th, td").count()) < 60_000);
			await unharmed(ana);
			// The page answers the person.
			await ana.unfolds("More about this record");
			await ana.sees("Stored at");
		});
	}
});

test("a link with a day that no calendar has comes to the last page as one without a day", async () => {
	for (const until of ["2031-13-45", "2031-02-31"]) {
		await ana.visits(`share/${bens.number}?until=${until}`);
		await ana.picks(/The whole chart/);
		await ana.presses("Continue");
		await ana.picks("No, only read");
		await ana.presses("Continue");
		await ana.sees(says("share.until"));
		assert.equal(await ana.page.getByRole("radio", { name: says("share.until.date") }).isChecked(), false);
		await ana.presses("Continue");
		await ana.reads("Check before you sign");
	}
});

test("names and notes with markup are text to their readers", async () => {
	await runs(anas.home, "patient", "grant", "--yes", String(bens.number), "--append");
	await ana.goes("Access");
	await ana.sees(bens.name);
	await unharmed(ana);
	const ben = await Person.at(browser, PORTAL, { name: "reader-of-hostile-files", look: "desktop", settings: DESKTOP });
	await ben.restores(bens.words, PASSPHRASE);
	await ben.reads("Your patients");
	await ben.sees(anas.name);
	await ben.looks("inbox-with-markup");
	await ben.follows(anas.name);
	await ben.reads(anas.name);
	await ben.follows(new RegExp(LONG));
	await ben.page.locator(".thread").getByText("<script>globalThis.ran = true</script>").waitFor();
	await ben.looks("note-with-markup");
	await unharmed(ben);
	await ben.leaves();
});
