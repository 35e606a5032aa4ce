// Runs the examples of a guide, and compares their answers with those that it shows.
//
// Usage: node examples.mjs GUIDE FOLDER
//
// Every block in `sh`, `ts` or `python` is an example and is run in FOLDER as it stands, with the
// environment of this program. The block of `json` or `text` behind it is its answer: the shape of the
// JSON documents that it prints, or exactly what it prints. `follow` behind the language means that
// the example goes on for ever: once it has printed something, the command in NEWS happens beside it, and it is
// interrupted when it has printed as many documents as are shown.
// The guide's table of errors has to name every code that the OpenRPC document (OPENRPC) does.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { difference, documents } from "./shape.mjs";

const RUNS = {
	sh: (file) => ["bash", "-euo", "pipefail", file],
	ts: (file) => ["node", "--disable-warning=ExperimentalWarning", file],
	python: (file) => ["python", file],
};
const ANSWERS = ["json", "text"];
const PATIENCE = 60_000;

// The fenced blocks of a guide: language, whether to follow, line, text.
function blocks(text) {
	const found = [];
	let open;
	for (const [index, line] of text.split("\n").entries()) {
		const fence = /^```(\S*)\s*(.*)$/.exec(line);
		if (open && line === "```") {
			found.push(open);
			open = undefined;
		} else if (open) {
			open.text += `${line}\n`;
		} else if (fence) {
			open = { language: fence[1], follow: fence[2] === "follow", line: index + 1, text: "" };
		}
	}
	if (open) throw new Error(`the block in line ${open.line} has no end`);
	return found;
}

// Each example with its answer. What is neither is a mistake: nothing is skipped unnoticed.
function examples(all) {
	const found = [];
	for (const [index, block] of all.entries()) {
		const { language, line } = block;
		if (language in RUNS) {
			const next = all[index + 1];
			found.push({ ...block, answer: ANSWERS.includes(next?.language) ? next : undefined });
		} else if (ANSWERS.includes(language)) {
			if (!(all[index - 1]?.language in RUNS)) throw new Error(`line ${line} answers nothing`);
		} else {
			throw new Error(`nobody knows how to run the block in line ${line}: ${language}`);
		}
	}
	return found;
}

// What was printed but for notifications that only say how far the chain is: where the chain was quiet for 60
// blocks before, as it is on a busy machine, one comes first.
function eventful(text) {
	return documents(text).filter((one) => one?.events?.length !== 0);
}

// Lets something happen that examples which go on are told of.
function happen() {
	const running = spawn("bash", ["-euo", "pipefail", "-c", process.env.NEWS], { stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	running.stderr.on("data", (bytes) => (said += bytes));
	return new Promise((resolve, reject) => {
		running.on("error", reject);
		running.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`NEWS ended with ${code}: ${said}`))));
	});
}

// Runs an example; what it printed, or an error.
function run({ language, text, line, follow, answer }, folder) {
	const file = join(folder, `line-${line}.${{ python: "py" }[language] ?? language}`);
	writeFileSync(file, text);
	const [program, ...words] = RUNS[language](file);
	// Standard input stays open, as in a terminal: some programs end with it.
	const running = spawn(program, words, { cwd: folder, stdio: ["pipe", "pipe", "pipe"], detached: true });
	const enough = follow ? documents(answer.text).length : Infinity;
	let printed = "";
	let said = "";
	let interrupted = false;
	let news;
	const interrupt = (signal) => {
		if (running.exitCode === null) process.kill(-running.pid, signal);
	};
	const limit = setTimeout(() => {
		said += `\ngave up after ${PATIENCE} ms`;
		interrupt("SIGKILL");
	}, PATIENCE);
	running.stdout.on("data", (bytes) => {
		printed += bytes;
		if (follow && !news && printed.endsWith("\n")) {
			news = happen();
			news.catch((why) => {
				said += `\n${why.message}`;
				interrupt("SIGKILL");
			});
		}
		if (interrupted || !printed.endsWith("\n") || eventful(printed).length < enough) return;
		interrupted = true;
		interrupt("SIGINT");
	});
	running.stderr.on("data", (bytes) => (said += bytes));
	return new Promise((resolve, reject) => {
		running.on("error", reject);
		running.on("close", (code, signal) => {
			clearTimeout(limit);
			// The next example begins when nothing of this one happens any more.
			if (interrupted ? code === 0 || signal === "SIGINT" || code === 130 : code === 0) {
				Promise.resolve(news).then(() => resolve(printed), reject);
			} else reject(new Error(`it ended with ${code ?? signal}: ${said}${printed}`));
		});
	});
}

function check(answer, printed, follow) {
	if (!answer) return;
	if (answer.language === "text") {
		if (printed !== answer.text) throw new Error(`it printed:\n${printed}`);
		return;
	}
	const shown = documents(answer.text);
	const actual = follow ? eventful(printed).slice(0, shown.length) : documents(printed);
	if (shown.length === 0 || actual.length !== shown.length) {
		throw new Error(`${shown.length} documents are shown, and it printed:\n${printed}`);
	}
	for (const [index, document] of shown.entries()) {
		const found = difference(document, actual[index]);
		if (found) throw new Error(`${found}; it printed:\n${printed}`);
	}
}

// Every code that the OpenRPC document names anywhere has to be in the guide's table of errors.
function checkCodes(guide, openrpc) {
	const codes = (text) => new Set(text.match(/-32\d{3}\b/g));
	const tabled = codes(guide.split("\n").filter((line) => /^\| -32/.test(line)).join("\n"));
	const known = codes(openrpc);
	const missing = [...known].filter((code) => !tabled.has(code));
	if (missing.length > 0) throw new Error(`the table has no ${missing.join(", ")}`);
}

async function attempt(name, work) {
	const started = performance.now();
	try {
		await work();
		console.error(`  passed  ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
	} catch (why) {
		process.exitCode = 1;
		console.error(`  FAILED  ${name}: ${why.message}`);
	}
}

const [guide, folder] = process.argv.slice(2);
const text = readFileSync(guide, "utf8");
await attempt("the guide names every error code", () => {
	checkCodes(text, readFileSync(process.env.OPENRPC, "utf8"));
});
for (const example of examples(blocks(text))) {
	const [about] = /medicalRecords_\w+|medblock \w+ \w+|node\.\w+(?=\()/.exec(example.text) ??
		example.text.split("\n");
	const name = `line ${example.line}, ${example.language}: ${about}`;
	await attempt(name, async () => {
		check(example.answer, await run(example, folder), example.follow);
	});
}
