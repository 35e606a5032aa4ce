// The portal's sentences, as they stand in its English file.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const english = JSON.parse(readFileSync(join(process.env.LOCALES, "en.json"), "utf8"));
const plural = new Intl.PluralRules("en");

/** The sentence of a key, with these values in its places. */
export function says(key, values = {}) {
	const found = english[key];
	if (found === undefined) throw new Error(`the portal has no sentence ${key}`);
	const message = typeof found === "string" ? found : (found[plural.select(Number(values.n))] ?? found.other);
	return message.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
