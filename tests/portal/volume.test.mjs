// Large files, long charts and slow lines. Prints how long each takes, and how much memory; fails only if something does
// not end, or is not the same as before, or if a page's process holds a large file.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test volume.test.mjs, as `./run volume` has it
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { patient, runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { Unwatched } from "./unwatched.mjs";
import { MIB, Memory, digestOf, inWords, randomFile, seconds, slowDown, speed, time } from "./volume.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
/** Milliseconds that one step may take at most. */
const PATIENCE = 30 * 60_000;
/** In MiB: more than a page opens, and as much as it does (LONGEST_OPENED in client/web/src/records.rs). */
const STUDY = 1_024;
const SCAN = 500;
/**
 * In MiB: the most that a page's process may need beyond what it needs anyway, whatever a file's length. JavaScript frees late
 * what it has sent and got.
 */
const AT_ONCE = 256;
const RECORDS = 5_000;
/** As many files as the command line adds at once. */
const BATCH = 128;

const folder = join(process.env.HOMES, "volume-files");
await mkdir(folder);
/** Where the large files are, and their SHA-256. */
const study = { path: join(folder, "study.bin"), digest: await randomFile(join(folder, "study.bin"), STUDY) };
const scan = { path: join(folder, "tomography.bin"), digest: await randomFile(join(folder, "tomography.bin"), SCAN) };
const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const memory = new Memory(await browser.newBrowserCDPSession());
const ana = await patient("volume", "Ana Quillmark");
const person = await Person.at(browser, PORTAL, { name: "volume", look: "desktop", listens: false, settings: DESKTOP });
person.page.setDefaultTimeout(PATIENCE);
await person.restores(ana.words, PASSPHRASE);
await person.reads("Hello, Ana");

/** Another tab of the same browser, after the one before was closed. */
async function returns() {
	await person.page.close();
	const { page } = await Person.in(person.context, PORTAL, { name: "volume", look: "desktop", listens: false });
	person.page = page;
	page.setDefaultTimeout(PATIENCE);
	await person.unlocks(PASSPHRASE);
	await person.reads("Hello, Ana");
}

test(`${STUDY} MiB up, over a connection that breaks, from a tab that is closed in the middle`, async (context) => {
	const before = ways.ways[0].up;
	const took = await time(async () => {
		await person.comesToAdd(study.path);
		const third = ways.ways[0].carries((STUDY / 3) * MIB);
		await person.presses("Sign and add 1 record");
		await third;
		await returns();
		// The very file again: what is in the vault already is not sent again.
		await person.comesToAdd(study.path);
		const more = ways.ways[0].carries((STUDY / 4) * MIB);
		await person.presses("Sign and add 1 record");
		await more;
		for (let cut = 0; cut < 3; cut += 1) {
			ways.ways[0].shake();
			await ways.ways[0].carries(32 * MIB);
		}
		await person.reads("Your records");
	});
	const carried = (ways.ways[0].up - before) / MIB;
	context.diagnostic(`${STUDY} MiB up, a closed tab and three cuts: ${seconds(took)}, ${speed(STUDY, took)}; ${Math.round(carried)} MiB were sent`);
	// Each break costs a slice of 8 MiB at most.
	assert.ok(carried < STUDY + 128, `${carried} MiB were sent: it did not go on where it stopped`);

	// A page does not open so much: it says with what to.
	await person.follows(/^study/);
	await person.presses(/^Show it/);
	await person.tells("This record is too large for a page: open it with the program medblock.");
	const { items } = await runs(ana.home, "record", "list");
	assert.equal(items.length, 1, "it was added once");
	const opened = join(folder, "study.opened");
	const down = await time(() => runs(ana.home, "record", "open", "0", "--output", opened));
	context.diagnostic(`the same down, by the command line: ${seconds(down)}, ${speed(STUDY, down)}`);
	assert.equal(await digestOf(opened), study.digest);
});

test(`${SCAN} MiB up and down`, async (context) => {
	const up = await time(async () => {
		await person.comesToAdd(scan.path);
		await person.presses("Sign and add 1 record");
		await person.reads("Your records");
	});
	context.diagnostic(`${SCAN} MiB up: ${seconds(up)}, ${speed(SCAN, up)}`);
	await person.follows(/^tomography/);
	const saved = join(folder, "tomography.saved");
	const down = await time(async () => {
		const [download] = await Promise.all([person.page.waitForEvent("download"), person.presses("Download")]);
		await download.saveAs(saved);
	});
	context.diagnostic(`${SCAN} MiB down: ${seconds(down)}, ${speed(SCAN, down)}`);
	assert.equal(await digestOf(saved), scan.digest);
});

test(`memory for ${STUDY} MiB up and ${SCAN} MiB down`, async (context) => {
	const una = await patient("volume-memory", "Una Lindqvist");
	const one = await Unwatched.at(PORTAL);
	context.after(() => one.leaves());
	const used = new Memory(one.devtools);
	await one.restores(una.words, PASSPHRASE);
	await one.reads("Hello, Una");
	const before = await used.most();
	context.diagnostic(`before: ${inWords(before)}`);
	const isBounded = async (what) => {
		const most = await used.most();
		context.diagnostic(`${what}: at most ${inWords(most)}`);
		const more = most.renderer - before.renderer;
		assert.ok(more < AT_ONCE, `${what}: the page's process needed ${Math.round(more)} MiB more than before`);
	};

	await used.forgets();
	await one.adds(study.path);
	await isBounded(`${STUDY} MiB up`);

	await one.adds(scan.path);
	await used.forgets();
	await one.follows("tomography");
	// The file itself lies in the other folder.
	const saved = join(folder, "saved");
	await mkdir(saved);
	await one.downloads("Download", saved);
	await isBounded(`${SCAN} MiB down`);
	assert.equal(await digestOf(join(saved, "tomography.bin")), scan.digest);
});

test(`a chart of ${RECORDS} records`, async (context) => {
	const eva = await patient("volume-chart", "Eva Thornbury");
	const files = Array.from({ length: RECORDS }, (_, number) => join(folder, `letter-${String(number).padStart(4, "0")}.txt`));
	for (const [number, file] of files.entries()) await writeFile(file, `Letter ${number}\n`);
	const seeding = await time(async () => {
		for (let at = 0; at < RECORDS; at += BATCH) await runs(eva.home, "record", "add", ...files.slice(at, at + BATCH));
	});
	context.diagnostic(`${RECORDS} records by the command line: ${seconds(seeding)}`);

	const reader = await Person.at(browser, PORTAL, { name: "volume-chart", look: "desktop", settings: DESKTOP });
	reader.page.setDefaultTimeout(PATIENCE);
	await reader.restores(eva.words, PASSPHRASE);
	await reader.reads("Hello, Eva");
	const all = says("records.count", { n: RECORDS.toLocaleString("en-GB") });
	const newest = `letter-${String(RECORDS - 1).padStart(4, "0")}`;
	/** The requests for records, or their beginnings, that this browser has sent; and the lines that the vault wrote. */
	const fetched = async () => {
		const sent = reader.sent.filter((part) => typeof part === "string" && /^http\S+\/records\/\d+$/.test(part));
		const { items } = await runs(eva.home, "patient", "disclosures");
		return { requests: sent.length, lines: items.filter(({ record }) => Number.isInteger(record)).length };
	};
	let before = null;
	for (const visit of ["first visit", "second visit, with kept titles"]) {
		await memory.forgets();
		const [usable, whole] = [
			await time(async () => {
				await reader.goes("Records");
				await reader.page.getByRole("link", { name: /^letter-/ }).first().waitFor();
			}),
			await time(async () => {
				await reader.sees(all);
				await reader.page.getByRole("link", { name: newest }).waitFor();
			}),
		];
		context.diagnostic(`the ${visit}: timeline usable after ${seconds(usable)}, all titles after ${seconds(usable + whole)}; memory at most: ${inWords(await memory.most())}`);
		const now = await fetched();
		if (before) {
			assert.deepEqual(now, before, "titles were fetched again");
		} else {
			assert.ok(now.lines >= RECORDS, `${now.lines} lines: the vault writes down what it gives out`);
			before = now;
			// From the first page on, so that the list begins when it is asked for.
			await reader.visits("");
			await reader.reads("Hello, Eva");
			await reader.page.reload();
			await reader.unlocks(PASSPHRASE);
			await reader.page.getByRole("navigation", { name: "Main" }).waitFor();
		}
	}
	// What is shown below begins where the focus is.
	await reader.presses(says("records.more"));
	await reader.page.waitForFunction(() => document.activeElement?.classList.contains("entry"));
	await reader.types("Search in titles", "letter-0042");
	const found = await time(() => reader.page.getByRole("link", { name: /letter-0042/ }).waitFor());
	context.diagnostic(`a search in all titles: ${Math.round(found)} ms`);

	// The same records as boxes, such as for an emergency plan.
	await reader.visits("trusted/emergency");
	await reader.presses(says("plan.set"));
	await reader.picks(new RegExp(`^${says("plan.records")}`));
	const boxes = reader.page.getByRole("checkbox");
	const choosing = await time(async () => {
		await reader.presses(says("continue"));
		await boxes.first().waitFor();
	});
	context.diagnostic(`${RECORDS} records to choose from: ${Math.round(choosing)} ms`);
	assert.ok((await boxes.count()) < RECORDS, "not all of them at once");
	const search = reader.page.getByLabel(says("records.search"));
	await search.fill("letter-0042");
	await search.press("Enter");
	await reader.ticks(/^letter-0042/);
	await reader.sees(says("share.pick.chosen", { n: 1 }));
	await reader.reads(says("share.pick"));
	await reader.leaves();
});

test("the first use on a slow line", async (context) => {
	const started = performance.now();
	const visitor = await Person.at(browser, PORTAL, { name: "slow-line", look: "phone", listens: false, settings: PHONE, before: slowDown });
	visitor.page.setDefaultTimeout(PATIENCE);
	await visitor.reads(says("start.title"));
	context.diagnostic(`the first page: ${seconds(performance.now() - started)}`);
	const restoring = await time(async () => {
		await visitor.restores(ana.words, PASSPHRASE);
		await visitor.reads("Hello, Ana");
	});
	context.diagnostic(`from the words to the own chart: ${seconds(restoring)}`);
	const again = await time(async () => {
		await visitor.page.reload();
		await visitor.unlocks(PASSPHRASE);
		await visitor.reads("Hello, Ana");
	});
	context.diagnostic(`the next visit, until the own chart: ${seconds(again)}`);
	await visitor.leaves();
});
