// The network that these tests run on; tests/docs/run of the repository starts it, and sets
//
//   NODE_URL     a node's WebSocket
//   DOCTOR       a doctor's id, with a story behind it
//   HAPPEN       a command that, with a text, brings about an event in that doctor's inbox
//   KILL, START  commands that kill that node, and start it again

import { exec } from "node:child_process";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { type ClientOptions, MedBlock } from "../../src/index.js";
import { WebSocket } from "../websocket.js";

function setting(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: these tests want a network, see tests/docs/run`);
	return value;
}

export const NODE_URL = setting("NODE_URL");
export const DOCTOR = Number(setting("DOCTOR"));

const run = promisify(exec);
export const kill = () => run(setting("KILL"));
export const start = () => run(setting("START"));

/** Makes something happen: one event, in the block whose number is given. */
export async function happen(text: string): Promise<number> {
	const { stdout } = await run(`${setting("HAPPEN")} '${text}'`);
	return JSON.parse(stdout).block.number;
}

/** A client that is closed when the test ends. */
export function client(context: TestContext, url = NODE_URL, options: ClientOptions = {}): MedBlock {
	const made = new MedBlock(url, { WebSocket, ...options });
	context.after(() => made.close());
	return made;
}

/** A TCP relay before the node, whose connections can be cut, or stall. */
export class Relay {
	readonly #server = createServer((socket) => this.#accept(socket));
	readonly #sockets = new Set<Socket>();
	readonly #limit: number;
	/** How many connections there have been. */
	connections = 0;

	private constructor(limit: number) {
		this.#limit = limit;
	}

	/** Each connection is cut, wherever that is, once the node has sent `limit` bytes. */
	static async start(context: TestContext, limit = Infinity): Promise<Relay> {
		const relay = new Relay(limit);
		await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
		context.after(() => {
			relay.cut();
			relay.#server.close();
		});
		return relay;
	}

	get url(): string {
		return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Cuts all connections that there are. */
	cut(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	/** Nothing passes any more over the connections that there are, and nothing is closed. */
	stall(): void {
		for (const socket of this.#sockets) socket.pause();
	}

	#accept(near: Socket): void {
		const { host, hostname, port } = new URL(NODE_URL);
		const far = connect(Number(port), hostname);
		let left = this.#limit;
		this.connections += 1;
		// A node on loopback answers only who asks for it by its own address, as proxies do.
		near.once("data", (bytes) => {
			const request = bytes.toString("latin1").replace(/^Host: .*$/im, `Host: ${host}`);
			far.write(request, "latin1");
			near.on("data", (more) => far.write(more));
		});
		far.on("data", (bytes) => {
			const passes = bytes.subarray(0, left);
			left -= passes.length;
			if (left > 0) near.write(passes);
			else near.end(passes);
		});
		for (const [from, to] of [[near, far], [far, near]] as const) {
			this.#sockets.add(from);
			from.on("error", () => {});
			from.on("close", () => {
				this.#sockets.delete(from);
				to.destroy();
			});
		}
	}
}
