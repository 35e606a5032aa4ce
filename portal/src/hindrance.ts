// Why nothing can be shared with a doctor, where the hospital's decision says more than the chain's reason.
import type { Denial, Standing } from "./api.ts";

/** The hospital's decision that is the reason; `null` if the chain's reason says enough. */
export function decision(problem: Denial | null, standing: Standing): Exclude<Standing, "verified"> | null {
	if (standing === "verified") return null;
	return problem === null || problem.reason === "doctor-not-verified" ? standing : null;
}
