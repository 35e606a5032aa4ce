// The Worker's connection to two hospitals: made when an account is unlocked, and made again when it is lost.
import type { Notice, Session, Unlocked } from "medblock-web";
import type { Connection, Consortium, WalletRequest } from "./api.ts";
import { problemOf, trouble } from "./problem.ts";

/** Milliseconds before the next attempt: they grow with each that fails. */
const DELAYS = [2_000, 5_000, 10_000, 30_000];
/** Milliseconds between two attempts to find a second hospital. */
const SECOND = 30_000;

export const OFFLINE: Connection = { state: "offline", final: null, urls: [], problem: null };

const locked = () => trouble("locked");

/** Connects one unlocked account. */
export class Connector {
	connection: Connection = OFFLINE;
	#attempt: Promise<Session> | null = null;
	#session: Session | null = null;
	#failures = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#ended = false;
	/** The attempts that are not over: each may still use the account. */
	#attempts = 0;
	#freed = false;
	/** Sessions that were replaced, and keep their connections until they are freed. */
	#replaced: Session[] = [];

	constructor(
		readonly unlocked: Unlocked,
		private readonly urls: () => Promise<{ urls: string[]; consortium: Consortium }>,
		private readonly changed: () => void,
		private readonly ask: (request: WalletRequest) => Promise<string>,
		private readonly hears: (notice: Notice) => void,
	) {}

	/** The session, once there is one. Fails with the reason if there is none now. */
	session(): Promise<Session> {
		if (this.#session) return Promise.resolve(this.#session);
		return this.#attempt ?? this.connect();
	}

	/** Connects anew. */
	connect(): Promise<Session> {
		clearTimeout(this.#timer);
		const attempt = this.#connect();
		this.#attempt = attempt;
		attempt
			.catch(() => {})
			.finally(() => {
				if (this.#attempt === attempt) this.#attempt = null;
			});
		return attempt;
	}

	/** Ends it: what it connects from now on is not used. */
	end(): void {
		this.#ended = true;
		clearTimeout(this.#timer);
		this.#replace(null);
	}

	/**
	 * Frees what was replaced, and once it has ended the account as well. Only while no method runs, which could still use
	 * it. Whether nothing is left.
	 */
	release(): boolean {
		for (const session of this.#replaced.splice(0)) session.free();
		if (!this.#ended || this.#attempts > 0) return false;
		if (!this.#freed) this.unlocked.free();
		this.#freed = true;
		return true;
	}

	/** A final block was seen. */
	saw(number: number): void {
		this.#failures = 0;
		const seenAt = new Date().toISOString();
		const moved = this.connection.final?.number !== number || this.connection.problem?.kind === "network";
		const state = this.connection.state === "one" ? "one" : "connected";
		const problem = state === "one" ? this.connection.problem : null;
		if (moved) this.#set({ ...this.connection, state, problem, final: { number, seenAt } });
	}

	/** A question got no answer: the connection is made anew, unless a wallet refused to sign in. That waits for the person. */
	lost(why: unknown): void {
		const problem = problemOf(why);
		if (problem.kind !== "network" && problem.kind !== "wallet") return;
		this.#set({ ...this.connection, state: "offline", problem });
		if (problem.kind === "network") this.#later();
	}

	async #connect(): Promise<Session> {
		if (!this.#session) this.#set({ ...this.connection, state: "connecting" });
		let made: Session | null = null;
		this.#attempts += 1;
		try {
			const { urls, consortium } = await this.urls();
			if (this.#ended) throw locked();
			const session = await this.unlocked.connect(urls, consortium.genesis, this.ask);
			made = session;
			if (this.#ended) throw locked();
			const second = await session.hasSecond().then(() => null, problemOf);
			const number = await session.finalNumber();
			if (this.#ended) throw locked();
			made = null;
			session.onNotice((notice) => {
				// What goes on for an account that another one has replaced is none of the other's.
				if (!this.#ended) this.hears(notice);
			});
			this.#replace(session);
			this.#failures = 0;
			const final = { number, seenAt: new Date().toISOString() };
			this.#set({ state: second ? "one" : "connected", final, urls, problem: second });
			if (second) this.#timer = setTimeout(() => void this.connect().catch(() => {}), SECOND);
			return session;
		} catch (why) {
			if (made) this.#replaced.push(made);
			// The one of before may still answer, but is not counted on.
			if (this.connection.state === "offline") this.#replace(null);
			const problem = problemOf(why);
			if (!this.#session) this.#set({ ...this.connection, state: "offline", problem });
			if (problem.kind !== "wallet") this.#later();
			throw why;
		} finally {
			this.#attempts -= 1;
		}
	}

	#replace(session: Session | null): void {
		if (this.#session) this.#replaced.push(this.#session);
		this.#session = session;
	}

	#later(): void {
		if (this.#ended) return;
		clearTimeout(this.#timer);
		const delay = DELAYS[Math.min(this.#failures, DELAYS.length - 1)];
		this.#failures += 1;
		this.#timer = setTimeout(() => void this.connect().catch(() => {}), delay);
	}

	#set(connection: Connection): void {
		if (this.#ended) return;
		this.connection = connection;
		this.changed();
	}
}
