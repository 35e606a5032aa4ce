// The way to the first hospital's gateway, on which the vault's receipts can be kept back: what comes then is what a vault
// gives that hides a look from its patient.
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { GATEWAYS, WAYS } from "./places.mjs";

const THERE = { host: "127.0.0.1", port: GATEWAYS[0] };

export class Withholding {
	/** The receipts that were passed on, and those that were kept back. */
	passed = 0;
	withheld = 0;
	#server;
	#sockets = new Set();
	#path = null;

	static async open() {
		const way = new Withholding();
		// A connection that a program keeps for later stays, as the gateway's own do.
		way.#server = createServer({ keepAliveTimeout: 0 }, (asked, answer) => way.#pass(asked, answer));
		way.#server.on("upgrade", (asked, client, head) => way.#join(asked, client, head));
		way.#server.on("connection", (client) => {
			way.#sockets.add(client);
			client.on("close", () => way.#sockets.delete(client));
		});
		await new Promise((listens) => way.#server.listen(WAYS[0], "127.0.0.1", listens));
		return way;
	}

	/** Keeps back the receipts of what has such a path from now on; of nothing without one. */
	withholds(path) {
		this.#path = path;
	}

	close() {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	#pass(asked, answer) {
		const { method, url, headers } = asked;
		const passed = request({ ...THERE, method, path: url, headers, agent: false }, (told) => {
			const { receipt, ...others } = told.headers;
			const isWithheld = receipt !== undefined && this.#path !== null && this.#path.test(url);
			if (isWithheld) this.withheld += 1;
			else if (receipt !== undefined) this.passed += 1;
			answer.writeHead(told.statusCode, isWithheld ? others : told.headers);
			told.on("error", () => answer.destroy());
			told.pipe(answer);
		});
		// When one end hangs up, the other learns it.
		passed.on("error", () => answer.destroy());
		answer.on("close", () => passed.destroy());
		asked.pipe(passed);
	}

	/** What becomes a WebSocket is passed on byte by byte. */
	#join({ method, url, rawHeaders }, client, head) {
		const gateway = connect(THERE);
		for (const [one, other] of [[client, gateway], [gateway, client]]) one.on("error", () => {}).on("close", () => other.destroy());
		const fields = [];
		for (let at = 0; at < rawHeaders.length; at += 2) fields.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`);
		gateway.write(`${method} ${url} HTTP/1.1\r\n${fields.join("")}\r\n`);
		gateway.write(head);
		client.pipe(gateway).pipe(client);
	}
}
