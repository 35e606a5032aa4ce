// Runs each case of client/platform/tests/browser.rs in headless Chromium, in a dedicated Worker of its own: after a
// panic, a Worker's WebAssembly is in no state to go on.
//
// Usage: SITE=FOLDER node --test platform.test.mjs
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const { SITE } = process.env;
/** A case is an export with the name __wbgt_MODULE::CASE, or __wbgt_$_MODULE::CASE if it is ignored. */
const PREFIX = "__wbgt_";
/** Every case waits for less than a second. */
const LIMIT = { timeout: 60_000 };

const compiled = await WebAssembly.compile(await readFile(join(SITE, "browser_bg.wasm")));
const cases = WebAssembly.Module.exports(compiled)
	.map(({ name }) => name)
	.filter((name) => name.startsWith(PREFIX));

const server = await serve(SITE);
const browser = await launch();
after(async () => {
	await browser.close();
	server.close();
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/empty.html`);

const run = (name) => page.evaluate((name) => new Promise((resolve) => {
	const worker = new Worker("platform.js", { type: "module", name });
	const end = (outcome) => {
		worker.terminate();
		resolve(outcome);
	};
	worker.onmessage = ({ data }) => end(data);
	worker.onerror = ({ message }) => end({ passed: false, said: message ?? "the Worker does not start" });
}), name);

test("there are cases", () => assert.notEqual(cases.length, 0));

for (const name of cases) {
	const skip = name.startsWith(`${PREFIX}$`);
	test(name.slice(name.indexOf("::") + 2), { ...LIMIT, skip }, async () => {
		const { passed, said } = await run(name);
		assert.ok(passed, said);
	});
}
