// The hospitals' nodes, asked past the gateways.
import { NODES } from "./places.mjs";
import { until } from "./waiting.mjs";

/** Milliseconds that a block may take to become final, with all before it. */
const PATIENCE = 300_000;

/** A node's answer. */
export async function ask(node, method, ...params) {
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
	const answer = await fetch(node.replace("ws:", "http:"), { method: "POST", headers: { "content-type": "application/json" }, body });
	return (await answer.json()).result;
}

/** The number of the last block that is final at a node. */
async function final(node) {
	const { number } = await ask(node, "chain_getHeader", await ask(node, "chain_getFinalizedHead"));
	return Number(number);
}

/** Waits until the block with this number is final at all nodes. */
export async function isFinal(number) {
	for (const node of NODES) {
		await until(async () => (await final(node)) >= number, `block ${number} is not final at ${node}`, PATIENCE);
	}
}

/**
 * Waits until what is final at one node is final at the other: pages and the program may ask different ones, and each takes the
 * other's deed for done as soon as its own node has it.
 */
export async function agree() {
	await isFinal(Math.max(...(await Promise.all(NODES.map(final)))));
}

/** The number of transactions that an account has sent: also of those that are in no block yet. */
export async function sent({ address }) {
	await agree();
	return ask(NODES[0], "system_accountNextIndex", address);
}
