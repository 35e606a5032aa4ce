// Runs the checks of ./page.mjs in headless Chromium.
//
// Usage: SITE=FOLDER node --test browser.test.mjs
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const server = await serve(process.env.SITE);
const browser = await launch();
after(async () => {
	await browser.close();
	server.close();
});

const page = await browser.newPage();
const said = [];
page.on("console", (message) => said.push(message.text()));
const broken = new Promise((_, fails) => page.on("pageerror", (error) => {
	said.push(String(error));
	fails(error);
}));
broken.catch(() => {});
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await Promise.race([page.waitForFunction(() => globalThis.checks), broken]);

for (const name of await page.evaluate(() => Object.keys(globalThis.checks))) {
	test(name, async (context) => {
		const measured = await page.evaluate((name) => globalThis.checks[name](), name);
		if (measured) context.diagnostic(measured);
	});
}

test("nothing goes wrong on the page besides", () => assert.deepEqual(said, []));
