// Builds the portal into one folder of static files. The same sources give the same bytes, wherever they lie.
//
// Usage: node build.mjs --output FOLDER --wasm FOLDER --consortium FILE [--modules FOLDER] [--entry FILE]
//        [--public FOLDER]
//
//   --output FOLDER    where to put it; an earlier build there is replaced, and any other folder refused
//   --wasm FOLDER      the package that scripts/build-web made
//   --consortium FILE  the chain's genesis, and two hospitals' addresses at least (src/api.ts, Consortium)
//   --modules FOLDER   the node_modules with what package-lock.json names [node_modules beside this file]
//   --entry FILE       what the page runs [src/main.ts]
//   --public FOLDER    files that are copied as they are; index.html among them names /app.js and /app.css [public]
//
// Scripts, styles, fonts and the WebAssembly are named by their digests, so that browsers may keep them for ever. Then
// manifest.json names every file but itself, with its SHA-256.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
	options: Object.fromEntries(
		["output", "wasm", "consortium", "modules", "entry", "public"].map((name) => [name, { type: "string" }]),
	),
});

function fail(sentence) {
	console.error(`error: ${sentence}`);
	process.exit(1);
}

for (const name of ["output", "wasm", "consortium"]) {
	if (!options[name]) fail(`--${name} is missing; the beginning of build.mjs says what it is`);
}
const output = resolve(options.output);
const wasm = resolve(options.wasm);
const modules = resolve(options.modules ?? join(HERE, "node_modules"));
const entry = resolve(options.entry ?? join(HERE, "src/main.ts"));
const publicFolder = resolve(options.public ?? join(HERE, "public"));
const require = createRequire(join(modules, "portal.cjs"));
const esbuild = require("esbuild");
const { compile, compileModule } = require("svelte/compiler");

const sha256 = (bytes, encoding) => createHash("sha256").update(bytes).digest(encoding);
const integrity = (bytes) => `sha256-${sha256(bytes, "base64")}`;

/** What was written, by its path in the folder. */
const written = new Map();

async function write(path, content) {
	const bytes = Buffer.from(content);
	const target = join(output, path);
	await mkdir(dirname(target), { recursive: true });
	await writeFile(target, bytes);
	written.set(path, bytes);
	return path;
}

/** Writes a file whose name has a part of its digest. */
const writeNamed = (folder, stem, extension, content) =>
	write(`${folder}/${stem}-${sha256(Buffer.from(content), "hex").slice(0, 16)}${extension}`, content);

// --- compiling ---------------------------------------------------------------------------------------------------

/** A path as every machine has it. */
const here = (path) => relative(HERE, path).split(sep).join("/");

/** Svelte's components and modules. Styles go into the style sheet, and nothing is made of HTML text. */
const svelte = {
	name: "svelte",
	setup(build) {
		const styles = new Map();
		build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
			const source = await readFile(path, "utf8");
			const filename = here(path);
			try {
				const { js, css, warnings } = compile(source, {
					filename, generate: "client", css: "external", fragments: "tree", dev: false, runes: true,
				});
				const style = css?.code ? `\nimport ${JSON.stringify(`style:${path}`)};` : "";
				if (style) styles.set(path, css.code);
				return { contents: js.code + style, loader: "js", resolveDir: dirname(path), warnings: warnings.map(told) };
			} catch (why) {
				return { errors: [told(why)] };
			}
		});
		build.onLoad({ filter: /\.svelte\.ts$/ }, async ({ path }) => {
			const source = await readFile(path, "utf8");
			const { code } = await esbuild.transform(source, { loader: "ts", target: "es2022" });
			const { js } = compileModule(code, { filename: here(path), generate: "client", dev: false });
			return { contents: js.code, loader: "js", resolveDir: dirname(path) };
		});
		build.onResolve({ filter: /^style:/ }, ({ path }) => ({ path: path.slice("style:".length), namespace: "style" }));
		build.onLoad({ filter: /.*/, namespace: "style" }, ({ path }) => ({
			contents: styles.get(path), loader: "css", resolveDir: dirname(path),
		}));
	},
};

function told({ message, filename, start }) {
	const location = start && { file: filename, line: start.line, column: start.column };
	return { text: message, location };
}

/** Bundles a script, and gives its text, its style sheet's, and what both name. */
async function bundle(from, { define = {}, format = "esm", folder }) {
	const { outputFiles } = await esbuild.build({
		entryPoints: [from],
		absWorkingDir: HERE,
		bundle: true,
		write: false,
		minify: true,
		format,
		target: "es2022",
		charset: "utf8",
		legalComments: "none",
		logLevel: "warning",
		outdir: join(output, folder),
		entryNames: "entry",
		assetNames: "[name]",
		loader: { ".woff2": "file", ".svg": "text" },
		conditions: ["svelte", "browser", "production"],
		mainFields: ["svelte", "browser", "module", "main"],
		nodePaths: [modules],
		alias: { "medblock-web": join(wasm, "medblock_web.js") },
		define: { "process.env.NODE_ENV": '"production"', ...define },
		plugins: [svelte],
	});
	const text = (extension) => outputFiles.find((file) => file.path.endsWith(`entry${extension}`))?.text;
	let [js, css] = [text(".js"), text(".css")];
	for (const { path, contents } of outputFiles) {
		if (basename(path).startsWith("entry.")) continue;
		const extension = extname(path);
		const named = await writeNamed(folder, basename(path, extension), extension, contents);
		for (const name of [`./${basename(path)}`, basename(path)]) {
			css = css?.replaceAll(name, basename(named));
			js = js?.replaceAll(name, basename(named));
		}
	}
	return { js, css };
}

