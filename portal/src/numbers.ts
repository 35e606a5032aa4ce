// The numbers by which the chain knows people, hospitals and records: whole ones of 32 bits.

const HIGHEST = 2 ** 32 - 1;

/**
 * The number that a text is, from an address, a code or a field; `null` if it is none. A higher one would be cut to 32 bits on
 * its way to the chain, and be another person's.
 */
export function numberOf(text: string | null | undefined): number | null {
	if (!/^\d{1,10}$/.test(text ?? '')) return null;
	const number = Number(text);
	return number <= HIGHEST ? number : null;
}
