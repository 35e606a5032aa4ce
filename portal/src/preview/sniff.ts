// What a file is, by its bytes alone.

/** What can be shown; everything else is for download only. */
export type Kind = 'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'pdf' | 'dicom' | 'fhir' | 'csv' | 'text';

/** The largest file that is shown: all of it lies in memory. */
export const LARGEST = 64 * 1024 * 1024;
/** The same on a public computer: browsers put larger ones on the disk, also if nothing is saved. */
export const IN_MEMORY = 4 * 1024 * 1024;
/** The longest text that is looked at. */
export const LONGEST_TEXT = 4 * 1024 * 1024;

function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
	if (bytes.length < at + text.length) return false;
	for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text.charCodeAt(index)) return false;
	return true;
}

/** The kind of a file; `null` for what is not shown. */
export function sniff(bytes: Uint8Array): Kind | null {
	if (startsWith(bytes, '\u0089PNG\r\n\u001a\n')) return 'png';
	if (startsWith(bytes, '\u00ff\u00d8\u00ff')) return 'jpeg';
	if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif';
	if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp';
	if (startsWith(bytes, 'ftyp', 4) && (startsWith(bytes, 'avif', 8) || startsWith(bytes, 'avis', 8))) return 'avif';
	if (startsWith(bytes, '%PDF-')) return 'pdf';
	if (startsWith(bytes, 'DICM', 128)) return 'dicom';
	return bytes.length === 0 ? null : textKind(bytes);
}

function textKind(bytes: Uint8Array): Kind | null {
	const text = decode(bytes.subarray(0, 65_536), bytes.length > 65_536);
	if (text === null) return null;
	const start = text.trimStart();
	// Markup is not rendered, and reads badly as text: a program that the person trusts shows it.
	if (/^<(!doctype|\?xml|html|svg|[a-z][\w:-]*[\s>])/i.test(start)) return null;
	if (/^[{[]/.test(start)) return /"resourceType"\s*:/.test(text) ? 'fhir' : 'text';
	if (/^\{\\rtf/.test(start)) return null;
	return looksLikeCsv(start) ? 'csv' : 'text';
}

/** The text, if it is UTF-8 without control characters. */
export function decode(bytes: Uint8Array, cut: boolean): string | null {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
		return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? null : text;
	} catch {
		return null;
	}
}

/** The character that separates a table's cells, if the first lines agree on one. */
export function separator(text: string): string | null {
	const lines = text.split(/\r?\n/, 6).filter((line) => line.trim() !== '').slice(0, 5);
	if (lines.length < 2) return null;
	for (const sign of ['\t', ';', ',']) {
		const counts = lines.map((line) => line.split(sign).length);
		const first = counts[0] ?? 0;
		if (first > 2 && counts.every((count) => count === first)) return sign;
	}
	return null;
}

function looksLikeCsv(text: string): boolean {
	return separator(text) !== null;
}
