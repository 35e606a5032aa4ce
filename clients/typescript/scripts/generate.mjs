// Writes src/generated.ts: the types and methods of a node's OpenRPC document.
//
// Usage: npm run generate [-- --check]
//
// OPENRPC names the document; by default it is the one in this repository. With --check nothing is
// written, and it fails when the file is not what the document says.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const source = process.env.OPENRPC ?? join(here, "../../../pallets/medical-records/rpc/openrpc.json");
const target = join(here, "../src/generated.ts");
const PREFIXES = ["consortium_", "delegation_", "medicalRecords_"];

// `medicalRecords_grantsToDoctor` is `grantsToDoctor` here.
const short = ({ name }) => name.slice(name.indexOf("_") + 1);
const capital = (name) => name[0].toUpperCase() + name.slice(1);

// A method's parameters as one object, which is how this client sends them.
function parameters(method) {
	const properties = {};
	for (const { name, description, schema } of method.params) {
		// Beside a `$ref` a description would hide what it refers to.
		properties[name] = { allOf: [schema], description };
	}
	const required = method.params.filter((one) => one.required).map((one) => one.name);
	return {
		title: `${capital(short(method))}Params`,
		description: `What \`${short(method)}\` takes.`,
		type: "object",
		properties,
		required,
	};
}

// Bounds and patterns are the node's to check; the words say the same.
function withoutBounds(schema) {
	if (Array.isArray(schema)) return schema.map(withoutBounds);
	if (schema === null || typeof schema !== "object") return schema;
	const { minimum, maximum, pattern, format, default: _, ...rest } = schema;
	// In `properties` the keys are names of the interface's own.
	return Object.fromEntries(Object.entries(rest).map(([key, value]) => [
		key,
		key === "properties" ? eachOf(value) : withoutBounds(value),
	]));
}

const eachOf = (schemas) => Object.fromEntries(
	Object.entries(schemas).map(([name, schema]) => [name, withoutBounds(schema)]),
);

function comment(text, indent = "") {
	const lines = text.split("\n").flatMap((line) => wrap(line, 95 - indent.length));
	if (lines.length === 1) return `${indent}/** ${lines[0]} */`;
	return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join("\n");
}

function wrap(line, width) {
	const lines = [""];
	for (const word of line.split(" ")) {
		const last = lines[lines.length - 1];
		if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
		else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
	}
	return lines;
}

async function types(document, methods) {
	const definitions = {
		...document.components.schemas,
		...Object.fromEntries(methods.map((method) => {
			const schema = parameters(method);
			return [schema.title, schema];
		})),
		...Object.fromEntries(methods.map(({ result: { schema } }) => [schema.title, schema])),
	};
	const schema = JSON.parse(
		JSON.stringify({ definitions: eachOf(definitions) })
			.replaceAll("#/components/schemas/", "#/definitions/"),
	);
	const text = await compile(schema, "Everything", {
		additionalProperties: false,
		bannerComment: "",
		format: true,
		style: { printWidth: 100, useTabs: true },
		unreachableDefinitions: true,
	});
	// The library wants a root, of which nothing is used, and says of each definition where it came from.
	return text
		.replace(/export (interface|type) Everything\b[^]*?\n\}?\n/, "")
		.replaceAll(/\n( \*)?\n \* This interface was referenced by `Everything`'s JSON-Schema\n \* via the `definition` "\w+"\./g, "")
		.replaceAll(/\/\*\*\n \* This interface was referenced by [^]*?\*\/\n/g, "")
		.replaceAll(/\/\*\*\n\s*\* (.{1,90})\n\s*\*\//g, "/** $1 */")
		.trim();
}

function methodTable(methods) {
	const entries = methods.map((method) => {
		const text = [method.summary, method.description].filter(Boolean).join("\n\n");
		return `${comment(text, "\t")}\n\t${short(method)}: {\n` +
			`\t\tparams: ${capital(short(method))}Params;\n\t\tresult: ${method.result.schema.title};\n\t};`;
	});
	return `${comment("What can be asked: each method's parameters and answer.")}\n` +
		`export interface Methods {\n${entries.join("\n")}\n}`;
}

// The names under which a node knows the methods.
function nodeNames(methods) {
	const entries = methods.map((method) => [short(method), method.name]);
	if (new Map(entries).size < entries.length) throw new Error("two methods have the same short name");
	const lines = entries.map(([name, full]) => `\t${name}: ${JSON.stringify(full)},`);
	return `${comment("The names under which a node knows the methods.")}\n` +
		`export const NODE_NAMES = {\n${lines.join("\n")}\n} as const;`;
}

// Those that answer in pages.
const isPaged = ({ result }) => result.schema.properties.next !== undefined;

function pagedNames(methods) {
	const names = methods.filter(isPaged).map((method) => `\t| ${JSON.stringify(short(method))}`);
	return `${comment("The methods that answer in pages.")}\nexport type Paged =\n${names.join("\n")};`;
}

function errorCodes(document) {
	const errors = new Map();
	for (const method of document.methods) {
		for (const { code, message } of method.errors ?? []) errors.set(code, message);
	}
	const codes = [...errors].sort(([one], [other]) => other - one);
	const lines = codes.map(([code, message]) => `\t${JSON.stringify(`${code}`)}: ${JSON.stringify(message)},`);
	return `${comment("What the methods refuse, and what each code means.")}\n` +
		`export const METHOD_ERRORS = {\n${lines.join("\n")}\n} as const;`;
}

const document = JSON.parse(readFileSync(source, "utf8"));
const isRead = ({ name, result }) => {
	return PREFIXES.some((prefix) => name.startsWith(prefix)) && result.schema.title;
};
const methods = document.methods.filter(isRead);
const text = `// Made by scripts/generate.mjs from the node's OpenRPC document. Do not edit.

${await types(document, methods)}

${methodTable(methods)}

${nodeNames(methods)}

${pagedNames(methods)}

${errorCodes(document)}
`;
if (process.argv.includes("--check")) {
	if (readFileSync(target, "utf8") !== text) {
		console.error("src/generated.ts is not what the OpenRPC document says: npm run generate");
		process.exit(1);
	}
} else {
	writeFileSync(target, text);
}
