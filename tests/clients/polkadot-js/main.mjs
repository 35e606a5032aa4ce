// Everything that is tried with @polkadot/api, of whichever version, but an upgrade.

import assert from "node:assert/strict";
import { client, step } from "../common/report.mjs";
import { story } from "../common/story.mjs";
import { surface } from "../common/surface.mjs";
import { accountPages, ReadingWallet } from "./surface.mjs";

export async function main(library, { knowsViewFunctions }) {
	client("@polkadot/api", library.packageInfo.version);
	let wallet;
	await step("connects, and knows every transaction extension", async () => {
		wallet = await ReadingWallet.connect(library, process.env.CLIENT_URL);
		wallet.knowsViewFunctions = knowsViewFunctions;
		assert.equal(wallet.api.registry.signedExtensions.length, 8);
		return `runtime ${wallet.api.runtimeVersion.specVersion}`;
	}, ReadingWallet.saysOfConnecting);
	const people = await story(wallet, process.env.CLIENT_FOLDER);
	await surface(wallet, people);
	await accountPages(wallet, people.ana.account);
	await step("disconnects", () => wallet.disconnect(), [], ReadingWallet.maySayOfDisconnecting);
}
