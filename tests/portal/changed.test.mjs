// A portal of which one byte is another one than the manifest says: `medblock portal verify` finds it in every file, and
// the page does not run a script, or WebAssembly, that is not the listed one.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM LOCALES=FOLDER node --test changed.test.mjs, as ./run has it
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ALTERED, Altered, flipped } from "./altered.mjs";
import { DESKTOP, launch } from "./browser.mjs";
import { ends } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { PORTAL } from "./places.mjs";
import { says } from "./texts.mjs";
import { until } from "./waiting.mjs";
import { openWays } from "./wires.mjs";

/** The exit code of what differs. */
const DIFFERS = 8;
const own = join(process.env.HOMES, "portal");
const { files } = JSON.parse(await readFile(join(own, "manifest.json"), "utf8"));
/** The listed file whose name fits. */
const named = (pattern) => Object.keys(files).find((name) => pattern.test(name));
const exactly = (name) => new RegExp(`^/${name.replaceAll(".", "\\.")}$`);

const ways = await openWays();
const altered = await Altered.start();
const browser = await launch();
after(async () => {
	await browser.close();
	altered.close();
	ways.close();
});

const verify = (url) => ends("portal", "verify", url, "--folder", own);

test("an honest gateway serves what its manifest says", async () => {
	const { code, said } = await verify(PORTAL);
	assert.equal(code, 0, said);
	assert.match(said, /are those of your copy/);
});

describe("`medblock portal verify` finds a changed byte in", () => {
	for (const pattern of [
		/^index\.html$/, /^consortium\.json$/, /^assets\/app-.*\.js$/, /^assets\/app-.*\.css$/, /^assets\/worker-.*\.js$/,
		/^assets\/medblock-.*\.wasm$/, /^preview\/frame\.html$/, /^preview\/frame-.*\.js$/,
	]) {
		const name = named(pattern);
		test(name, async () => {
			altered.changes(exactly(name), flipped);
			const { code, said } = await verify(ALTERED);
			assert.equal(code, DIFFERS, said);
			assert.ok(said.includes(`serves ${name} with the digest`), said);
		});
	}

	test("the first page, if only that has no name", async () => {
		altered.changes(/^\/$/, flipped);
		const { code, said } = await verify(ALTERED);
		assert.equal(code, DIFFERS, said);
		assert.match(said, /serves its first page with the digest/);
	});

	test("the manifest itself", async () => {
		// Another digest that is as good as the right one by its form.
		const other = (content) => Buffer.from(content.toString("utf8").replace(/sha256-[A-Za-z0-9+/]{43}=/, `sha256-${"A".repeat(43)}=`));
		altered.changes(/^\/manifest\.json$/, other);
		const { code, said } = await verify(ALTERED);
		assert.equal(code, DIFFERS, said);
		assert.match(said, /your copy is/);
	});
});

const visits = () => Person.at(browser, ALTERED, { name: "visitor", look: "desktop", settings: DESKTOP });
const blocked = (said) => said.some((line) => /integrity/i.test(line));

test("a page with another script does not start", async () => {
	altered.changes(exactly(named(/^assets\/app-.*\.js$/)), flipped);
	const visitor = await visits();
	await visitor.sees("This page is still starting.");
	await until(() => blocked(visitor.said), "the script is refused");
	assert.equal(await visitor.page.getByRole("heading", { level: 1 }).count(), 0);
	await visitor.leaves();
});

test("a page with another style sheet takes none", async () => {
	altered.changes(exactly(named(/^assets\/app-.*\.css$/)), flipped);
	const visitor = await visits();
	await visitor.reads(says("start.title"));
	await until(() => blocked(visitor.said), "the style sheet is refused");
	await visitor.leaves();
});

test("a page with other WebAssembly says that a part of it could not be loaded, and tries no more", async () => {
	altered.changes(exactly(named(/^assets\/medblock-.*\.wasm$/)), flipped);
	const visitor = await visits();
	await visitor.reads(says("start.starting"));
	await visitor.tells("A part of this page could not be loaded.");
	await visitor.tells("Load the page again.");
	await visitor.looks("not-loaded");
	assert.equal(visitor.page.workers().length, 1);
	assert.ok(visitor.said.length < 10, `it is told once: ${visitor.said.length} lines`);
	await visitor.leaves();
});
