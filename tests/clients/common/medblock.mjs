// The medblock program in the hands of somebody whose account stays in another client: it encrypts,
// uploads, opens, and makes the calls that the other client signs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// The text between what the program says before and after it; see client/cli/src/wallet.rs.
const SIGN_IN = /sign exactly this:\n\n([^]+?)\n\nSignature \(0x\.\.\.\):/;

export class Medblock {
	// `account` has an `address`, and `signBytes`, which signs as the wallet does when a page asks.
	constructor(folder, name, account) {
		this.home = join(folder, name);
		this.account = account;
		mkdirSync(this.home);
	}

	// Takes the account in. `words` are those of its encryption keys, if there are some already.
	async begin(words) {
		const more = [];
		if (words) {
			const file = join(this.home, "words");
			writeFileSync(file, words, { mode: 0o600 });
			more.push("--words-file", file);
		}
		await this.run("account", "import", "me", "--address", this.account.address, ...more);
		return this;
	}

	// The words that the encryption keys come from.
	async words(...options) {
		return (await this.run(...options, "account", "export", "--words", "--yes")).words;
	}

	// The call that a command comes to, as hex.
	async prepare(...words) {
		const { call, data } = await this.run("--prepare", ...words);
		assert.match(data, /^0x[0-9a-f]+$/);
		return { call, data };
	}

	// What a command prints.
	async run(...words) {
		const { code, document, said } = await this.execute(words);
		assert.equal(code, 0, `medblock ${words.join(" ")}: ${JSON.stringify(document)} ${said}`);
		return document;
	}

	// Fails unless a command ends with this exit code; gives the message.
	async refused(expected, ...words) {
		const { code, document } = await this.execute(words);
		assert.equal(code, expected, `medblock ${words.join(" ")}: ${JSON.stringify(document)}`);
		return document.message;
	}

	// What the file is that a command writes.
	async opened(...words) {
		const output = join(this.home, "opened");
		await this.run(...words, "--force", "--output", output);
		return readFileSync(output);
	}

	// A file to add.
	file(name, content) {
		const path = join(this.home, name);
		writeFileSync(path, content);
		return path;
	}

	execute(words) {
		const options = ["--home", this.home, "--quiet", "--json"];
		const program = spawn(process.env.MEDBLOCK, [...options, ...words]);
		let printed = "";
		let said = "";
		program.stdout.on("data", (bytes) => (printed += bytes));
		program.stderr.on("data", async (bytes) => {
			said += bytes;
			const question = SIGN_IN.exec(said);
			if (!question) return;
			said = "";
			program.stdin.write(`${await this.account.signBytes(question[1])}\n`);
		});
		return new Promise((resolve, reject) => {
			program.on("error", reject);
			program.on("close", (code) => {
				resolve({ code, document: JSON.parse(printed || "null"), said });
			});
		});
	}
}
