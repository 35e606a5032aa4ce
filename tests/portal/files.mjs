// Small files as patients have them: a PDF with a line of text, a picture with a remark in it.
import { deflateSync } from "node:zlib";

/** A page with these lines, which stand in the file as they are. The first one is a heading. */
export function pdf([heading, ...lines]) {
	const text = lines.map((line) => `(${line}) '`).join("\n");
	return pageOf(`BT /F1 22 Tf 60 760 Td (${heading}) Tj /F1 13 Tf 22 TL 0 -18 Td\n${text} ET`);
}

/**
 * A page with this content, one byte a letter. `filter` says how it is packed; `catalog` and `page` are put into the
 * file's and the page's own entries, and `more` are further objects, from the sixth on.
 */
export function pageOf(content, { filter = "", catalog = "", page = "", more = [] } = {}) {
	const objects = [
		`<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ${page} >>`,
		`<< /Length ${content.length} ${filter} >>\nstream\n${content}\nendstream`,
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		...more,
	];
	let file = "%PDF-1.4\n";
	const places = objects.map((object, index) => {
		const place = file.length;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return String(place).padStart(10, "0");
	});
	const start = file.length;
	file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${place} 00000 n \n`).join("")}`;
	file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
	return Buffer.from(file, "latin1");
}

/** A picture of this many pixels with soft colours, and a remark that programs read. */
export function png(width, height, remark) {
	const lines = Buffer.alloc(height * (1 + width * 3));
	for (let y = 0; y < height; y += 1) {
		for (let x = 0; x < width; x += 1) {
			const distance = Math.hypot(x - width / 2, (y - height / 2) * 1.4) / width;
			lines.set([225 - distance * 90, 170 + distance * 30, 150 + distance * 60], y * (1 + width * 3) + 1 + x * 3);
		}
	}
	// Eight bits for each of red, green and blue.
	return packed({ width, height, depth: 8, colours: 2 }, deflateSync(lines), remark);
}

/** A PNG of this shape, whose lines are packed already. */
export function packed({ width, height, depth, colours }, lines, remark = "") {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([depth, colours, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk("IHDR", header),
		chunk("tEXt", Buffer.from(`Comment\0${remark}`, "latin1")),
		chunk("IDAT", lines),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

function chunk(type, data) {
	const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(checksum(typed), 4);
	return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

/** The CRC-32 of PNG. */
function checksum(bytes) {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return (crc ^ 0xffffffff) >>> 0;
}
