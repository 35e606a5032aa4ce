// PDF by pdf.js, on this frame's own thread: without scripts, forms, annotations and links.
import { AnnotationMode, getDocument, VerbosityLevel, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { askAsset } from './assets';
import { element, label } from './parts';

const MOST_PAGES = 100;
const MOST_PIXELS = 12_000_000;
const FOLDERS: Record<string, string> = { wasmUrl: 'wasm', cMapUrl: 'cmaps', standardFontDataUrl: 'fonts' };

/** Gets decoders, character maps and fonts from the page, in place of requests. */
class FromPage {
	fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
		return askAsset(FOLDERS[kind] ?? '', filename);
	}
}

export async function showPdf(bytes: Uint8Array, place: HTMLElement): Promise<void> {
	const pdf = await getDocument({
		data: bytes,
		BinaryDataFactory: FromPage,
		useWorkerFetch: false,
		wasmUrl: 'wasm/',
		cMapUrl: 'cmaps/',
		standardFontDataUrl: 'fonts/',
		useSystemFonts: false,
		enableXfa: false,
		disableWorkerRendering: true,
		maxImageSize: 100_000_000,
		canvasMaxAreaInBytes: 4 * MOST_PIXELS * 4,
		verbosity: VerbosityLevel.ERRORS,
	}).promise;
	const total = Math.min(pdf.numPages, MOST_PAGES);
	const places = new Map<Element, number>();
	const watch = new IntersectionObserver(
		(seen) => {
			for (const each of seen) {
				const number = places.get(each.target);
				if (!each.isIntersecting || number === undefined) continue;
				places.delete(each.target);
				watch.unobserve(each.target);
				// A page that stays blank would be taken for an empty one.
				pdf.getPage(number).then((page) => draw(page, each.target)).catch(() => each.target.append(element('p', label('failed'))));
			}
		},
		{ rootMargin: '100% 0px' },
	);
	const first = await pdf.getPage(1);
	const shape = first.getViewport({ scale: 1 });
	for (let number = 1; number <= total; number += 1) {
		const page = element('section', undefined, 'page');
		page.setAttribute('aria-label', label('page', { n: number, total: pdf.numPages }));
		const canvas = element('canvas');
		// The first page's shape keeps the place of those that are not drawn yet.
		canvas.width = Math.ceil(shape.width);
		canvas.height = Math.ceil(shape.height);
		// A canvas inherits the direction, and draws its letters by it.
		canvas.dir = 'ltr';
		page.append(canvas, element('p', label('page', { n: number, total: pdf.numPages })));
		place.append(page);
		if (number === 1) await draw(first, page);
		else {
			places.set(page, number);
			watch.observe(page);
		}
	}
	if (pdf.numPages > total) place.append(element('p', label('morePages', { n: total }), 'soft'));
}

async function draw(page: PDFPageProxy, place: Element): Promise<void> {
	const canvas = place.querySelector('canvas');
	if (!canvas) return;
	const plain = page.getViewport({ scale: 1 });
	const wanted = (Math.max(320, place.clientWidth) / plain.width) * Math.min(2, devicePixelRatio || 1);
	const most = Math.sqrt(MOST_PIXELS / (plain.width * plain.height));
	const viewport = page.getViewport({ scale: Math.min(wanted, most) });
	canvas.width = Math.max(1, Math.floor(viewport.width));
	canvas.height = Math.max(1, Math.floor(viewport.height));
	await page.render({ canvas, viewport, annotationMode: AnnotationMode.DISABLE }).promise;
	// For those who hear the page: the words, in the order of the file.
	const content = await page.getTextContent();
	const words = content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
	canvas.setAttribute('aria-hidden', 'true');
	place.append(element('div', words, 'unseen'));
	page.cleanup();
}
