// Checks the portal's languages: every sentence of the English file, and every code of a problem, has its text in each other
// language, with the same places to fill, and no language has a text for nothing.
//
// Usage: node portal/check-locales.mjs
//
// Sentences that the page has itself are in locales/LANGUAGE.json. Those of the Worker come in English, with a code, and
// locales/problems.LANGUAGE.json has the other languages' by these codes. The codes are read from where they are made: the
// clients' crates, the vaults' and doors' refusals, the pallets' errors, and problem.ts. Takes a second, builds nothing.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const portal = dirname(fileURLToPath(import.meta.url));
const root = join(portal, "..");
const source = (path) => readFile(join(root, path), "utf8");
const faults = [];
const fault = (text) => faults.push(text);

/** All matches of a pattern's first group. */
const found = (text, pattern) => [...text.matchAll(pattern)].map(([, first]) => first);
/** The places of a text, such as `{n}`. */
const places = (text) => [...new Set(found(text, /\{(\w+)\}/g))].sort();

// --- what the page says itself -------------------------------------------------------------------------------------

async function json(name) {
	const text = await readFile(join(portal, "locales", name), "utf8");
	// Of two texts for one key, JSON takes the last without a word. Each key stands on a line of its own.
	const keys = found(text, /^\t"([^"]+)":/gm);
	for (const key of new Set(keys.filter((key, index) => keys.indexOf(key) < index))) fault(`${name}: ${key} is there twice`);
	return JSON.parse(text);
}
const files = await readdir(join(portal, "locales"));
const languages = files.map((name) => /^([a-z]{2})\.json$/.exec(name)?.[1]).filter((language) => language && language !== "en");
const english = await json("en.json");
const forms = (message) => (typeof message === "string" ? { other: message } : message);

for (const language of languages) {
	const name = `${language}.json`;
	const texts = await json(name);
	for (const key of Object.keys(texts)) if (!(key in english)) fault(`${name}: ${key} is not in en.json`);
	for (const [key, message] of Object.entries(english)) {
		if (!(key in texts)) {
			fault(`${name}: ${key} is missing`);
			continue;
		}
		const [wanted, own] = [forms(message), forms(texts[key])];
		if (!("other" in own)) fault(`${name}: ${key} has no form \`other\``);
		const [all, there] = [places(Object.values(wanted).join(" ")), places(Object.values(own).join(" "))];
		for (const place of there) if (!all.includes(place)) fault(`${name}: ${key} has {${place}}, which nothing fills`);
		for (const place of all) if (!there.includes(place)) fault(`${name}: ${key} leaves out {${place}}`);
	}
}

// --- what the Worker says ------------------------------------------------------------------------------------------

/** Codes, with the names of the values that each has; `null` where they are not known. */
const codes = new Map();
const add = (code, values = null) => codes.set(code, values && [...values]);

/**
 * The codes in a crate's source: each with the values that follow it up to the next code. The same code may stand in more
 * than one branch.
 */
