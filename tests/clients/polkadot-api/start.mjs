// Everything that is tried with polkadot-api.

import { client, step } from "../common/report.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { story } from "../common/story.mjs";
import { surface } from "../common/surface.mjs";
import { Wallet } from "./wallet.mjs";

const { CLIENT_URL: url, CLIENT_FOLDER: folder } = process.env;
const installed = new URL("node_modules/polkadot-api/package.json", import.meta.url);
client("polkadot-api", JSON.parse(readFileSync(installed)).version);
let wallet;
await step("connects, and knows every transaction extension", async () => {
	wallet = await Wallet.connect(url);
	assert.equal(wallet.metadata.extensions.length, 8);
	return `runtime ${(await wallet.api.constants.System.Version()).spec_version}`;
});
const people = await story(wallet, folder);
await surface(wallet, people);
await step("disconnects", () => wallet.disconnect());
