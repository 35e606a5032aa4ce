// Runs the checks of ./page.mjs in headless Chromium.
//
// Usage: SITE=FOLDER node --test browser.test.mjs
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

// Without those that begin with --disable, Chromium looks for hosts of its maker's.
const ARGUMENTS = [
	"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const server = await serve(process.env.SITE);
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ARGUMENTS,
});
after(async () => {
	await browser.close();
	server.close();
});

const page = await browser.newPage();
const said = [];
page.on("console", (message) => said.push(message.text()));
page.on("pageerror", (error) => said.push(String(error)));
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.waitForFunction(() => globalThis.checks, null, { timeout: 60_000 })
	.catch((error) => { throw new Error([error.message, ...said].join("\n")); });

for (const name of await page.evaluate(() => Object.keys(globalThis.checks))) {
	test(name, async (context) => {
		const measured = await page.evaluate((name) => globalThis.checks[name](), name);
		if (measured) context.diagnostic(measured);
	});
}

test("nothing goes wrong on the page besides", () => assert.deepEqual(said, []));
