// Whether the keys j and k walk through a chart. People who speak to their computer, or hit keys by chance, can turn them off
// (WCAG 2.2, 2.1.4).
const STORED = 'medblock.letter-keys';

let on = $state(kept());

function kept(): boolean {
	try {
		return localStorage.getItem(STORED) !== 'off';
	} catch {
		return true;
	}
}

/** Whether they do. */
export function lettersWalk(): boolean {
	return on;
}

/** Turns them on or off, and keeps the choice in this browser. */
export function letLettersWalk(walk: boolean): void {
	on = walk;
	try {
		if (walk) localStorage.removeItem(STORED);
		else localStorage.setItem(STORED, 'off');
	} catch {
		// Without storage the choice holds until the tab closes.
	}
}
