// Two of the 24 words are asked back, so that they are on paper.

/** Two different places of words, by chance, the lower one first. */
export function places(): [number, number] {
	const [one = 0, other = 1] = crypto.getRandomValues(new Uint32Array(2));
	const low = 1 + (one % 23);
	return [low, low + 1 + (other % (24 - low))];
}

/** Whether this is the word at the place. */
export function isAt(words: string[], place: number, typed: string): boolean {
	return typed.trim().toLowerCase() === words[place - 1];
}
