// What the measurements of volume.test.mjs have in common: large files, memory, time, a slow line.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { once } from "node:events";

export const MIB = 2 ** 20;

/** A file of random bytes, which nothing can pack; gives its SHA-256. */
export async function randomFile(path, mebibytes) {
	const file = createWriteStream(path);
	const digest = createHash("sha256");
	for (let written = 0; written < mebibytes; written += 1) {
		const piece = randomBytes(MIB);
		digest.update(piece);
		if (!file.write(piece)) await once(file, "drain");
	}
	file.end();
	await once(file, "finish");
	return digest.digest("hex");
}

export async function digestOf(path) {
	const digest = createHash("sha256");
	for await (const piece of createReadStream(path)) digest.update(piece);
	return digest.digest("hex");
}

/** Milliseconds that something takes. */
export async function time(does) {
	const started = performance.now();
	await does();
	return performance.now() - started;
}

export const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(1)} s`;
export const speed = (mebibytes, milliseconds) => `${(mebibytes / (milliseconds / 1_000)).toFixed(1)} MiB/s`;

/** What the processes of each kind needed, in words. */
export const inWords = (sums) => Object.entries(sums).map(([type, mebibytes]) => `${type} ${Math.round(mebibytes)} MiB`).join(", ");

/** The memory of a browser's processes, as the system counts it. */
export class Memory {
	#devtools;

	/** By a connection to the browser's own protocol. */
	constructor(devtools) {
		this.#devtools = devtools;
	}

	/** Forgets what the processes needed at most until now. */
	async forgets() {
		for (const { id } of await this.#processes()) await writeFile(`/proc/${id}/clear_refs`, "5").catch(() => {});
	}

	/** The most that the processes of each kind needed since then, together, in MiB. */
	async most() {
		const sums = {};
		for (const { id, type } of await this.#processes()) {
			const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
			sums[type] = (sums[type] ?? 0) + Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024;
		}
		return sums;
	}

	async #processes() {
		return (await this.#devtools.send("SystemInfo.getProcessInfo")).processInfo;
	}
}

/** A slow mobile line: 1.6 Mbit a second down, half of that up, and 150 ms each way and back. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 800_000 / 8 };

/** Puts a page and its Workers behind a slow line, before they are loaded. */
export async function slowDown({ context, page }) {
	const devtools = await context.newCDPSession(page);
	await devtools.send("Network.enable");
	await devtools.send("Network.emulateNetworkConditions", SLOW);
	let number = 0;
	devtools.on("Target.attachedToTarget", ({ sessionId }) => {
		for (const [method, params] of [["Network.enable", {}], ["Network.emulateNetworkConditions", SLOW], ["Runtime.runIfWaitingForDebugger", {}]]) {
			number += 1;
			devtools.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: number, method, params }) }).catch(() => {});
		}
	});
	await devtools.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
}
