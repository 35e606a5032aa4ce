/** Whether a text looks like an account's address. The chain's own check comes with the transaction. */
export function isAddress(text: string): boolean {
	return /^[1-9A-HJ-NP-Za-km-z]{46,50}$/.test(text.trim());
}
