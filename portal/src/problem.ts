// What went wrong, whatever was thrown.
import { PortalError, type Problem, type ProblemKind } from "./api.ts";

/** A problem of this kind, as an error. */
export function trouble(kind: ProblemKind, sentence: string, advice?: string): PortalError {
	return new PortalError(advice === undefined ? { kind, sentence } : { kind, sentence, advice });
}

/** The error for a method that was cancelled. */
export const cancelled = () =>
	trouble("cancelled", "It was cancelled.", "What was sent before may still take effect: look before you do it again.");

/** The problem in something that was thrown. */
export function problemOf(thrown: unknown): Problem {
	if (isProblem(thrown)) {
		const { kind, sentence, advice } = thrown;
		return advice === undefined ? { kind, sentence } : { kind, sentence, advice };
	}
	const said = thrown instanceof Error ? thrown.message : String(thrown);
	return { kind: "unexpected", sentence: `This page has a defect: ${said}.`, advice: "Load the page again. Tell your hospital if it stays." };
}

function isProblem(thrown: unknown): thrown is Problem {
	return typeof thrown === "object" && thrown !== null && "kind" in thrown && "sentence" in thrown;
}
