// The ways from browsers to hospitals' gateways, which can be cut as a phone's connection is.
import { connect, createServer } from "node:net";
import { GATEWAYS, WAYS } from "./places.mjs";

/** Passes bytes on, both ways, until it is cut. */
export class Way {
	/** The bytes that went up to the gateway, and the connections that were refused. */
	up = 0;
	refused = 0;
	#target;
	#server;
	#sockets = new Set();
	#refuses = false;
	/** What waits for something to happen: a condition, and what is called once it holds. */
	#waiting = [];

	static async open(port, target) {
		const way = new Way();
		way.#target = target;
		way.#server = createServer((client) => way.#join(client));
		await new Promise((listens) => way.#server.listen(port, "127.0.0.1", listens));
		return way;
	}

	/** Ends all connections, and refuses others until it is mended. */
	cut() {
		this.#refuses = true;
		for (const socket of this.#sockets) socket.destroy();
	}

	/** Ends all connections; others are served. */
	shake() {
		for (const socket of this.#sockets) socket.destroy();
	}

	mend() {
		this.#refuses = false;
	}

	/** Waits until so many more bytes have gone up. */
	carries(bytes) {
		const goal = this.up + bytes;
		return this.#until(() => this.up >= goal);
	}

	/** Waits until another connection was refused: the page has noticed that it is cut. */
	refuses() {
		const before = this.refused;
		return this.#until(() => this.refused > before);
	}

	close() {
		this.cut();
		this.#server.close();
	}

	#until(holds) {
		return new Promise((happens) => this.#waiting.push({ holds, happens }));
	}

	#happened() {
		const waiting = this.#waiting;
		this.#waiting = waiting.filter(({ holds }) => !holds());
		for (const { happens } of waiting.filter((one) => !this.#waiting.includes(one))) happens();
	}

	#join(client) {
		if (this.#refuses) {
			client.on("error", () => {}).destroy();
			this.refused += 1;
			return this.#happened();
		}
		const gateway = connect(this.#target, "127.0.0.1");
		for (const [one, other] of [[client, gateway], [gateway, client]]) {
			this.#sockets.add(one);
			// When one end hangs up, the other learns it.
			one.on("error", () => {}).on("close", () => {
				this.#sockets.delete(one);
				other.destroy();
			});
		}
		client.on("data", (bytes) => {
			this.up += bytes.length;
			this.#happened();
		});
		client.pipe(gateway).pipe(client);
	}
}

/** The ways to both hospitals. */
export async function openWays() {
	const ways = [];
	for (const [hospital, port] of WAYS.entries()) ways.push(await Way.open(port, GATEWAYS[hospital]));
	return {
		ways,
		cut: () => ways.forEach((way) => way.cut()),
		mend: () => ways.forEach((way) => way.mend()),
		/** Waits until the page has noticed, at one of them, that they are cut. */
		noticed: () => Promise.race(ways.map((way) => way.refuses())),
		close: () => ways.forEach((way) => way.close()),
	};
}
