// Short news that pass by: what was done, and what goes on elsewhere.
let all = $state.raw<{ id: number; text: string }[]>([]);
let last = 0;

export function toasts(): readonly { id: number; text: string }[] {
	return all;
}

/** Says something for as long as it takes to read it. */
export function say(text: string): void {
	last += 1;
	const id = last;
	all = [...all.filter((toast) => toast.text !== text), { id, text }];
	setTimeout(() => dismiss(id), 6_000 + text.length * 60);
}

/** Ends all of it: it may name people. */
export function dismissAll(): void {
	all = [];
}

export function dismiss(id: number): void {
	all = all.filter((toast) => toast.id !== id);
}
