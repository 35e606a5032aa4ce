// Nodes that lie to a patient at a browser. Whichever of the two it is, and whatever it lies about: the patient is told,
// nothing is sealed, and nothing is sent to a node or a vault.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test liars.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { Liar, lies } from "./liar.mjs";
import { doctor, patient } from "./medblock.mjs";
import { ask } from "./node.mjs";
import { Person } from "./person.mjs";
import { FOREIGN, LIARS, LIARS_URLS, MISLED, NODES, VAULTS } from "./places.mjs";
import { says } from "./texts.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
const PLACES = ["first", "second"];

const ways = await openWays();
const liars = [await Liar.at(LIARS[0], NODES[0]), await Liar.at(LIARS[1], NODES[1])];
/** What came to a vault that is none. */
const misled = [];
const foreign = createServer((request, answer) => {
	misled.push(`${request.method} ${request.url}`);
	answer.writeHead(404).end();
}).listen(FOREIGN, "127.0.0.1");
const browser = await launch();
after(async () => {
	await browser.close();
	for (const one of [...liars, foreign, ways]) one.close();
});

const ana = await patient("misled", "Ana Quillmark");
const other = await patient("misled-other", "Eva Thornbury");
const ben = await doctor("misled-ben", "Dr. Tom Achterberg");
const mal = await doctor("misled-mal", "Dr. Mal Achterberg");

/** A block that both nodes hold for final, and that is old by the time of the test. */
const oldHead = await ask(NODES[0], "chain_getFinalizedHead");

/** All that a patient's deeds leave behind: transactions at nodes, and files in vaults. */
async function traces() {
	const files = [];
	for (const vault of ["vault-0", "vault-1"]) {
		for (const folder of ["blobs", "staging"]) files.push(...await readdir(join(process.env.HOMES, vault, "data", folder), { recursive: true }).catch(() => []));
	}
	return { submitted: liars.map((liar) => liar.submitted.length), files: files.sort(), misled: [...misled] };
}

/** Does something while one of the nodes lies, and finds that the lie was told and nothing was sent. */
async function whileLying(place, lie, does) {
	const liar = liars[place];
	const [before, told] = [await traces(), liar.told];
	liar.lie = lie;
	try {
		await does();
	} finally {
		liar.lie = null;
	}
	assert.ok(liar.told > told, "the lie was told");
	assert.deepEqual(await traces(), before, "nothing was sent");
}

const disagreement = (what) =>
	`The nodes at ${LIARS_URLS[0]} and ${LIARS_URLS[1]} don't agree on ${what}: one of them may be lying; nothing was sent. Tell both hospitals.`;
const staysBehind = (place) => {
	const [liar, honest] = [LIARS_URLS[place], LIARS_URLS[1 - place]].map((url) => url.replaceAll(".", "\\."));
	return new RegExp(`^The node at ${liar} stays behind: its last final block is \\d+, and \\d+ at ${honest}\\. Wait until it has caught up, or name another node\\. If it has, ${honest} claims a block that is not there: tell both hospitals\\.$`);
};

const file = { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Not for the liar.\n") };
const reader = await Person.at(browser, MISLED, { name: "misled", look: "desktop", settings: DESKTOP });
await reader.restores(ana.words, PASSPHRASE);
await reader.reads("Hello, Ana");

/** Loads the page anew, so that everything is asked again. */
async function returns() {
	await reader.page.reload();
	await reader.unlocks(PASSPHRASE);
}

for (const [place, which] of PLACES.entries()) {
	describe(`the ${which} node lies`, () => {
		test("about a doctor's name: the doctor can't be chosen", async () => {
			// One doctor under another one's name: a lie that would get that doctor a chart.
			await whileLying(place, lies.name(mal.name, ben.name), async () => {
				for (const page of [`doctors/${mal.number}`, `share/${mal.number}`]) {
					await reader.visits(page);
					await reader.tells(disagreement("the doctor's entry"));
					await reader.tells(says("problem.nothingSent"));
					assert.equal(await reader.page.getByRole("link", { name: /^Share with/ }).count(), 0);
				}
				await reader.looks(`${which}-node-lies-about-a-name`);
			});
		});

		for (const [what, lie, sentence] of [
			["a doctor's key", lies.doctorsKey(ben.number, mal.number), disagreement(`the encryption key of doctor ${ben.number}`)],
			["the chart's keys", lies.chartKeys(ana.number, other.number), disagreement("the chart's keys")],
			["the last final block", lies.head(oldHead), staysBehind(place)],
		]) {
			test(`about ${what}: the chart's key is sealed to no one`, async () => {
				await reader.comesToTheCheck(ben);
				await whileLying(place, lie, async () => {
					await reader.presses("Sign and share");
					await reader.tells(sentence);
					if (typeof sentence === "string") await reader.tells(says("problem.nothingSent"));
					await reader.looks(`${which}-node-lies-about-${what.replaceAll(/\W+/g, "-")}`);
				});
			});
		}

		test("about the chart's keys: no file is sealed to them", async () => {
			await reader.comesToAdd(file);
			await whileLying(place, lies.chartKeys(ana.number, other.number), async () => {
				await reader.presses("Sign and add 1 record");
				await reader.tells(disagreement("the chart's keys"));
			});
		});

		test("about where the hospital's vault is: no file is sent there", async () => {
			await whileLying(place, lies.vault(VAULTS[0], `http://localhost:${FOREIGN}`), async () => {
				await returns();
				await reader.comesToAdd(file);
				await reader.presses("Sign and add 1 record");
				await reader.tells(disagreement("where that hospital's vault is"));
				await reader.tells(says("problem.nothingSent"));
			});
			assert.deepEqual(misled, [], "nothing came to the foreign vault");
		});

		test("about the chain's first block: the page goes no further", async () => {
			await whileLying(place, lies.genesis(`0x${"07".repeat(32)}`), async () => {
				await returns();
				await reader.tells(`The nodes at ${LIARS_URLS[0]} and ${LIARS_URLS[1]} follow different chains: one was started with another specification (--chain), or an address is wrong; nothing was sent.`);
				await reader.tells(says("problem.nothingSent"));
				await reader.looks(`${which}-node-lies-about-the-chain`);
			});
			// It connects again by itself, and is where it was.
			await reader.reads("Add records");
		});
	});
}

test("honest nodes get a file and a grant, by the same way", async () => {
	const before = await traces();
	await reader.comesToAdd(file);
	await reader.presses("Sign and add 1 record");
	await reader.reads("Your records");
	await reader.comesToTheCheck(ben);
	await reader.presses("Sign and share");
	await reader.reads(`${ben.name} can see it now`);
	const { submitted, files } = await traces();
	assert.ok(submitted[0] >= before.submitted[0] + 2, "both transactions were seen");
	assert.equal(submitted[1], before.submitted[1], "at the first node alone");
	assert.ok(files.length > before.files.length, "the file was seen");
});
