// A zip file of files that are kept as they are (PKWARE's APPNOTE 6.3.10): method 0, names in UTF-8.
import { trouble } from "./problem.ts";

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	let rest = byte;
	for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
	return rest;
});
/** The longest zip file without the extensions for longer ones, and the most files. */
const LONGEST = 0xffff_ffff;
const MOST = 0xffff;
const UTF_8 = 0x0800;
/** 1 January 1980, as zip files count. */
const NO_DATE = 0x0021;
const PIECE = 8 * 2 ** 20;

/** CRC-32 of a file's content (ISO 3309). */
async function checksum(content: Blob): Promise<number> {
	let sum = 0xffff_ffff;
	for (let at = 0; at < content.size; at += PIECE) {
		const bytes = new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer());
		for (const byte of bytes) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] ?? 0);
	}
	return (sum ^ 0xffff_ffff) >>> 0;
}

/** A header: numbers of two or four bytes, the lowest byte first. */
function header(...fields: [bytes: 2 | 4, value: number][]): Uint8Array<ArrayBuffer> {
	const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
	let at = 0;
	for (const [bytes, value] of fields) {
		if (bytes === 2) view.setUint16(at, value, true);
		else view.setUint32(at, value, true);
		at += bytes;
	}
	return new Uint8Array(view.buffer);
}

/** Makes a zip file, one file after another. */
export class Zip {
	readonly #parts: BlobPart[] = [];
	readonly #entries: BlobPart[] = [];
	#length = 0;
	#directory = 0;
	#count = 0;

	/** Adds a file under a name that is not there yet. */
	async add(name: string, content: Blob): Promise<void> {
		const encoded = new TextEncoder().encode(name);
		const sum = await checksum(content);
		const common: [2 | 4, number][] = [
			[2, 20], [2, UTF_8], [2, 0], [2, 0], [2, NO_DATE],
			[4, sum], [4, content.size], [4, content.size], [2, encoded.length], [2, 0],
		];
		const local = header([4, 0x0403_4b50], ...common);
		const entry = header([4, 0x0201_4b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, this.#length]);
		this.#parts.push(local, encoded, content);
		this.#entries.push(entry, encoded);
		this.#length += local.length + encoded.length + content.size;
		this.#directory += entry.length + encoded.length;
		this.#count += 1;
		if (this.#length + this.#directory > LONGEST || this.#count > MOST) {
			throw trouble("zip-too-large");
		}
	}

	/** The file. */
	finish(): Blob {
		const end = header(
			[4, 0x0605_4b50], [2, 0], [2, 0], [2, this.#count], [2, this.#count],
			[4, this.#directory], [4, this.#length], [2, 0],
		);
		return new Blob([...this.#parts, ...this.#entries, end], { type: "application/zip" });
	}
}
