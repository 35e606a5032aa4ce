import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ErrorCode } from "../../src/errors.js";
import { METHOD_ERRORS } from "../../src/generated.js";

const OPENRPC = process.env.OPENRPC ?? "../../pallets/medical-records/rpc/openrpc.json";

function check(document: string): void {
	execFileSync(process.execPath, ["scripts/generate.mjs", "--check"], {
		env: { ...process.env, OPENRPC: document },
		stdio: "pipe",
	});
}

test("src/generated.ts is what the node's document says", () => check(OPENRPC));

test("a changed document makes src/generated.ts stale", (context) => {
	const folder = mkdtempSync("medblock-");
	context.after(() => rmSync(folder, { recursive: true }));
	const changed = join(folder, "openrpc.json");
	copyFileSync(OPENRPC, changed);
	check(changed);
	const text = readFileSync(changed, "utf8");
	const other = text.replaceAll('"mayAppend"', '"mayWrite"');
	assert.notEqual(other, text);
	writeFileSync(changed, other);
	assert.throws(() => check(changed), /is not what the OpenRPC document says/);
});

test("every code of the document has a name", () => {
	const named = new Set<string>(Object.values(ErrorCode).map(String));
	assert.deepEqual(Object.keys(METHOD_ERRORS).filter((code) => !named.has(code)), []);
});
