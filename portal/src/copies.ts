// Sees to it that copies of passkeys' files lie in the vault of the person's hospital, and nowhere else.
import type { Device, Session } from "medblock-web";
import type { Problem, Who } from "./api.ts";
import { Elapsed } from "./elapsed.ts";
import { problemOf } from "./problem.ts";

/** Milliseconds before the next attempt: they grow with each that fails. */
const PAUSES = [15_000, 60_000, 600_000, 3_600_000];

/** The hospitals that decide where the copies lie. */
const hospitalsOf = ({ patient, doctor, registrarOf }: Who) =>
	[patient?.hospital ?? null, doctor?.hospital ?? null, registrarOf].join();

export class CopyKeeper {
	/** What there was to do is done for these hospitals. */
	#done: string | null = null;
	/** The number of times that everything was asked for anew. */
	#asked = 0;
	/** How long ago an attempt failed, and how long the next one waits. */
	#since: Elapsed | null = null;
	#pause = 0;
	#failures = 0;
	/** Why something is left to do; `null` if nothing is, or nothing was tried yet. */
	problem: Problem | null = null;

	/** The account's passkeys have changed, or it is another account. */
	again(): void {
		this.#asked += 1;
		this.#done = null;
		this.#since = null;
		this.#failures = 0;
		this.problem = null;
	}

	/** Does what there is to do, unless an attempt has failed shortly before. Whether there is anything new. */
	async look(session: Session, device: Device, name: string, who: Who): Promise<boolean> {
		const hospitals = hospitalsOf(who);
		const isKnown = who.patient !== null || who.doctor !== null || who.registrarOf !== null;
		if (!isKnown || this.#done === hospitals) return false;
		if (this.#since !== null && this.#since.milliseconds < this.#pause) return false;
		const asked = this.#asked;
		try {
			const changes = await session.keepCopies(device, name);
			this.#failures = 0;
			if (asked === this.#asked) this.#done = hospitals;
			const hadProblem = this.problem !== null;
			this.problem = null;
			return changes > 0 || hadProblem;
		} catch (why) {
			if (why instanceof WebAssembly.RuntimeError) throw why;
			// It is another account by now, or all is tried anew.
			if (asked !== this.#asked) return true;
			this.#since = new Elapsed();
			this.#pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)] ?? 0;
			this.#failures += 1;
			// The person may have to do something about it.
			this.problem = problemOf(why);
			// A part may have succeeded.
			return true;
		}
	}
}
