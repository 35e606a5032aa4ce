/** Gives bytes to the person as a file, under a name that can't be a path and can't disguise its ending. */
export function save(content: Blob, name: string): void {
	const clean = name.replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_').slice(-120) || 'file';
	// The type keeps browsers from opening it as a page of this origin.
	const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = clean;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 30_000);
}
