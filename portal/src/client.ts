// The page's side: passes what pages ask on to the Worker, and starts another one when it has ended.
import { PortalError, type Account, type OpenPortal, type Options, type Portal, type PortalEvents, type Problem, type State, type WalletApi, type WalletRequest } from "./api.ts";
import { OPTIONS, type FromWorker, type PasskeyQuestion, type PasskeysApi, type ToWorker } from "./messages.ts";
import * as webauthn from "./passkeys.ts";
import { cancelled, problemOf, trouble } from "./problem.ts";

declare global {
	interface Window {
		/** Trusted Types, where the browser has them. */
		trustedTypes?: {
			createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
		};
	}
}

/** The name of the Worker's file, from the page's base; build.mjs sets it. */
declare const WORKER: string;
/** The Worker's address. */
const SCRIPT = new URL(WORKER, document.baseURI).href;
/** Where the person's own addresses are kept. */
const URLS = "medblock-urls";

const STARTING: State = {
	phase: "starting",
	account: null,
	opened: 0,
	inMemory: false,
	connection: { state: "offline", final: null, urls: [], problem: null },
	copyProblem: null,
	who: null,
	alerts: { recoveries: [], requests: [], emergencies: [], asked: 0 },
	waiting: null,
	unreceipted: [],
	working: 0,
};

interface Waiting {
	resolve: (value: unknown) => void;
	reject: (why: PortalError) => void;
	options: Options | undefined;
	ended: () => void;
}

type Listeners = { [Name in keyof PortalEvents]: Set<(value: PortalEvents[Name]) => void> };

// With Trusted Types, only this very script may be a Worker.
const policy = window.trustedTypes?.createPolicy("mb-worker", {
	createScriptURL(url: string) {
		if (url !== SCRIPT) throw new TypeError("this is not the portal's Worker");
		return url;
	},
});

/** Whether these are options: the only objects of the contract with a signal or a progress. */
function areOptions(word: unknown): word is Options {
	if (typeof word !== "object" || word === null) return false;
	const names = Object.keys(word);
	return names.length > 0 && names.every((name) => name === "signal" || name === "progress");
}

