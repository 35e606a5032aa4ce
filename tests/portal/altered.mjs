// A server that changes what a gateway serves: it passes everything on, but for one file.
import { createServer, request } from "node:http";
import { FOREIGN, GATEWAYS } from "./places.mjs";

export const ALTERED = `http://localhost:${FOREIGN}`;

export class Altered {
	#change = () => null;
	#server;

	static async start() {
		const altered = new Altered();
		altered.#server = createServer((asked, answer) => altered.#pass(asked, answer));
		await new Promise((listens) => altered.#server.listen(FOREIGN, "127.0.0.1", listens));
		return altered;
	}

	/** Changes files whose path fits from now on: `change` gets their bytes, and gives others. */
	changes(path, change) {
		this.#change = (asked) => (path.test(asked) ? change : null);
	}

	close() {
		this.#server.close();
		this.#server.closeAllConnections();
	}

	#pass({ method, url, headers }, answer) {
		const change = this.#change(url);
		// A change is made in plain bytes, and of all of them.
		const { "accept-encoding": _encodings, "if-none-match": _known, ...plain } = headers;
		const passed = request({ host: "127.0.0.1", port: GATEWAYS[0], method, path: url, headers: change ? plain : headers }, (told) => {
			if (!change) {
				answer.writeHead(told.statusCode, told.headers);
				return told.pipe(answer);
			}
			const parts = [];
			told.on("data", (part) => parts.push(part)).on("end", () => {
				const content = change(Buffer.concat(parts));
				const { etag: _tag, ...kept } = told.headers;
				// Files are named by their digests, and browsers keep them: not this one.
				answer.writeHead(told.statusCode, { ...kept, "content-length": content.length, "cache-control": "no-store" }).end(content);
			});
		});
		passed.on("error", () => answer.destroy());
		passed.end();
	}
}

/** The same bytes, but for one bit in the middle. */
export function flipped(content) {
	const other = Buffer.from(content);
	other[other.length >> 1] ^= 1;
	return other;
}
