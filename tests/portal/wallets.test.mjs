// An account whose key is in a wallet, at hospitals' doors alone: what the page says before each signature, what happens when
// the owner declines, and signing in.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER WALLET=FOLDER node --test wallets.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DESKTOP, launch } from "./browser.mjs";
import { doctor, runs } from "./medblock.mjs";
import { sent } from "./node.mjs";
import { Person } from "./person.mjs";
import { HOSTS, PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { Wallet } from "./wallet.mjs";
import { openWays } from "./wires.mjs";

const PASSPHRASE = "correct horse battery staple";
const NAME = "Vera Quillmark";
/** Milliseconds between two looks at the page. */
const GLANCE = 100;

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

const wallet = new Wallet();
const ben = await doctor("wallets-ben", "Dr. Ben Ömer");
const vera = await Person.at(browser, PORTAL, { name: "wallet", look: "desktop", settings: DESKTOP, before: wallet.into });
const dialog = vera.page.getByRole("dialog");
let number;

/** Waits for the page's question, and gives what it says that it is for. */
async function question() {
	await dialog.getByRole("heading", { name: says("wallet.ask.title") }).waitFor();
	await dialog.getByText(says("wallet.ask.there", { wallet: wallet.name })).waitFor();
	return dialog.locator(".about").innerText();
}

/** Agrees to each question until the page shows something; gives what they were for. */
async function agreesUntil(there) {
	const about = [];
	while (!(await there.isVisible())) {
		if (wallet.isAsked) {
			about.push(await question());
			wallet.agree();
		}
		await vera.page.waitForTimeout(GLANCE);
	}
	return about;
}

const heading = (name) => vera.page.getByRole("heading", { level: 1, name });
/** What a sign-in at one of the two hospitals' doors is called. */
const signIns = HOSTS.map((place) => says("wallet.ask.signIn", { place }));

test("a new account takes the wallet's key, and the page says what the words are for", async () => {
	await vera.makesAccount(/I am a patient/, PASSPHRASE, async (page) => {
		if (page !== "new-account") return;
		await vera.picks(says("wallet.signs.wallet", { wallet: wallet.name }));
		await vera.tells(says("wallet.words"));
		// The only account is taken at once, in the form that this chain has.
		await vera.sees(wallet.pair.address);
		await vera.looks("wallet-chosen");
	});
});

test("a patient registers at the door, and each question says what it is for", async () => {
	wallet.mood = "looks";
	await vera.reads("Choose your hospital");
	await vera.picks(/Northern General/);
	await vera.presses("Continue");
	await vera.types("Your full name", NAME);
	await vera.types("Your date of birth", "1990-01-02");
	await vera.presses("Continue");
	await vera.presses("Sign and register");
	assert.equal(await question(), says("wallet.call.register_patient"));
	await vera.looks("wallet-asks");
	wallet.agree();
	const about = await agreesUntil(heading(/Now go to the desk of/));
	assert.ok(about.some((one) => signIns.includes(one)), `a sign-in: ${about.join("; ")}`);
	for (const one of about) assert.ok([...signIns, says("wallet.call.update_patient_profile")].includes(one), one);
	number = /patient number\s+(\d+)/.exec(await vera.text())[1];
	await runs("staff", "hospital", "verify", "patient", "--yes", number);
	await agreesUntil(heading("Hello, Vera"));
});

test("what is cancelled in the page, or declined in the wallet, is not sent", async () => {
	const before = await sent(wallet.pair);
	await vera.comesToTheCheck(ben);
	await vera.presses("Sign and share");
	assert.equal(await question(), says("wallet.call.grant_access"));
	await dialog.getByRole("button", { name: says("cancel") }).click();
	await vera.tells(says("wallet.declined"));
	// The wallet's own question is still open: its answer comes too late.
	wallet.agree();
	await vera.presses("Sign and share");
	assert.equal(await question(), says("wallet.call.grant_access"));
	wallet.decline();
	await vera.tells(says("wallet.declined"));
	await vera.looks("wallet-declined");
	assert.equal(await sent(wallet.pair), before);
	wallet.mood = "agrees";
	await vera.presses("Sign and share");
	await vera.reads(`${ben.name} can see it now`);
	await vera.goes("Access");
	await vera.sees(ben.name);
	await vera.presses(/^Take back/);
	await vera.answers("Take it back");
	await vera.sees(says("access.none"));
});

test("a person who declines to sign in is left alone, and signs in when they want", async () => {
	await vera.presses("Lock");
	wallet.mood = "declines";
	wallet.asked.length = 0;
	await vera.unlocks(PASSPHRASE);
	await vera.tells(says("net.wallet"));
	await vera.tells(says("wallet.declined"));
	await vera.looks("wallet-not-signed-in");
	const asked = wallet.asked.length;
	await vera.page.waitForTimeout(15_000);
	assert.equal(wallet.asked.length, asked, "it is not asked again by itself");
	wallet.mood = "agrees";
	await vera.presses(says("net.wallet.now"));
	await vera.reads("Hello, Vera");
	await vera.page.getByText(says("net.wallet")).waitFor({ state: "detached" });
	assert.ok(wallet.asked.slice(asked).includes("raw"), "it has signed in");
});

test("the settings show the wallet, tell it about the network, and say what the page does not do", async () => {
	await vera.follows("Settings");
	await vera.tells(says("wallet.ready"));
	await vera.tells(says("wallet.change"));
	await vera.looks("wallet-settings");
	await vera.presses(says("wallet.chain.tell"));
	await vera.isTold(says("wallet.chain.told"));
	assert.equal(wallet.told.length, 1);
	assert.equal(wallet.told[0].ss58Format, 42);
	await vera.page.getByRole("button", { name: says("wallet.chain.tell") }).waitFor({ state: "detached" });
});

test("the words alone are another account on a public computer, and the page says so", async () => {
	await vera.presses("Lock");
	await vera.visits("public");
	await vera.reads(says("public.title"));
	await vera.picks(says("restore.words"));
	await vera.tells(says("public.wallet"));
	await vera.looks("public-wallet");
	assert.deepEqual(vera.said.filter((line) => !/status of 40[13]/.test(line)), [], "on the console");
});
