// What becomes of a client whose node is away, or whose proxy says no.

import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { ConnectionError, MedBlock } from "../../src/index.js";
import { WebSocket } from "../websocket.js";

// A proxy before a node: the address at which it listens, without scheme.
async function proxy(context: TestContext, answer: RequestListener): Promise<string> {
	const server = createServer(answer).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// An address at which nobody listens: it was just given up.
async function nobody(): Promise<string> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return `127.0.0.1:${port}`;
}

test("a node that is away is a ConnectionError, by either way", async () => {
	const address = await nobody();
	for (const scheme of ["http", "ws"]) {
		const client = new MedBlock(`${scheme}://${address}`, { WebSocket });
		await assert.rejects(client.call("doctor", { doctor: 0 }), (why) => {
			return why instanceof ConnectionError && /ECONNREFUSED|cannot connect/i.test(why.message);
		});
	}
});

test("an inbox whose first connection fails says so at once", async () => {
	const client = new MedBlock(`ws://${await nobody()}`, { WebSocket });
	await assert.rejects(client.subscribeInbox({ doctor: 0 }).next(), ConnectionError);
});

test("what a proxy answers is told by its status", async (context) => {
	const address = await proxy(context, (_, response) => response.writeHead(429).end("slow down"));
	const client = new MedBlock(`http://${address}`);
	await assert.rejects(client.call("doctor", { doctor: 0 }), (why) => {
		return why instanceof ConnectionError && why.status === 429 && /slow down/.test(why.message);
	});
});

test("what is no JSON-RPC is a ConnectionError", async (context) => {
	for (const said of ["<html>", "{}", "null"]) {
		const address = await proxy(context, (_, response) => response.end(said));
		const client = new MedBlock(`http://${address}`);
		await assert.rejects(client.call("doctor", { doctor: 0 }), ConnectionError);
	}
});

test("a node that does not answer in time is given up", async (context) => {
	const address = await proxy(context, () => {});
	for (const scheme of ["http", "ws"]) {
		const client = new MedBlock(`${scheme}://${address}`, { WebSocket, timeout: 200 });
		await assert.rejects(client.call("doctor", { doctor: 0 }), /within 200 ms/);
	}
});

test("whoever asks may give up, and gets their own reason", async (context) => {
	const address = await proxy(context, () => {});
	for (const scheme of ["http", "ws"]) {
		const client = new MedBlock(`${scheme}://${address}`, { WebSocket });
		const enough = new Error("enough");
		const asking = new AbortController();
		const asked = client.call("doctor", { doctor: 0 }, { signal: asking.signal });
		asking.abort(enough);
		await assert.rejects(asked, (why) => why === enough);
	}
});

test("only http, https, ws and wss are addresses", () => {
	assert.throws(() => new MedBlock("ftp://node.example"), TypeError);
	assert.throws(() => new MedBlock("node.example"), TypeError);
});