class Client {
	state = STARTING;
	#worker: Worker | null = null;
	/** Whether this Worker has said anything yet. */
	#begun = false;
	#last = 0;
	/** What asks the wallet. */
	askWallet: ((request: WalletRequest) => Promise<string>) | null = null;
	readonly #waiting = new Map<number, Waiting>();
	readonly #listeners: Listeners = {
		state: new Set(), locked: new Set(), connection: new Set(), standing: new Set(), inbox: new Set(), access: new Set(), records: new Set(), alerts: new Set(),
	};

	constructor() {
		// A page that the browser sets aside, and may bring back later as it was, must show nothing of the account then.
		addEventListener("pagehide", () => this.#leave());
		addEventListener("pageshow", () => {
			if (!this.#worker) this.#start();
		});
		this.#start();
	}

	on<Name extends keyof PortalEvents>(name: Name, listener: (value: PortalEvents[Name]) => void): () => void {
		this.#listeners[name].add(listener);
		return () => void this.#listeners[name].delete(listener);
	}

	call(method: string, ...words: unknown[]): Promise<unknown> {
		const options = words.find(areOptions);
		const { signal } = options ?? {};
		if (signal?.aborted) return Promise.reject(cancelled());
		this.#last += 1;
		const id = this.#last;
		return new Promise((resolve, reject) => {
			const cancel = () => this.#say({ say: "cancel", id });
			signal?.addEventListener("abort", cancel);
			const ended = () => signal?.removeEventListener("abort", cancel);
			this.#waiting.set(id, { resolve, reject, options, ended });
			try {
				this.#say({ say: "call", id, method, words: words.map((word) => (areOptions(word) ? OPTIONS : word)) });
			} catch (why) {
				// What can't be copied can't be sent.
				this.#settle(id)?.reject(new PortalError(problemOf(why)));
			}
		});
	}

	/** Lets the wallet be asked again. */
	again(): void {
		this.#say({ say: "again" });
	}

	here(): void {
		this.#say({ say: "here" });
	}

	/** Ends the Worker, and starts another one, which knows nothing. */
	end(why: PortalEvents["locked"]["why"]): void {
		const wasUnlocked = this.#stop(why);
		this.#start();
		if (wasUnlocked || why === "crashed") this.#tell("locked", { why });
	}

	/** The person leaves the page. The next Worker is started when they come back. */
	#leave(): void {
		if (this.#stop("left")) this.#tell("locked", { why: "left" });
	}

	/** Ends the Worker. Whether an account was unlocked. */
	#stop(why: PortalEvents["locked"]["why"]): boolean {
		const wasUnlocked = this.state.phase === "unlocked";
		this.#worker?.terminate();
		this.#worker = null;
		const problem = why === "crashed"
			? trouble("crashed")
			: trouble("locked-meanwhile");
		for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(problem);
		this.#set(STARTING);
		return wasUnlocked;
	}

	#start(): void {
		// Without WebAssembly a Worker can do nothing: the page says so.
		if (typeof WebAssembly !== "object") return;
		const url = policy ? policy.createScriptURL(SCRIPT) : SCRIPT;
		const worker = new Worker(url as string, { type: "module", name: "medblock" });
		worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
			if (worker === this.#worker) this.#hear(data);
		});
		worker.addEventListener("error", (event) => {
			if (worker !== this.#worker) return;
			event.preventDefault();
			this.#unloadable();
		});
		this.#worker = worker;
		this.#begun = false;
		this.#say({ say: "hello", base: new URL(".", document.baseURI).href, urls: keptUrls() });
	}

	/** The Worker's script or its WebAssembly could not be loaded: starting it again would fail again. */
	#unloadable(): void {
		const problem = trouble("part-not-loaded");
		for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(problem);
		if (!this.#begun) this.#set({ ...STARTING, connection: { ...STARTING.connection, problem: problemOf(problem) } });
	}

	#say(message: ToWorker): void {
		this.#worker?.postMessage(message);
	}

	#hear(message: FromWorker): void {
		switch (message.say) {
			case "done":
				return this.#settle(message.id)?.resolve(message.value);
			case "failed":
				return this.#settle(message.id)?.reject(new PortalError(message.problem));
			case "progress":
				return this.#waiting.get(message.id)?.options?.progress?.(message.progress);
			case "state":
				this.#begun = true;
				return this.#set(message.state);
			case "ask":
				return void this.#ask(message.id, message.request);
			case "event":
				return this.#tell(message.name, message.value as never);
			case "end":
				return this.#begun ? this.end(message.why) : this.#unloadable();
		}
	}

	/** Asks the wallet, and tells the Worker that asked: another one may be running by then. */
	async #ask(id: number, request: WalletRequest): Promise<void> {
		const worker = this.#worker;
		const answer = (signature: string | null, problem: Problem | null) =>
			worker?.postMessage({ say: "answer", id, signature, problem } satisfies ToWorker);
		if (!this.askWallet) return answer(null, problemOf(trouble("no-wallet-here")));
		try {
			answer(await this.askWallet(request), null);
		} catch (why) {
			answer(null, problemOf(why));
		}
	}

	#settle(id: number): Waiting | undefined {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		waiting?.ended();
		return waiting;
	}

	#set(state: State): void {
		this.state = state;
		this.#tell("state", state);
	}

	#tell<Name extends keyof PortalEvents>(name: Name, value: PortalEvents[Name]): void {
		for (const listener of this.#listeners[name]) listener(value);
	}
}

function keptUrls(): string[] | null {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(URLS) ?? "null");
		return Array.isArray(kept) && kept.every((url) => typeof url === "string") ? kept : null;
	} catch {
		return null;
	}
}

function keepUrls(urls: string[] | null): void {
	try {
		if (urls) localStorage.setItem(URLS, JSON.stringify(urls));
		else localStorage.removeItem(URLS);
	} catch {
		// Where nothing can be kept, the addresses hold until the page is left.
	}
}

/** Asks the browser not to clear what an account was kept in. It may refuse, and the account is there all the same. */
async function keeping(made: Promise<unknown>): Promise<unknown> {
	const account = await made;
	void navigator.storage?.persist?.().catch(() => false);
	return account;
}

