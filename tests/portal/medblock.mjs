// The command line, and people who are made with it: who is registered, verified, or granted something is the matter of
// another test.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { agree } from "./node.mjs";
import { until } from "./waiting.mjs";

const { HOMES, MEDBLOCK } = process.env;
/** Bytes that the program may print: a list of 5,000 records is long. */
const MOST = 64 * 2 ** 20;
/** The program's exit code if a node or a vault can't be reached, or can't answer now. */
const NETWORK = 6;

/** Runs `medblock` as one of the people, and gives its JSON. It sees what pages have told as done, and they see what it has done. */
export async function runs(home, ...words) {
	await agree();
	const { stdout } = await promisify(execFile)(MEDBLOCK, ["--home", join(HOMES, home), "--json", "--quiet", ...words], { maxBuffer: MOST });
	await agree();
	return JSON.parse(stdout);
}

/** Whether the account of this name is a patient's. A node that does not answer in time is asked again: it has said nothing. */
export async function isPatient(home, name) {
	const asks = () => runs(home, "--account", name, "patient", "show").then(() => "yes", ({ code }) => code !== NETWORK && "no");
	return (await until(asks, "no node answers")) === "yes";
}

/** Runs `medblock`, and gives how it ended and what it said. */
export async function ends(...words) {
	return promisify(execFile)(MEDBLOCK, ["--home", join(HOMES, "machine"), ...words])
		.then(({ stdout }) => ({ code: 0, said: stdout }), ({ code, stderr }) => ({ code, said: stderr }));
}

/** A new account that is no one's yet. */
export async function account(home) {
	await mkdir(join(HOMES, home), { recursive: true });
	const { address } = await runs(home, "account", "new", "me");
	const { words } = await runs(home, "account", "export", "--words", "--yes");
	return { home, words, address };
}

/** A patient that the first hospital has verified. */
export async function patient(home, name) {
	const made = await account(home);
	const { patient: number } = await runs(home, "patient", "register", "--hospital", "0");
	await runs("staff", "hospital", "verify", "patient", "--yes", String(number));
	await runs(home, "patient", "profile", "--name", name, "--birth-date", "1984-03-09");
	return { ...made, name, number };
}

/** A doctor that the first hospital has verified, with the key; or the second, whose number is 1. */
export async function doctor(home, name, hospital = 0) {
	const made = await account(home);
	const entry = ["--name", name, "--specialty", "cardiology", "--qualification", "MD", "--since", "2009"];
	const registered = await runs(home, "doctor", "register", "--hospital", String(hospital), ...entry);
	const { doctor: number, keyDigest, profileDigest } = registered;
	const digests = ["--key-digest", keyDigest, "--profile-digest", profileDigest];
	await runs(hospital === 0 ? "staff" : "staff-1", "hospital", "verify", "doctor", String(number), ...digests);
	return { ...made, name, number };
}

/** Doctors with a grant of a patient that holds now. */
export async function readers({ home }) {
	const { items } = await runs(home, "patient", "grants");
	return items.filter(({ access }) => access.allowed).map(({ doctor: number }) => number);
}
