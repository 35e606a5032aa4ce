// Serves one folder's files on a port of this machine, and a vault behind the same address.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
	".wasm": "application/wasm",
};

/** Passes a request on to the vault, and its answer back. */
function pass(vault, asked, answer) {
	const { method, url, headers } = asked;
	const passed = request(new URL(url, vault), { method, headers }, (told) => {
		answer.writeHead(told.statusCode, told.headers);
		told.pipe(answer);
	});
	passed.on("error", () => answer.headersSent ? answer.destroy() : answer.writeHead(502).end());
	asked.pipe(passed);
}

/**
 * The server, once it listens: on any port if none is given. What is below /v1/ is the vault's, if there is one.
 * `headers` go with every file.
 */
export async function serve(folder, { port = 0, vault, headers = {} } = {}) {
	const server = createServer(async (asked, answer) => {
		const path = normalize(decodeURIComponent(new URL(asked.url, "http://localhost").pathname));
		if (vault && path.startsWith("/v1/")) return pass(vault, asked, answer);
		const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
		const found = await stat(file).then((of) => of.isFile(), () => false);
		if (!found) return answer.writeHead(404).end();
		const type = TYPES[extname(file)] ?? "application/octet-stream";
		answer.writeHead(200, { "content-type": type, ...headers });
		createReadStream(file).pipe(answer);
	});
	await new Promise((listens) => server.listen(port, "127.0.0.1", listens));
	return server;
}
