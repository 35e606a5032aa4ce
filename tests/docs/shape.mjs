// Whether an answer has the shape that a guide shows.

// A sequence of JSON documents, however they are laid out.
export function documents(text) {
	const found = [];
	let depth = 0;
	let inString = false;
	let begin = 0;
	for (let at = 0; at < text.length; at += 1) {
		const sign = text[at];
		if (inString) {
			if (sign === "\\") at += 1;
			else if (sign === '"') inString = false;
		} else if (sign === '"') {
			inString = true;
		} else if ("[{".includes(sign)) {
			if (depth === 0) begin = at;
			depth += 1;
		} else if ("]}".includes(sign)) {
			depth -= 1;
			if (depth === 0) found.push(JSON.parse(text.slice(begin, at + 1)));
		}
	}
	return found;
}

// What is different, or `undefined`. Names, types, words and sentences have to be the same; numbers may
// be others, and so may hex of the same length and strings that are shown with an ellipsis. A list may
// be longer than shown if the further items are like the last.
export function difference(shown, actual, path = "answer") {
	if (typeof shown === "string" && typeof actual === "string") {
		return isLike(shown, actual) ? undefined : `${path} is ${JSON.stringify(actual)}`;
	}
	if (kind(shown) !== kind(actual)) return `${path} is ${JSON.stringify(actual)}`;
	switch (kind(shown)) {
		case "boolean":
			return shown === actual ? undefined : `${path} is ${actual}`;
		case "list":
			return listDifference(shown, actual, path);
		case "object":
			return objectDifference(shown, actual, path);
	}
}

function kind(value) {
	if (value === null) return "null";
	if (Array.isArray(value)) return "list";
	return typeof value;
}

function isLike(shown, actual) {
	if (shown.includes("…")) {
		return shown.startsWith("0x") ? /^0x[0-9a-f]+$/.test(actual) : actual !== "";
	}
	if (/^0x[0-9a-f]+$/.test(shown)) return /^0x[0-9a-f]+$/.test(actual) && shown.length === actual.length;
	return shown === actual;
}

function listDifference(shown, actual, path) {
	if (actual.length < shown.length) return `${path} has ${actual.length} items`;
	if (shown.length === 0 && actual.length > 0) return `${path} is not empty`;
	for (const [index, item] of actual.entries()) {
		const found = difference(shown[Math.min(index, shown.length - 1)], item, `${path}[${index}]`);
		if (found) return found;
	}
}

function objectDifference(shown, actual, path) {
	for (const name of Object.keys(actual)) {
		if (!(name in shown)) return `${path}.${name} is not shown`;
	}
	for (const [name, value] of Object.entries(shown)) {
		if (!(name in actual)) return `${path}.${name} is missing`;
		const found = difference(value, actual[name], `${path}.${name}`);
		if (found) return found;
	}
}
