// Planted words, and the places where they must not be.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The ways in which a word may stand in bytes: as text of two kinds, in hex, in base64 from any byte on. */
function forms(word) {
	const plain = Buffer.from(word);
	const base64 = [0, 1, 2].map((before) => {
		const padded = Buffer.concat([Buffer.alloc(before), plain]).toString("base64").replace(/=+$/, "");
		// What neighbours of the word decide is left out.
		return padded.slice(before === 0 ? 0 : before + 1, -2);
	});
	return [plain, Buffer.from(word, "utf16le"), Buffer.from(plain.toString("hex")), ...base64.map((text) => Buffer.from(text))];
}

export class Canaries {
	#forms;

	constructor(words) {
		this.#forms = words.map((word) => [word, forms(word)]);
	}

	/** The words that stand in these bytes, or in this text. */
	in(content) {
		const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
		return this.#forms.filter(([, forms]) => forms.some((form) => bytes.includes(form))).map(([word]) => word);
	}

	/** The files below a folder that have one of the words, and the number of files that were read. */
	async inFolder(folder) {
		const found = [];
		const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
		for (const one of files) {
			const path = join(one.parentPath ?? one.path, one.name);
			// A running node deletes files of its own.
			const content = await readFile(path).catch(() => Buffer.alloc(0));
			for (const word of this.in(content)) found.push(`${path}: ${word}`);
		}
		return { found, files: files.length };
	}
}

/** All that a page's origin keeps in its browser, as text: runs in the page. */
export async function kept() {
	const bytes = (value) => {
		if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
		if (ArrayBuffer.isView(value)) return new TextDecoder("latin1").decode(value);
		if (value && typeof value === "object") return Object.entries(value).map(([name, inner]) => `${name}: ${bytes(inner)}`).join("\n");
		return String(value);
	};
	const answer = (request) => new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
	const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
	for (const { name } of await indexedDB.databases()) {
		const database = await answer(indexedDB.open(name));
		for (const store of database.objectStoreNames) {
			const all = database.transaction(store).objectStore(store);
			found.push(bytes(await answer(all.getAllKeys())), bytes(await answer(all.getAll())));
		}
		database.close();
	}
	const walk = async (folder) => {
		for await (const [name, entry] of folder.entries()) {
			found.push(name);
			if (entry.kind === "directory") await walk(entry);
			else found.push(bytes(await (await entry.getFile()).arrayBuffer()));
		}
	};
	await walk(await navigator.storage.getDirectory());
	for (const name of await caches.keys()) found.push(`cache ${name}`);
	for (const { active } of await navigator.serviceWorker.getRegistrations()) found.push(`service worker ${active?.scriptURL}`);
	return found.join("\n");
}