// --- the folder --------------------------------------------------------------------------------------------------

/** The files below a folder, by their paths in it. Links and the like stand among them, and belong to no build. */
async function filesIn(folder) {
	const found = await readdir(folder, { recursive: true, withFileTypes: true });
	const path = (one) => relative(folder, join(one.parentPath ?? one.path, one.name)).split(sep).join("/");
	return found.filter((one) => !one.isDirectory()).map((one) => ({ path: path(one), isFile: one.isFile() }));
}

/** The paths that a manifest of this program's lists; none if it is another one. */
function listedIn(text) {
	try {
		const { files } = JSON.parse(text);
		const isDigest = (digest) => typeof digest === "string" && /^sha256-[A-Za-z0-9+/]{43}=$/.test(digest);
		return Object.values(files).every(isDigest) ? new Set([...Object.keys(files), "manifest.json"]) : new Set();
	} catch {
		return new Set();
	}
}

/** Removes an earlier build, and nothing else: a folder with anything that its manifest does not list is left alone. */
async function clear() {
	if (!existsSync(output)) return;
	const found = await filesIn(output);
	const manifest = await readFile(join(output, "manifest.json"), "utf8").catch(() => "");
	const listed = listedIn(manifest);
	const foreign = found.find(({ path, isFile }) => !isFile || !listed.has(path.replace(/\.(br|gz)$/, "")));
	if (foreign) fail(`${output} is neither empty nor an earlier build: it has ${foreign.path}. Nothing was removed`);
	await rm(output, { recursive: true });
}

await clear();

const code = await readFile(join(wasm, "medblock_web_bg.wasm"));
const codePath = await writeNamed("assets", "medblock", ".wasm", code);

const inWorker = { WASM: JSON.stringify(basename(codePath)), WASM_INTEGRITY: JSON.stringify(integrity(code)) };
const worker = await bundle(join(HERE, "src/worker.ts"), { define: inWorker, folder: "assets" });
const workerPath = await writeNamed("assets", "worker", ".js", worker.js);

const app = await bundle(entry, { define: { WORKER: JSON.stringify(workerPath) }, folder: "assets" });
const appPath = await writeNamed("assets", "app", ".js", app.js);
const stylePath = app.css && (await writeNamed("assets", "app", ".css", app.css));

/** Replaces the address of a script or a style sheet in a page, and adds its digest. */
function naming(html, address, path, digest) {
	const quoted = `"${address}"`;
	if (!path) {
		if (html.includes(quoted)) fail(`index.html names ${address}, and the page has none`);
		return html;
	}
	if (!html.includes(quoted)) fail(`the page has a ${address}, and no HTML names it`);
	const check = digest ? ` integrity="${integrity(written.get(path))}"` : "";
	return html.replaceAll(quoted, `"/${path}"${check}`);
}

for (const name of (await readdir(publicFolder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())) {
	const path = join(name.parentPath ?? name.path, name.name);
	const place = relative(publicFolder, path).split(sep).join("/");
	let content = await readFile(path);
	if (place === "index.html") {
		const named = naming(content.toString("utf8"), "/app.js", appPath, true);
		content = naming(named, "/app.css", stylePath, true);
	}
	await write(place, content);
}
if (!written.has("index.html")) fail(`${publicFolder} has no index.html`);

// The frame for previews has no origin, so that its scripts carry no digest: that would need CORS.
const frame = join(HERE, "src/preview/frame.ts");
if (!options.entry && existsSync(frame)) {
	const { js, css } = await bundle(frame, { format: "iife", folder: "preview" });
	const script = await writeNamed("preview", "frame", ".js", js);
	// Its styles may be a file of their own.
	const styles = css ?? (await readFile(join(HERE, "src/preview/frame.css"), "utf8"));
	const { code: minified } = await esbuild.transform(styles, { loader: "css", minify: true, charset: "utf8" });
	const sheet = await writeNamed("preview", "frame", ".css", minified);
	const html = await readFile(join(HERE, "src/preview/frame.html"), "utf8");
	await write("preview/frame.html", naming(naming(html, "/preview/frame.js", script), "/preview/frame.css", sheet));
	const pdf = dirname(require.resolve("pdfjs-dist/package.json"));
	for (const [from, to, wanted] of [
		["wasm", "wasm", /^(openjpeg|jbig2)\.wasm$/],
		["cmaps", "cmaps", /\.bcmap$/],
		["standard_fonts", "fonts", /\.(pfb|ttf)$/],
	]) {
		for (const name of (await readdir(join(pdf, from))).filter((one) => wanted.test(one))) {
			await write(`preview/pdf/${to}/${name}`, await readFile(join(pdf, from, name)));
		}
	}
}

const consortium = JSON.parse(await readFile(options.consortium, "utf8"));
if (!/^0x[0-9a-f]{64}$/.test(consortium.genesis)) fail("the consortium's genesis is not 0x and 64 hex digits");
if (!(consortium.hospitals?.length >= 2)) fail("the consortium names fewer than two hospitals");
await write("consortium.json", `${JSON.stringify(consortium, null, "\t")}\n`);

const files = Object.fromEntries([...written].sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, bytes]) => [path, integrity(bytes)]));
const manifest = `${JSON.stringify({ files }, null, "\t")}\n`;
await writeFile(join(output, "manifest.json"), manifest);

const compressed = (paths) => paths.reduce((sum, path) => sum + brotliCompressSync(written.get(path)).length, 0);
console.log(`portal: ${written.size} files, ${integrity(manifest)}`);
console.log(`portal: ${compressed([codePath])} bytes of WebAssembly and ${compressed([workerPath, appPath])} of scripts, by brotli`);