function ofRust(text) {
	const parts = text.split("#[cfg(test)]")[0].split(/"((?:node|nodes|chain|keys|account|registration|access|grant|rotation|name|record|profile|registrar|institution|representative|profile-key|recovery|emergency|trust|vault-is|crypto|value|storage|keystore|web|copies)\.[a-z][a-z-]*)"/);
	for (let index = 1; index < parts.length; index += 2) {
		const values = found(parts[index + 1], /\.with\("(\w+)"/g);
		if (/\.(because|about)\(/.test(parts[index + 1])) values.push("cause");
		// A value may be added behind a choice between two codes.
		add(parts[index], null);
		if (values.length > 0) add(parts[index], values);
	}
	for (const code of found(text, /code: "(advice\.[a-z-]+)"/g)) add(code, []);
}

for (const path of ["client/platform/src/told.rs", "client/chain/src/told.rs", "client/lib/src/told.rs", "client/keystore/src/error.rs"]) {
	ofRust(await source(path));
}
for (const name of await readdir(join(root, "client/web/src"))) ofRust(await source(`client/web/src/${name}`));

const denials = found(await source("pallets/primitives/src/denied.rs"), /Self::\w+ => "([a-z-]+)",/g);
for (const code of denials) add(`denied.${code}`, []);
const vault = found(await source("client/vault-protocol/src/refusals.rs"), /^\t\w+ = \d+ "([a-z-]+)",$/gm);
for (const code of vault) add(`vault.${code}`, ["url", "seconds"]);
const door = found(await source("client/vault-protocol/src/door.rs"), /^\t\w+ = -[\d_]+ "([a-z-]+)" /gm);
for (const code of door) add(`door.${code}`, []);

/** The errors of what only the council, hospitals' controllers and institutions' operators do, with the program medblock. */
const NOT_HERE = new Set([
	"AlreadyController", "CallTooLarge", "EnactmentNotDue", "EnactmentNotFound", "EnactmentObsolete", "EnactmentVoid",
	"HospitalActive", "InvalidVersion", "LastPortalRelease", "MaxHospitalsExceeded",
	"MaxMotionsExceeded", "MaxOperatorsExceeded", "MaxPendingExceeded",
	"MaxPortalReleasesExceeded", "NotBenched", "NotInCouncilPowers", "OtherHospital",
	"PortalReleaseAlreadyListed", "PortalReleaseNotFound", "TooFewSeats", "ValidatorsChanging",
]);
for (const [pallet, path] of [
	["MedicalRecords", "pallets/medical-records/src/errors.rs"],
	["Delegation", "pallets/delegation/src/errors.rs"],
	["Consortium", "pallets/consortium/src/errors.rs"],
	["FairUse", "pallets/fair-use/src/lib.rs"],
]) {
	const body = /pub enum Error<T> \{([^}]*)\}/.exec(await source(path))?.[1] ?? "";
	const errors = found(body, /^\s*([A-Z]\w+),$/gm);
	if (errors.length === 0) fault(`${path}: no error was found`);
	for (const error of errors) if (pallet !== "Consortium" || !NOT_HERE.has(error)) add(`chain.${pallet}.${error}`, []);
}

const own = await readFile(join(portal, "src/problem.ts"), "utf8");
for (const [, name, sentence] of own.matchAll(/^\t"([a-z-]+)": \{ kind: "[a-z-]+", sentence: "((?:[^"\\]|\\.)*)"/gm)) {
	add(`page.${name}`, places(sentence));
}
for (const name of found(own, /^\t"([a-z-]+)": "(?:[^"\\]|\\.)*",$/gm)) add(`advice.${name}`, []);

for (const [what, count] of [["denials", denials.length], ["codes of vaults", vault.length], ["refusals of doors", door.length]]) {
	if (count < 5) fault(`the sources have no ${what} where they are looked for`);
}

for (const language of languages) {
	const name = `problems.${language}.json`;
	const texts = await json(name).catch(() => ({}));
	for (const code of codes.keys()) if (!(code in texts)) fault(`${name}: ${code} is missing`);
	for (const [code, text] of Object.entries(texts)) {
		if (!codes.has(code)) {
			fault(`${name}: nothing has the code ${code}`);
			continue;
		}
		const values = codes.get(code);
		for (const place of places(text)) {
			if (values && !values.includes(place)) fault(`${name}: ${code} has {${place}}, which nothing fills`);
		}
		if (!/^(\p{Lu}|\{)/u.test(text) || !/([.!?…]|\})$/.test(text)) fault(`${name}: ${code} is no whole sentence`);
	}
}

if (faults.length > 0) {
	console.error(faults.join("\n"));
	console.error(`check-locales: ${faults.length} faults`);
	process.exit(1);
}
console.log(`check-locales: ${Object.keys(english).length} sentences and ${codes.size} codes in en, ${languages.join(", ")}`);
