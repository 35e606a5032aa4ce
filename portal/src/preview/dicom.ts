// DICOM: what the header says, and one picture if its pixels lie there plainly. Never for diagnosis.
import { parseDicom, type DataSet } from 'dicom-parser';
import { element, label, table } from './parts';

// Group 2 and all groups up to the pixels; dates and names as the standard has them.
const FACTS: [string, string][] = [
	['dicom.patient', 'x00100010'],
	['dicom.birth', 'x00100030'],
	['dicom.study', 'x00081030'],
	['dicom.series', 'x0008103e'],
	['dicom.date', 'x00080020'],
	['dicom.modality', 'x00080060'],
	['dicom.body', 'x00180015'],
	['dicom.place', 'x00080080'],
	['dicom.device', 'x00081090'],
];
const DEFLATED = '1.2.840.10008.1.2.1.99';
const PLAIN = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];
const MOST_PIXELS = 40_000_000;

export function showDicom(bytes: Uint8Array, place: HTMLElement): void {
	// A deflated file could unpack to any size.
	const meta = parseDicom(bytes, { untilTag: 'x00020010' });
	if (meta.string('x00020010') === DEFLATED) throw new Error('deflated');
	const data = parseDicom(bytes);
	place.append(element('p', label('diagnosis'), 'stamp'));
	const picture = draw(data, bytes);
	if (picture) place.append(picture);
	else place.append(element('p', label('noPixels'), 'soft'));
	place.append(element('h2', label('dicom')));
	const rows = FACTS.map(([key, tag]) => [label(key), readable(tag, data.string(tag) ?? '')]).filter((row) => row[1] !== '');
	const width = data.uint16('x00280011');
	const height = data.uint16('x00280010');
	if (width && height) rows.push([label('dicom.size'), `${width} × ${height}`]);
	const frames = data.string('x00280008');
	if (frames) rows.push([label('dicom.frames'), frames]);
	rows.push([label('dicom.syntax'), data.string('x00020010') ?? '']);
	place.append(table([], rows));
}

function readable(tag: string, text: string): string {
	if (tag === 'x00100010') return text.replace(/\^+/g, ' ').trim();
	return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text.trim();
}

/** The first frame, if it is uncompressed, little-endian and grey. */
function draw(data: DataSet, bytes: Uint8Array): HTMLElement | null {
	const width = data.uint16('x00280011') ?? 0;
	const height = data.uint16('x00280010') ?? 0;
	const bits = data.uint16('x00280100') ?? 0;
	const photometric = (data.string('x00280004') ?? '').trim();
	const pixels = data.elements['x7fe00010'];
	const size = width * height;
	if (!PLAIN.includes(data.string('x00020010') ?? '') || !photometric.startsWith('MONOCHROME') || !pixels || (bits !== 8 && bits !== 16)) return null;
	if (size === 0 || size > MOST_PIXELS || pixels.length < size * (bits / 8)) return null;
	const signed = data.uint16('x00280103') === 1;
	const view = new DataView(bytes.buffer, bytes.byteOffset + pixels.dataOffset, size * (bits / 8));
	const read = (at: number) => (bits === 8 ? view.getUint8(at) : signed ? view.getInt16(at * 2, true) : view.getUint16(at * 2, true));
	let low = Infinity;
	let high = -Infinity;
	for (let at = 0; at < size; at += 1) {
		const value = read(at);
		if (value < low) low = value;
		if (value > high) high = value;
	}
	const slope = data.floatString('x00281053') || 1;
	const intercept = data.floatString('x00281052') ?? 0;
	const centre = data.floatString('x00281050');
	const span = data.floatString('x00281051');
	if (centre !== undefined && span !== undefined && span > 1) {
		low = (centre - span / 2 - intercept) / slope;
		high = (centre + span / 2 - intercept) / slope;
	}
	const turn = photometric === 'MONOCHROME1';
	const canvas = element('canvas');
	canvas.width = width;
	canvas.height = height;
	const context = canvas.getContext('2d');
	if (!context) return null;
	const image = context.createImageData(width, height);
	const scale = 255 / Math.max(1, high - low);
	for (let at = 0; at < size; at += 1) {
		const grey = Math.max(0, Math.min(255, (read(at) - low) * scale));
		image.data.fill(turn ? 255 - grey : grey, at * 4, at * 4 + 3);
		image.data[at * 4 + 3] = 255;
	}
	context.putImageData(image, 0, 0);
	canvas.setAttribute('role', 'img');
	canvas.setAttribute('aria-label', `${label('image', { width, height })}. ${label('diagnosis')}`);
	return canvas;
}