/** A group of methods that the Worker does, each under its own name. */
function group<Api extends object>(client: Client, name: string, own: Partial<Api>): Api {
	return new Proxy(own as Api, {
		get: (methods, called) => {
			if (typeof called !== "string" || called === "then") return undefined;
			const here = (methods as { [called: string]: unknown })[called];
			return here ?? ((...words: unknown[]) => client.call(`${name}.${called}`, ...words));
		},
	});
}

/** Makes the portal. */
export const openPortal: OpenPortal = () => {
	const client = new Client();
	const passkeys = group<PasskeysApi>(client, "passkeys", {});
	let found: PasskeyQuestion | null = null;
	return {
		get state() {
			return client.state;
		},
		on: (name, listener) => client.on(name, listener),
		who: () => client.call("portal.who") as ReturnType<Portal["who"]>,
		keys: group<Portal["keys"]>(client, "keys", {
			create: (...words) => keeping(client.call("keys.create", ...words)) as ReturnType<Portal["keys"]["create"]>,
			createBySheets: (...words) => keeping(client.call("keys.createBySheets", ...words)) as ReturnType<Portal["keys"]["createBySheets"]>,
			importFile: (...words) => keeping(client.call("keys.importFile", ...words)) as ReturnType<Portal["keys"]["importFile"]>,
			lock: async () => client.end("asked"),
			touch: () => client.here(),
			passkeysSupported: webauthn.supported,
			async unlockByPasskey(name, options) {
				const answer = await webauthn.ask(await passkeys.questions(name), options?.signal);
				return passkeys.unlock(name, answer) as ReturnType<Portal["keys"]["unlockByPasskey"]>;
			},
			async addPasskey(name, passphrase, options) {
				const answer = await webauthn.make(name, await passkeys.begin(name, passphrase), options?.signal);
				try {
					return await (passkeys.add(name, passphrase, answer) as ReturnType<Portal["keys"]["addPasskey"]>);
				} catch (why) {
					throw await webauthn.orphaned(answer.id, why);
				}
			},
			async removePasskey(name, id) {
				await client.call("keys.removePasskey", name, id);
				await webauthn.forget(id);
			},
			async findByPasskey(options) {
				const { id, handle } = await webauthn.choose(options?.signal);
				found = await passkeys.find(id, handle, options);
			},
			async openByPasskey(passphrase, name, options) {
				if (!found) throw trouble("no-passkey-fetched");
				const answer = await webauthn.ask([found], options?.signal);
				const opened = passkeys.open(answer, passphrase, name, options);
				const account = await (passphrase === null ? opened : keeping(opened)).catch(async (why: unknown) => {
					const { kind } = problemOf(why);
					if (kind !== "wrong-passphrase" && kind !== "wrong-key") throw why;
					// A vault may give another file than the passkey's. Each passkey's question needs a click of its own.
					found = await passkeys.next(options);
					throw trouble("other-copy");
				});
				found = null;
				return account as Awaited<ReturnType<Portal["keys"]["openByPasskey"]>>;
			},
			async remove(name) {
				await client.call("keys.remove", name);
				const left = await client.call("keys.accounts") as Account[];
				if (left.length === 0) keepUrls(null);
			},
		}),
		wallet: group<WalletApi>(client, "wallet", {
			onAsk: (listener) => {
				client.askWallet = listener;
			},
			again: () => client.again(),
		}),
		network: group<Portal["network"]>(client, "network", {
			async setUrls(urls) {
				// On a public computer they hold for this visit.
				if (!client.state.inMemory) keepUrls(urls);
				await client.call("network.setUrls", urls);
			},
		}),
		notebook: group<Portal["notebook"]>(client, "notebook", {}),
		patient: group<Portal["patient"]>(client, "patient", {}),
		doctor: group<Portal["doctor"]>(client, "doctor", {}),
		desk: group<Portal["desk"]>(client, "desk", {}),
		recovery: group<Portal["recovery"]>(client, "recovery", {}),
		representatives: group<Portal["representatives"]>(client, "representatives", {}),
		emergency: group<Portal["emergency"]>(client, "emergency", {}),
	};
};
