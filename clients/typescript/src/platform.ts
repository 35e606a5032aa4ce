// What this package needs of its platform. Browsers and Node from version 22 on have all of it; older
// ones are given a WebSocket.

/** As much of a WebSocket as is used here; a browser's fits, and that of the package `ws`. */
export interface WebSocketLike {
	onopen: ((event: any) => void) | null;
	onmessage: ((event: any) => void) | null;
	onerror: ((event: any) => void) | null;
	onclose: ((event: any) => void) | null;
	send(data: string): void;
	close(): void;
}

/** A class of WebSockets. */
export type WebSocketClass = new (url: string) => WebSocketLike;

/** As much of `fetch` as is used here. */
export type Fetch = (
	url: string,
	request: { method: string; headers: { [name: string]: string }; body: string; signal: AbortSignal },
) => Promise<{ ok: boolean; status: number; text(): Promise<string> }>;

/** The platform's own WebSocket. */
export function platformWebSocket(): WebSocketClass {
	const found = (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
	if (!found) {
		throw new TypeError("this platform has no WebSocket: give one as the option `WebSocket`");
	}
	return found;
}

/** Waits, but no longer than until `signal` says to stop: throws its reason then. */
export function within<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return work;
	return new Promise((resolve, reject) => {
		const stop = () => reject(signal.reason);
		if (signal.aborted) stop();
		signal.addEventListener("abort", stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
	});
}

/** Waits for a time, or throws the reason of `signal`. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const waiting = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	try {
		await within(waiting, signal);
	} finally {
		clearTimeout(timer);
	}
}
