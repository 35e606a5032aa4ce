// Looks at every page of a portal: accessibility by axe, errors on the console, anything wider than the screen. Keeps a
// picture of each.
//
// Usage: node pages.mjs --url URL --output FOLDER [--keystore FILE --passphrase-file FILE]... [--look NAME]...
//
//   --url URL               the portal's address
//   --output FOLDER         where the pictures go
//   --keystore FILE         an account whose pages are looked at, too; may be given several times
//   --passphrase-file FILE  that account's passphrase, one for each --keystore, in the same order
//   --look NAME             one of those below; all if left out
//
// Signs nothing and changes nothing. Ends with 1 if it found anything.
import { AxeBuilder } from "@axe-core/playwright";
import { mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values } = parseArgs({
	options: {
		url: { type: "string" },
		output: { type: "string" },
		keystore: { type: "string", multiple: true, default: [] },
		"passphrase-file": { type: "string", multiple: true, default: [] },
		look: { type: "string", multiple: true, default: [] },
	},
});
if (!values.url || !values.output || values.keystore.length !== values["passphrase-file"].length) {
	console.error("error: --url and --output are needed, and a --passphrase-file for each --keystore");
	process.exit(2);
}

const PHONE = { width: 390, height: 844 };
const LOOKS = {
	phone: { viewport: PHONE, hasTouch: true, isMobile: true },
	desktop: { viewport: { width: 1280, height: 800 } },
	"phone-dark": { viewport: PHONE, colorScheme: "dark" },
	"desktop-dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
	german: { viewport: PHONE, language: "de" },
	"right-to-left": { viewport: PHONE, language: "ar-XB" },
	narrow: { viewport: { width: 320, height: 640 } },
	// A desktop at 200 % has half the pixels.
	zoomed: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};
const looks = values.look.length > 0 ? values.look : Object.keys(LOOKS);
for (const look of looks) {
	if (!LOOKS[look]) {
		console.error(`error: there is no look "${look}", only ${Object.keys(LOOKS).join(", ")}`);
		process.exit(2);
	}
}
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Pages without an account. */
const OUTSIDE = ["", "new?as=patient", "restore", "recover", "recover?by=sheets", "public", "about", "settings"];
/** Pages of an account; those of roles that it has not show what such an account is told. */
const INSIDE = [
	"", "records", "add", "doctors", "access", "looks", "settings", "about", "role", "doctor", "doctor/entry", "desk", "desk/people",
	"desk/hospital", "nothing-here", "trusted", "trusted/guardians", "trusted/sheets", "trusted/representatives", "trusted/emergency",
	"trusted/others", "recovering", "doctor/emergency", "doctor/trusted", "doctor/trusted/guardians", "desk/requests",
];
/** Where a list leads, each followed to its first item. */
const LEADS = [
	["records", "a.entry"],
	["doctors", 'a.line[href*="doctors/"]'],
	["doctor", 'a.line[href*="chart/"]'],
	["desk", 'a.line[href*="desk/"]'],
];

let found = 0;
function tell(look, page, what) {
	found += 1;
	console.log(`${look}: ${page || "start"}: ${what}`);
}

/** Waits until the page has its heading, and has stopped waiting for something. */
async function settled(page) {
	await page.locator("h1").first().waitFor({ timeout: 30_000 });
	// Browsers draw nothing in a frame that is out of sight.
	await page.waitForFunction(() => {
		document.querySelector(".preview iframe")?.scrollIntoView({ block: "nearest" });
		return !document.querySelector("main .progress");
	}, undefined, { timeout: 30_000 }).catch(() => {});
	await page.waitForTimeout(700);
}

async function inspect(page, look, name) {
	await settled(page);
	const file = `${name || "start"}`.replace(/[^\w-]+/g, "-");
	await page.screenshot({ path: join(values.output, look, `${file}.png`), fullPage: true });
	// What a preview shows was written by others, and stands in a frame of its own.
	const { violations } = await new AxeBuilder({ page }).withTags(TAGS).exclude("iframe").analyze();
	for (const { id, nodes } of violations) tell(look, name, `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	if (wide > 0) tell(look, name, `${wide} pixels wider than the screen`);
	const headings = await page.locator("h1").count();
	if (headings !== 1) tell(look, name, `${headings} first headings`);
}

/** Goes to a page as a link would: without loading anything. */
async function visit(page, hash) {
	await page.evaluate((place) => {
		location.hash = `#/${place}`;
	}, hash);
}

async function unlock(page, keystore, passphraseFile) {
	await visit(page, "public");
	await page.locator("#file").setInputFiles(keystore);
	await page.locator("#passphrase").fill((await readFile(passphraseFile, "utf8")).trimEnd());
	await page.locator("form button[type=submit]").click();
	await page.locator("a[href='#/settings']").waitFor({ timeout: 60_000 });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const look of looks) {
	const { language, ...settings } = LOOKS[look];
	await mkdir(join(values.output, look), { recursive: true });
	const context = await browser.newContext({ ...settings, reducedMotion: "reduce" });
	const start = async () => {
		const page = await context.newPage();
		page.on("console", (message) => {
			if (["error", "warning"].includes(message.type())) tell(look, page.url(), message.text());
		});
		page.on("pageerror", (error) => tell(look, page.url(), error.message));
		await page.goto(new URL(language ? `/?lang=${language}` : "/", values.url).href);
		return page;
	};
	const outside = await start();
	for (const name of OUTSIDE) {
		await visit(outside, name);
		await inspect(outside, look, name);
	}
	await outside.close();
	for (const [index, keystore] of values.keystore.entries()) {
		const who = basename(keystore, ".age");
		const page = await start();
		await unlock(page, keystore, values["passphrase-file"][index]);
		for (const name of INSIDE) {
			await visit(page, name);
			await inspect(page, look, `${who}/${name}`);
		}
		for (const [list, link] of LEADS) {
			await visit(page, list);
			await settled(page);
			const first = page.locator(link).first();
			if ((await first.count()) === 0) continue;
			await first.click();
			await inspect(page, look, `${who}/${list}/first`);
		}
		await page.close();
	}
	await context.close();
}
await browser.close();
console.log(found === 0 ? "Nothing found." : `${found} found.`);
process.exit(found === 0 ? 0 : 1);
