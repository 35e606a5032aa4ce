import { ConnectionError, refusal } from "./errors.js";
import { type WebSocketClass, type WebSocketLike, within } from "./platform.js";
import { Subscription } from "./subscription.js";

interface Waiting {
	done(result: unknown): void;
	failed(why: Error): void;
}

/** One WebSocket, over which any number of requests and subscriptions go. It is never opened again. */
export class Connection {
	readonly #socket: WebSocketLike;
	readonly #url: string;
	readonly #timeout: number;
	readonly #waiting = new Map<number, Waiting>();
	readonly #subscriptions = new Map<string, Subscription>();
	readonly #watch: ReturnType<typeof setInterval>;
	#lastId = 0;
	#heard = Date.now();
	#lost: ConnectionError | undefined;

	private constructor(socket: WebSocketLike, url: string, timeout: number) {
		this.#socket = socket;
		this.#url = url;
		this.#timeout = timeout;
		socket.onmessage = ({ data }) => this.#receive(data);
		socket.onerror = () => {};
		socket.onclose = () => this.#lose("the connection was lost");
		this.#watch = setInterval(() => this.#checkAlive(), timeout / 2);
	}

	/** Opens a WebSocket; `timeout` is how long the other end may stay silent, in milliseconds. */
	static open(url: string, WebSocket: WebSocketClass, timeout: number): Promise<Connection> {
		return new Promise((resolve, reject) => {
			const socket = new WebSocket(url);
			const fail = (why: string) => {
				clearTimeout(limit);
				// Before it is closed: what was never open then fails once more, at once or later. Something
				// has to listen to that, or Node ends.
				socket.onopen = socket.onclose = null;
				socket.onerror = () => {};
				socket.close();
				reject(new ConnectionError(`${url}: ${why}`));
			};
			const limit = setTimeout(() => fail(`no connection within ${timeout} ms`), timeout);
			socket.onerror = ({ message }) => fail(message || "cannot connect");
			socket.onclose = () => fail("cannot connect");
			socket.onopen = () => {
				clearTimeout(limit);
				resolve(new Connection(socket, url, timeout));
			};
		});
	}

	/** Whether requests can still be answered. */
	get isOpen(): boolean {
		return this.#lost === undefined;
	}

	/** Asks for something. */
	request(method: string, params: object, signal?: AbortSignal): Promise<unknown> {
		return this.#send(method, params, signal, (result) => result);
	}

	/** Begins a subscription. */
	async subscribe(
		method: string,
		unsubscribe: string,
		params: object,
		signal?: AbortSignal,
	): Promise<Subscription> {
		const sent = this.#send(method, params, undefined, (id) => {
			const end = () => this.#endSubscription(id as string, unsubscribe);
			const subscription = new Subscription(end);
			// At once: the first notification may have come together with the answer.
			this.#subscriptions.set(id as string, subscription);
			return subscription;
		});
		try {
			return await within(sent, signal);
		} catch (why) {
			// Nobody is there any more for what was begun, or may be begun later.
			sent.then((subscription) => subscription.end(), () => {});
			if (why instanceof ConnectionError) this.#lose("it did not begin a subscription in time");
			throw why;
		}
	}

	/** Ends everything that goes over it. */
	close(): void {
		this.#lose("the client was closed");
	}

	async #send<T>(
		method: string,
		params: object,
		signal: AbortSignal | undefined,
		receive: (result: unknown) => T,
	): Promise<T> {
		signal?.throwIfAborted();
		if (this.#lost) throw this.#lost;
		const id = ++this.#lastId;
		let limit: ReturnType<typeof setTimeout> | undefined;
		const answer = new Promise<T>((resolve, reject) => {
			this.#waiting.set(id, { done: (result) => resolve(receive(result)), failed: reject });
			limit = setTimeout(() => {
				reject(new ConnectionError(`${this.#url}: no answer within ${this.#timeout} ms`));
			}, this.#timeout);
		});
		try {
			this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
			return await within(answer, signal);
		} finally {
			clearTimeout(limit);
			this.#waiting.delete(id);
		}
	}

	#receive(data: unknown): void {
		this.#heard = Date.now();
		let message;
		try {
			message = JSON.parse(String(data));
		} catch {
			return this.#lose("the other end does not speak JSON-RPC");
		}
		const waiting = this.#waiting.get(message.id);
		if (waiting) {
			if (message.error) waiting.failed(refusal(message.error));
			else waiting.done(message.result);
			return;
		}
		const { subscription, result, error } = message.params ?? {};
		if (error) {
			this.#subscriptions.get(subscription)?.fail(refusal(error));
			this.#subscriptions.delete(subscription);
		} else {
			this.#subscriptions.get(subscription)?.push(result);
		}
	}

	#endSubscription(id: string, unsubscribe: string): void {
		if (!this.#subscriptions.delete(id) || this.#lost) return;
		this.#send(unsubscribe, [id], undefined, () => {}).catch(() => {});
	}

	// A cable that was pulled closes nothing: what has been silent for long is asked, and any answer
	// will do, a refusal too.
	#checkAlive(): void {
		const silence = Date.now() - this.#heard;
		if (silence < this.#timeout / 2) return;
		if (silence > this.#timeout * 1.5) return this.#lose("the other end is silent");
		this.request("system_health", []).catch(() => {});
	}

	#lose(why: string): void {
		if (this.#lost) return;
		this.#lost = new ConnectionError(`${this.#url}: ${why}`);
		clearInterval(this.#watch);
		this.#socket.onmessage = null;
		this.#socket.onclose = null;
		this.#socket.close();
		for (const waiting of this.#waiting.values()) waiting.failed(this.#lost);
		for (const subscription of this.#subscriptions.values()) subscription.fail(this.#lost);
		this.#waiting.clear();
		this.#subscriptions.clear();
	}
}
