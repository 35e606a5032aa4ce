// Short news that pass by: what was done, and what goes on elsewhere.
let all = $state.raw<{ id: number; text: string }[]>([]);
let last = 0;

export function toasts(): readonly { id: number; text: string }[] {
	return all;
}

/** Says something for as long as it takes to read it, or for so long; gives its number, by which it can be dismissed. */
export function say(text: string, milliseconds = 6_000 + text.length * 60): number {
	last += 1;
	const id = last;
	all = [...all.filter((toast) => toast.text !== text), { id, text }];
	setTimeout(() => dismiss(id), milliseconds);
	return id;
}

/** Ends all of it: it may name people. */
export function dismissAll(): void {
	all = [];
}

export function dismiss(id: number): void {
	all = all.filter((toast) => toast.id !== id);
}
