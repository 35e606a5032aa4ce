import { Connection } from "./connection.js";
import { ConnectionError } from "./errors.js";
import { type InboxNotification, type Methods, NODE_NAMES, type Paged } from "./generated.js";
import { post } from "./http.js";
import { inbox, type InboxOptions } from "./inbox.js";
import { type Fetch, platformWebSocket, type WebSocketClass, within } from "./platform.js";

/** What may be chosen for a client. */
export interface ClientOptions {
	/** How long a node may take to answer, in milliseconds. */
	timeout?: number | undefined;
	/** Used instead of the platform's, by clients with an `http` address. */
	fetch?: Fetch | undefined;
	/** Used instead of the platform's; Node has none before version 22. */
	WebSocket?: WebSocketClass | undefined;
}

/** What may be chosen for a single question. */
export interface CallOptions {
	/** Gives up: throws the signal's reason. */
	signal?: AbortSignal | undefined;
}

type Params<M extends keyof Methods> = Methods[M]["params"];
type Result<M extends keyof Methods> = Methods[M]["result"];
type Pages<M extends Paged> = Omit<Params<M>, "after">;

/**
 * A client of one node.
 *
 * With an address that begins with `ws` everything goes over one connection, which is opened when it
 * is needed and again after it was lost. With `http` each question is a request of its own, and only
 * inboxes make a connection.
 */
export class MedBlock {
	readonly #url: string;
	readonly #socketUrl: string;
	readonly #timeout: number;
	readonly #fetch: Fetch;
	readonly #WebSocket: WebSocketClass | undefined;
	readonly #inboxes = new Set<AbortController>();
	#connection: Promise<Connection> | undefined;
	#closed: ConnectionError | undefined;

	/** `url` is the node's, or that of the proxy before it. */
	constructor(url: string, options: ClientOptions = {}) {
		const { protocol } = new URL(url);
		if (!["http:", "https:", "ws:", "wss:"].includes(protocol)) {
			throw new TypeError(`${url} does not begin with http, https, ws or wss`);
		}
		this.#url = url;
		this.#socketUrl = url.replace(/^http/i, "ws");
		this.#timeout = options.timeout ?? 30_000;
		this.#fetch = options.fetch ?? ((address, request) => fetch(address, request));
		this.#WebSocket = options.WebSocket;
	}

	/** Asks for something, at the last finalized block unless `at` names another. */
	async call<M extends keyof Methods>(
		method: M,
		params: Params<M>,
		{ signal }: CallOptions = {},
	): Promise<Result<M>> {
		if (this.#closed) throw this.#closed;
		// A name that these types do not have goes to the node as it is: a newer one may know it.
		const name = NODE_NAMES[method] ?? method;
		if (this.#url !== this.#socketUrl) {
			return (await post(this.#fetch, this.#url, name, params, this.#timeout, signal)) as Result<M>;
		}
		const connection = await this.#connect(signal);
		return (await connection.request(name, params, signal)) as Result<M>;
	}

	/** A list page by page; all pages are of the block at which the first was read, or of `at`. */
	async *pages<M extends Paged>(
		method: M,
		params: Pages<M>,
		options: CallOptions = {},
	): AsyncGenerator<Result<M>, void, void> {
		let { at } = params;
		let after: Result<Paged>["next"] = null;
		do {
			const page: Result<M> = await this.call(method, { ...params, after, at } as Params<M>, options);
			yield page;
			after = page.next;
			at = page.at.hash;
		} while (after !== null);
	}

	/** A list's items one by one, read page by page, all of one block. */
	async *items<M extends Paged>(
		method: M,
		params: Pages<M>,
		options: CallOptions = {},
	): AsyncGenerator<Result<M>["items"][number], void, void> {
		for await (const page of this.pages(method, params, options)) yield* page.items;
	}

	/**
	 * What is new for a doctor: one notification for each finalized block that concerns them, in order.
	 * A lost connection is resumed where it was, so each comes once. Keep `block.number` of the last
	 * that you have dealt with, and give it as `after` the next time.
	 *
	 * Throws a `ConnectionError` only if the first connection fails, an `RpcError` if there is no such
	 * doctor or the node cannot go on from there, and the reason of `signal`.
	 */
	async *subscribeInbox(options: InboxOptions): AsyncGenerator<InboxNotification, void, void> {
		if (this.#closed) throw this.#closed;
		const ending = new AbortController();
		const { signal } = ending;
		const stop = () => ending.abort(options.signal?.reason);
		if (options.signal?.aborted) stop();
		options.signal?.addEventListener("abort", stop);
		this.#inboxes.add(ending);
		try {
			yield* inbox(() => this.#connect(signal), { ...options, signal });
		} finally {
			options.signal?.removeEventListener("abort", stop);
			this.#inboxes.delete(ending);
		}
	}

	/** Ends the connection and all inboxes for good: they throw a `ConnectionError`. */
	async close(): Promise<void> {
		this.#closed ??= new ConnectionError(`${this.#url}: the client was closed`);
		for (const inbox of this.#inboxes) inbox.abort(this.#closed);
		(await this.#connection?.catch(() => undefined))?.close();
	}

	async #connect(signal: AbortSignal | undefined): Promise<Connection> {
		const former = this.#connection;
		const connection = await within(Promise.resolve(former), signal).catch(() => undefined);
		signal?.throwIfAborted();
		if (connection?.isOpen) return connection;
		if (this.#closed) throw this.#closed;
		// Unless another caller was first.
		if (this.#connection === former) {
			const WebSocket = this.#WebSocket ?? platformWebSocket();
			this.#connection = Connection.open(this.#socketUrl, WebSocket, this.#timeout);
			this.#connection.catch(() => {});
		}
		return within(this.#connection as Promise<Connection>, signal);
	}
}
