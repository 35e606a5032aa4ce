// Serves one folder's files on a port of this machine.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json",
	".txt": "text/plain; charset=utf-8",
	".wasm": "application/wasm",
};

/** The server, once it listens, on any port. */
export async function serve(folder) {
	const server = createServer(async ({ url }, answer) => {
		const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
		const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
		const found = await stat(file).then((of) => of.isFile(), () => false);
		if (!found) return answer.writeHead(404).end();
		const type = TYPES[extname(file)] ?? "application/octet-stream";
		answer.writeHead(200, { "content-type": type });
		createReadStream(file).pipe(answer);
	});
	await new Promise((listens) => server.listen(0, "127.0.0.1", listens));
	return server;
}
