// The code that a doctor has just shown, on the way from the scanner to the doctor's page.
import { portal } from '../../ui/portal.svelte';

let shown: { doctor: number; keyDigest: string } | null = null;

export function keepShown(doctor: number, keyDigest: string): void {
	shown = { doctor, keyDigest };
}

/** Takes the digest of this doctor's code, once. */
export function takeShown(doctor: number): string | null {
	const digest = shown?.doctor === doctor ? shown.keyDigest : null;
	shown = null;
	return digest;
}

portal.on('locked', () => {
	shown = null;
});
