// The first hospital's node, asked past the gateway.
import { setTimeout as passes } from "node:timers/promises";
import { NODES } from "./places.mjs";

/** Seconds that a block may take to become final, with all before it. */
const PATIENCE = 300;

/** The node's answer. */
export async function ask(method, ...params) {
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
	const answer = await fetch(NODES[0].replace("ws:", "http:"), { method: "POST", headers: { "content-type": "application/json" }, body });
	return (await answer.json()).result;
}

/** The number of transactions that an account has sent: those in blocks, and those that wait for one. */
export const sentBy = (address) => ask("system_accountNextIndex", address);

/** Waits until the block with this number is final. */
export async function isFinal(number) {
	for (let times = 0; times < PATIENCE; times += 1) {
		const header = await ask("chain_getHeader", await ask("chain_getFinalizedHead"));
		if (Number(header.number) >= number) return;
		await passes(1_000);
	}
	throw new Error(`block ${number} is not final after ${PATIENCE} seconds`);
}
