// A browser as people have it: nobody keeps what its pages send. A driver that listens to the network makes the browser
// hold every request's body for it, so that memory cannot be measured beside one. Pages are acted on by scripts alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { ARGUMENTS, EXECUTABLE } from "./browser.mjs";

/** The browser's own protocol. The network's domain stays off, so that nothing of it is kept for whoever asks. */
class Devtools {
	#socket;
	#waiting = new Map();
	#number = 0;
	#hearing = null;

	static async at(url) {
		const devtools = new Devtools();
		devtools.#socket = new WebSocket(url, { maxPayload: 2 ** 26 });
		devtools.#socket.on("message", (bytes) => devtools.#answered(JSON.parse(bytes)));
		await once(devtools.#socket, "open");
		return devtools;
	}

	send(method, params = {}, sessionId = undefined) {
		this.#number += 1;
		this.#socket.send(JSON.stringify({ id: this.#number, method, params, sessionId }));
		return new Promise((resolve, reject) => this.#waiting.set(this.#number, { method, resolve, reject }));
	}

	/** Waits for an event of which this holds. */
	hears(method, holds) {
		return new Promise((heard) => {
			this.#hearing = { method, holds, heard };
		});
	}

	close() {
		this.#socket.close();
	}

	#answered({ id, result, error, method, params }) {
		if (this.#hearing && method === this.#hearing.method && this.#hearing.holds(params)) this.#hearing.heard(params);
		const waits = this.#waiting.get(id);
		if (!waits) return;
		this.#waiting.delete(id);
		if (error) waits.reject(new Error(`${waits.method}: ${error.message}`));
		else waits.resolve(result);
	}
}

/** Runs on the page: waits until an element of this kind with this text is shown, and gives it. */
function whenShown(kind, text) {
	const find = () => [...document.querySelectorAll(kind)].find((one) => one.checkVisibility() && one.textContent.includes(text));
	return new Promise((found) => {
		const look = () => {
			const one = find();
			if (!one) return false;
			watch.disconnect();
			found(one);
			return true;
		};
		const watch = new MutationObserver(look);
		if (!look()) watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
	});
}

export class Unwatched {
	devtools;
	#browser;
	#folder;
	#session;

	/** Starts a browser with an empty profile, and opens a page. */
	static async at(url) {
		const one = new Unwatched();
		one.#folder = await mkdtemp(join(tmpdir(), "unwatched-"));
		one.#browser = spawn(EXECUTABLE, [...ARGUMENTS, "--headless", "--remote-debugging-port=0", `--user-data-dir=${one.#folder}`, "about:blank"], {
			stdio: ["ignore", "ignore", "pipe"],
		});
		const address = await new Promise((found, lost) => {
			one.#browser.on("exit", (code) => lost(new Error(`the browser ended with ${code}`)));
			createInterface({ input: one.#browser.stderr }).on("line", (line) => {
				const said = /DevTools listening on (ws:\S+)/.exec(line);
				if (said) found(said[1]);
			});
		});
		one.devtools = await Devtools.at(address);
		const { targetId } = await one.devtools.send("Target.createTarget", { url: "about:blank" });
		const { sessionId } = await one.devtools.send("Target.attachToTarget", { targetId, flatten: true });
		one.#session = sessionId;
		// Before the page has loaded, there is nowhere to run a script.
		await one.devtools.send("Page.enable", {}, sessionId);
		const loaded = one.devtools.hears("Page.loadEventFired", () => true);
		await one.devtools.send("Page.navigate", { url }, sessionId);
		await loaded;
		await one.devtools.send("Page.disable", {}, sessionId);
		return one;
	}

	/** Waits for such an element, runs this on it, and waits for what it promises. */
	async #with(kind, text, does, ...values) {
		await this.#evaluates(`(${whenShown})(${JSON.stringify(kind)}, ${JSON.stringify(text)}).then((one) => (${does})(one, ...${JSON.stringify(values)}))`);
	}

	async #evaluates(expression) {
		const { result, exceptionDetails } = await this.devtools.send("Runtime.evaluate", { expression, awaitPromise: true, userGesture: true }, this.#session);
		if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		return result.objectId;
	}

	/** Waits for a page with this heading. */
	reads(heading) {
		return this.#with("h1", heading, () => {});
	}

	presses(name) {
		return this.#with("button", name, (button) => button.click());
	}

	follows(name) {
		return this.#with("a", name, (link) => link.click());
	}

	types(label, text) {
		return this.#with("label", label, ({ htmlFor }, typed) => {
			const field = document.getElementById(htmlFor);
			field.value = typed;
			field.dispatchEvent(new Event("input", { bubbles: true }));
		}, text);
	}

	async restores(words, passphrase) {
		await this.follows("Restore with your 24 words");
		await this.reads("Restore your account");
		await this.types("Your 24 words", words);
		await this.types("A passphrase", passphrase);
		await this.types("The same passphrase again", passphrase);
		await this.presses("Restore");
	}

	async adds(path) {
		await this.#evaluates('location.hash = "#/add"');
		await this.reads("Add records");
		const objectId = await this.#evaluates('document.querySelector("input[type=file]")');
		await this.devtools.send("DOM.setFileInputFiles", { files: [path], objectId }, this.#session);
		await this.presses("Sign and add 1 record");
		await this.reads("Your records");
	}

	/** Presses what saves a file, and waits until it is in the folder. */
	async downloads(name, folder) {
		await this.devtools.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, eventsEnabled: true });
		const done = this.devtools.hears("Browser.downloadProgress", ({ state }) => state === "completed");
		await this.presses(name);
		await done;
	}

	async leaves() {
		const gone = once(this.#browser, "exit");
		await this.devtools.send("Browser.close");
		await gone;
		this.devtools.close();
		await rm(this.#folder, { recursive: true, force: true });
	}
}
