// Accounts whose key is in a wallet: a wallet as extensions put it into a page, whose key stays outside of the browser and
// signs as the polkadot{.js} extension does, by @polkadot/api; on real nodes and with a real vault.
//
// Usage: SITE=FOLDER PORT=N VAULT=URL NODES=URL,URL MEDBLOCK=PROGRAM HOMES=FOLDER WALLET=FOLDER node --test wallet.test.mjs
//
// Runs after portal.test.mjs, whose doctor is asked for. WALLET is where @polkadot/api is installed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const { SITE, PORT, VAULT, NODES, MEDBLOCK, HOMES, WALLET } = process.env;
const require = createRequire(join(WALLET, "wallet.cjs"));
const { Keyring } = require("@polkadot/api");
const { TypeRegistry } = require("@polkadot/types");
const { u8aToHex, u8aWrapBytes } = require("@polkadot/util");
const { cryptoWaitReady } = require("@polkadot/util-crypto");

const PASSPHRASE = "correct horse battery staple";
const PROFILE = { name: "Vera Wallet", birthDate: "1990-01-02", contact: null };

await cryptoWaitReady();
const keyring = new Keyring({ type: "sr25519", ss58Format: 42 });
const pair = keyring.addFromSeed(randomBytes(32));
const other = keyring.addFromSeed(randomBytes(32));
/** What the wallet was shown, and how it behaves. */
const shown = [];
let mood = "good";

/** Signs as the extension does; the page's function of this name calls it. */
function signs(kind, asked) {
	shown.push([kind, asked]);
	if (mood === "declines") throw new Error("Cancelled");
	const by = mood === "takes another key" ? other : pair;
	if (kind === "raw") return u8aToHex(by.sign(u8aWrapBytes(asked.data)));
	const payload = mood === "changes it" ? { ...asked, nonce: "0x000000ff" } : asked;
	const registry = new TypeRegistry();
	registry.setSignedExtensions(payload.signedExtensions);
	const { signature } = registry.createType("ExtrinsicPayload", payload, { version: payload.version }).sign(by);
	return signature;
}

const server = await serve(SITE, { port: Number(PORT), vault: VAULT });
const browser = await launch();
after(async () => {
	await browser.close();
	server.close();
});
const context = await browser.newContext();
const page = await context.newPage();
await page.exposeFunction("walletSigns", (kind, asked) => {
	try {
		return { signature: signs(kind, asked) };
	} catch (error) {
		return { refused: error.message };
	}
});
// Its owner lets the page in, and the wallet writes addresses with another network's prefix.
await page.addInitScript(([address]) => {
	const asked = async (kind, what) => {
		const { signature, refused } = await globalThis.walletSigns(kind, what);
		if (refused) throw new Error(refused);
		return { id: 1, signature };
	};
	globalThis.accounts = [{ address, name: "mine", type: "sr25519" }];
	globalThis.injectedWeb3 = {
		trial: {
			version: "1",
			enable: async () => ({
				accounts: { get: async () => globalThis.accounts },
				signer: { signPayload: (payload) => asked("payload", payload), signRaw: (raw) => asked("raw", raw) },
			}),
		},
		shut: { enable: async () => { throw new Error("not authorized"); } },
	};
}, [keyring.encodeAddress(pair.publicKey, 0)]);
await page.goto(`http://localhost:${PORT}/`);
await page.waitForFunction(() => globalThis.portal && globalThis.portal.state.phase !== "starting");
await page.evaluate(() => {
	const { portal, walletSignature } = globalThis;
	portal.wallet.onAsk((request) =>
		walletSignature("trial", request, (all) => portal.keys.addresses(all)).catch((why) => {
			throw Object.assign(new Error(), { kind: "wallet", sentence: `The wallet: ${why.refusal}.` });
		}));
});

async function ask(method, ...words) {
	const { value, problem } = await page.evaluate(async ([method, words]) => {
		const [group, called] = method.split(".");
		try {
			return { value: await globalThis.portal[group][called](...words) };
		} catch ({ kind, sentence }) {
			return { problem: { kind, sentence } };
		}
	}, [method, words]);
	if (problem) throw Object.assign(new Error(`${method}: ${problem.kind}: ${problem.sentence}`), problem);
	return value;
}
const refused = (promise, sentence) =>
	assert.rejects(promise, (error) => {
		assert.equal(error.kind, "wallet", error.message);
		assert.match(error.sentence, sentence);
		return true;
	});
