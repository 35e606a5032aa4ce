// Says what a client has done, a line of JSON for each step on file descriptor 3, and sees to it that
// the client says nothing on its own that would mislead whoever uses it.
//
// Has to be imported before the client is, so that nothing it says escapes.

import assert from "node:assert/strict";
import { writeSync } from "node:fs";

const said = [];
for (const level of ["debug", "log", "info", "warn", "error"]) {
	console[level] = (...words) => said.push(`${level}: ${words.join(" ")}`);
}

function print(line) {
	writeSync(3, `${JSON.stringify(line)}\n`);
}

// Fails if the client has said anything but what it always or sometimes says, or not what it always
// does.
function checkSaid(expected, possible) {
	const lines = said.splice(0);
	const known = [...expected, ...possible];
	const surprising = lines.filter((line) => !known.some((pattern) => pattern.test(line)));
	assert.deepEqual(surprising, [], "the client said what nobody expected");
	for (const pattern of expected) {
		assert(lines.some((line) => pattern.test(line)), `the client did not say ${pattern}`);
	}
}

// Names the client that the following steps are of.
export function client(name, version) {
	print({ client: name, version });
}

// Does one step. What `work` returns is shown beside its name; `says` is what the client prints by
// itself meanwhile, and `maySay` what it prints in some runs only, as README.md explains both.
export async function step(name, work, says = [], maySay = []) {
	const started = performance.now();
	try {
		const shows = await work();
		checkSaid(says, maySay);
		print({ step: name, shows, ms: Math.round(performance.now() - started) });
	} catch (why) {
		const heard = said.length > 0 ? `\nsaid by the client: ${said.join("\n")}` : "";
		print({ step: name, failed: `${why.stack ?? why}${heard}` });
		process.exit(1);
	}
}

// A call that a node or the chain did not accept, as the client words it.
export class Refused extends Error {
	constructor(name, sentence) {
		super(sentence ? `${name}: ${sentence}` : name);
		this.name = name;
		this.sentence = sentence;
	}
}

// The refusal of what must not succeed.
export async function refusal(work) {
	try {
		await work();
	} catch (why) {
		if (why instanceof Refused) return why;
		throw why;
	}
	assert.fail("this should have been refused");
}

// Fails unless `work` is refused by one of the pallets, with an error that the metadata explains.
export async function refused(error, work) {
	const { name, sentence, message } = await refusal(work);
	assert.equal(name, error);
	assert.match(sentence, /^[A-Z].+\.$/, `${name} is not explained`);
	return message;
}
