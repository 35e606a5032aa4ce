// The time since a moment, whatever becomes of the device's clock meanwhile.

/**
 * Measures by two clocks, of which the longer time counts: the calendar's may be set back, and the browser's steady one may
 * stand still while the device sleeps.
 */
export class Elapsed {
	#calendar = Date.now();
	#steady = performance.now();

	/** Measures from now on. */
	restart(): void {
		this.#calendar = Date.now();
		this.#steady = performance.now();
	}

	/** The milliseconds so far. */
	get milliseconds(): number {
		return Math.max(Date.now() - this.#calendar, performance.now() - this.#steady);
	}
}
