// The preview's frame. It gets bytes and shows them; it has no origin, no keys, and makes no request.
import { showDicom } from './dicom';
import { showFhir } from './fhir';
import { showImage } from './image';
import type { FromFrame, ToFrame } from './messages';
import { showPdf } from './pdf';
import { answerAsset } from './assets';
import { element, setLabels } from './parts';
import { showCsv, showText } from './text';
import { refuseDrops } from '../ui/drops';
import type { Kind } from './sniff';

const SHOWERS: Record<Kind, (bytes: Uint8Array<ArrayBuffer>, place: HTMLElement) => void | Promise<void>> = {
	png: showImage,
	jpeg: showImage,
	gif: showImage,
	webp: showImage,
	avif: showImage,
	pdf: showPdf,
	dicom: showDicom,
	fhir: showFhir,
	csv: showCsv,
	text: showText,
};

function tell(message: FromFrame): void {
	parent.postMessage(message, '*');
}

let shown = false;

addEventListener('message', (event) => {
	if (event.source !== parent) return;
	const message = event.data as ToFrame;
	if (message.say === 'asset') answerAsset(message.id, message.data);
	// One frame shows one file.
	else if (message.say === 'show' && !shown) {
		shown = true;
		void show(message);
	}
});

async function show(message: ToFrame & { say: 'show' }): Promise<void> {
	document.documentElement.lang = message.language;
	document.documentElement.dir = message.direction;
	setLabels(message.labels);
	const place = document.getElementById('content') ?? document.body.appendChild(element('main'));
	try {
		await SHOWERS[message.kind](new Uint8Array(message.content), place);
		tell({ say: 'shown', height: heightOf(place) });
	} catch {
		tell({ say: 'failed' });
	}
}

/** The height of what is shown; the place itself is at least as high as the frame. */
function heightOf(place: HTMLElement): number {
	const end = place.lastElementChild?.getBoundingClientRect().bottom ?? 0;
	return Math.ceil(end + scrollY + parseFloat(getComputedStyle(place).paddingBlockEnd));
}

refuseDrops();
tell({ say: 'ready' });
