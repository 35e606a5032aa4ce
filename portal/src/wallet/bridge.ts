// The Worker's side of a wallet: passes on to the page what is to be signed.
import type { Problem, WalletRequest } from "../api.ts";
import type { FromWorker } from "../messages.ts";
import { trouble } from "../problem.ts";

interface Waiting {
	resolve: (signature: string) => void;
	reject: (problem: Problem) => void;
}

export class Bridge {
	#last = 0;
	#refused: Problem | null = null;
	readonly #waiting = new Map<number, Waiting>();

	constructor(private readonly say: (message: FromWorker) => void) {}

	/** Asks the page for a signature. */
	readonly ask = (request: WalletRequest): Promise<string> => {
		// Sign-ins are due by themselves, again and again: a person who refused one is left alone until they do something.
		if (request.kind === "text" && this.#refused) return Promise.reject(this.#refused);
		this.#last += 1;
		const id = this.#last;
		return new Promise<string>((resolve, reject) => {
			const refuse = (problem: Problem) => {
				if (request.kind === "text") this.#refused = problem;
				reject(problem);
			};
			this.#waiting.set(id, { resolve, reject: refuse });
			this.say({ say: "ask", id, request });
		});
	};

	/** The page's answer. */
	answer(id: number, signature: string | null, problem: Problem | null): void {
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		if (signature !== null) waiting?.resolve(signature);
		else waiting?.reject(problem ?? trouble("wallet-silent"));
	}

	/** Lets the person be asked again. */
	again(): void {
		this.#refused = null;
	}
}