async function runs(home, ...words) {
	const { stdout } = await promisify(execFile)(MEDBLOCK, ["--home", join(HOMES, home), "--json", ...words]);
	return JSON.parse(stdout);
}
const nonce = async () => {
	const answer = await fetch(NODES.split(",")[0].replace("ws:", "http:"), {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "system_accountNextIndex", params: [pair.address] }),
	});
	return (await answer.json()).result;
};
let patient, doctor;

test("the wallet's account is found whatever form its address has", async () => {
	const [address] = await page.evaluate(() => globalThis.walletAccounts("trial"));
	assert.notEqual(address.address, pair.address);
	assert.deepEqual(await ask("keys.addresses", [address.address, "none"]), [pair.address, null]);
	const words = (await ask("keys.newWords")).join(" ");
	const account = await ask("keys.create", { name: "vera", words, passphrase: PASSPHRASE, wallet: address.address });
	assert.deepEqual([account.kind, account.address], ["wallet", pair.address]);
});

test("a patient registers: the wallet signs just what the Worker made", async () => {
	const registered = await ask("patient.register", { hospital: 0, profile: PROFILE });
	patient = registered.patient;
	assert.equal(registered.problem, null);
	assert.deepEqual(shown.map(([kind]) => kind), ["payload", "raw", "payload"], "a registration, a sign-in, a profile");
	const [, first] = shown[0];
	assert.deepEqual([first.version, first.mode, first.nonce], [4, 0, "0x00000000"]);
	assert.ok(first.signedExtensions.includes("CheckNonce"), `${first.signedExtensions}`);
	const text = Buffer.from(shown[1][1].data.slice(2), "hex").toString();
	assert.match(text, /asks you to sign in/);
	assert.deepEqual(await ask("patient.profile"), PROFILE);
	await runs("staff", "hospital", "verify", "patient", "--yes", String(patient));
	await page.waitForFunction(() => globalThis.portal.state.who?.patient?.standing === "verified", undefined, { timeout: 60_000 });
});

test("what the wallet declines is not sent, and a sign-in is not asked for twice", async () => {
	[doctor] = await ask("patient.doctors", { onlyPractising: true });
	assert.ok(doctor, "portal.test.mjs has left one");
	const before = await nonce();
	mood = "declines";
	await refused(ask("patient.grant", doctor.doctor, { mayAppend: false, until: null }), /declined/);
	// A grant's key that no one saw is no reason for another key, which would have to be signed too.
	assert.deepEqual(shown.splice(0).slice(-1).map(([kind]) => kind), ["payload"]);
	assert.equal(await nonce(), before);
});

test("a signature of anything else, or by another key, is not sent", async () => {
	const before = await nonce();
	for (mood of ["changes it", "takes another key"]) {
		await refused(ask("patient.grant", doctor.doctor, { mayAppend: false, until: null }), /another account's, or of something else/);
	}
	mood = "good";
	assert.equal(await nonce(), before);
	assert.deepEqual(await ask("patient.access"), []);
});

test("a patient grants, adds and takes back by the wallet", async () => {
	const granted = await ask("patient.grant", doctor.doctor, { mayAppend: true, until: null });
	assert.equal(granted.receipt.call, "MedicalRecords.grant_access");
	const added = await ask("patient.add", [{ content: "Signed by a wallet.", title: "Note" }]);
	assert.deepEqual(added.records, [0]);
	const revoked = await ask("patient.revokeAll");
	assert.deepEqual([revoked.receipt.call, revoked.rotated], ["MedicalRecords.revoke_access", true]);
	assert.deepEqual(await ask("patient.access"), []);
});

test("each other refusal has a name of its own", async () => {
	const refusal = (name) => page.evaluate(async (name) => {
		const request = { kind: "text", address: "x", text: "x" };
		return globalThis.walletSignature(name, request, (all) => globalThis.portal.keys.addresses(all)).catch((why) => why.refusal);
	}, name);
	assert.equal(await refusal("shut"), "shut");
	assert.equal(await refusal("removed"), "gone");
	assert.equal(await refusal("trial"), "other");
	for (const [accounts, name] of [[[], "empty"], [[{ address: pair.address, type: "ed25519" }], "foreign"]]) {
		await page.evaluate((accounts) => (globalThis.accounts = accounts), accounts);
		const found = await page.evaluate(() => globalThis.walletAccounts("trial").catch((why) => why.refusal));
		assert.equal(found, name);
	}
});
