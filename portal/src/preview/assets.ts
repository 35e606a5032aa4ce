// Files of the portal that the PDF reader needs: the page fetches them, the frame only names them.
import type { FromFrame } from './messages';

const waiting = new Map<number, { resolve: (data: Uint8Array) => void; reject: (error: Error) => void }>();
let last = 0;

/** Asks the page for a file. */
export function askAsset(folder: string, name: string): Promise<Uint8Array> {
	last += 1;
	const id = last;
	return new Promise((resolve, reject) => {
		waiting.set(id, { resolve, reject });
		const message: FromFrame = { say: 'need', id, folder, name };
		parent.postMessage(message, '*');
	});
}

/** Takes the page's answer. */
export function answerAsset(id: number, data: ArrayBuffer | null): void {
	const asked = waiting.get(id);
	waiting.delete(id);
	if (data) asked?.resolve(new Uint8Array(data));
	else asked?.reject(new Error('the file is not there'));
}
