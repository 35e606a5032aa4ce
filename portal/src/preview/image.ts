// Pictures: their size is read before anything is decoded, since a small file can claim a huge picture.
import { element, label } from './parts';

const MOST_PIXELS = 100_000_000;
const SIDE = 2_400;

export async function showImage(bytes: Uint8Array<ArrayBuffer>, place: HTMLElement): Promise<void> {
	const size = dimensions(bytes);
	if (!size || size.width < 1 || size.height < 1 || size.width * size.height > MOST_PIXELS) throw new Error('no picture to be shown');
	const scale = Math.min(1, SIDE / Math.max(size.width, size.height));
	const whole = new Blob([bytes]);
	const bitmap = await (scale < 1
		? createImageBitmap(whole, size.width >= size.height ? { resizeWidth: SIDE, resizeQuality: 'high' } : { resizeHeight: SIDE, resizeQuality: 'high' })
		: createImageBitmap(whole));
	const canvas = element('canvas');
	canvas.width = bitmap.width;
	canvas.height = bitmap.height;
	canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
	bitmap.close();
	canvas.setAttribute('role', 'img');
	canvas.setAttribute('aria-label', label('image', { width: size.width, height: size.height }));
	place.append(canvas);
}

interface Size {
	width: number;
	height: number;
}

/** The size that a picture claims; `null` if it can't be found. */
export function dimensions(bytes: Uint8Array): Size | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
		if (view.getUint32(0) === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
		if (view.getUint16(0) === 0xffd8) return jpeg(view);
		if (view.getUint32(0) === 0x52494646) return webp(view);
		return avif(view);
	} catch {
		// A RangeError: the file ends before its own header does.
		return null;
	}
}

function jpeg(view: DataView): Size | null {
	let at = 2;
	for (let markers = 0; markers < 10_000; markers += 1) {
		while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at += 1;
		if (view.getUint8(at) !== 0xff) return null;
		const marker = view.getUint8(at + 1);
		const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
		if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
		at += 2 + view.getUint16(at + 2);
	}
	return null;
}

function webp(view: DataView): Size | null {
	const chunk = view.getUint32(12);
	if (chunk === 0x56503858) {
		const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
		return { width: three(24) + 1, height: three(27) + 1 };
	}
	if (chunk === 0x5650384c) {
		const bits = view.getUint32(21, true);
		return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	}
	if (chunk === 0x56503820) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
	return null;
}

// The largest `ispe` property: the picture's own, or that of a larger part.
function avif(view: DataView): Size | null {
	let found: Size | null = null;
	const end = Math.min(view.byteLength - 16, 65_536);
	for (let at = 0; at < end; at += 1) {
		if (view.getUint32(at) !== 0x69737065) continue;
		const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
		if (!found || size.width * size.height > found.width * found.height) found = size;
	}
	return found;
}
