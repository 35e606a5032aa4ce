// What the page and the preview's frame say to each other, and the few files that the frame may ask for.
import type { Kind } from './sniff';

/** The frame's sentences; places such as `{n}` are filled in the frame. */
export type Labels = Record<string, string>;

/** What the page says to the frame. */
export type ToFrame =
	| { say: 'show'; kind: Kind; content: ArrayBuffer; labels: Labels; language: string; direction: 'ltr' | 'rtl' }
	| { say: 'asset'; id: number; data: ArrayBuffer | null };

/** What the frame says to the page. */
export type FromFrame =
	| { say: 'ready' }
	| { say: 'need'; id: number; folder: string; name: string }
	/** `height` is the content's, in pixels. */
	| { say: 'shown'; height: number }
	| { say: 'failed' };

// PDF decoders, character maps and fonts: static files of the portal, under `/preview/pdf/`.
const ASSETS: Record<string, RegExp> = {
	wasm: /^(openjpeg|jbig2)\.wasm$/,
	cmaps: /^[A-Za-z0-9-]{1,40}\.bcmap$/,
	fonts: /^[A-Za-z-]{1,40}\.(pfb|ttf)$/,
};

/** Whether the frame may have this file. */
export function isAsset(folder: unknown, name: unknown): boolean {
	return typeof folder === 'string' && typeof name === 'string' && (Object.hasOwn(ASSETS, folder) ? ASSETS[folder]?.test(name) === true : false);
}

/** Fetches it for the frame, which makes no request itself. */
export async function asset(folder: string, name: string): Promise<ArrayBuffer> {
	const answer = await fetch(`/preview/pdf/${folder}/${name}`, { credentials: 'omit' });
	if (!answer.ok) throw new Error(`${folder}/${name} is not there`);
	return answer.arrayBuffer();
}
