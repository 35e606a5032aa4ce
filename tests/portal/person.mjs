// A person at a browser, who clicks, types and reads; and what that browser asked, sent and said meanwhile.
import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach } from "node:test";
import { until } from "./waiting.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Milliseconds that a page may take to show something: a signature is final within seconds. */
const PATIENCE = 60_000;

/** Everyone whose browser is open. */
const people = new Set();

// What people see tells why a test failed. A page that hangs says nothing.
afterEach(async ({ error }) => {
	if (!error) return;
	for (const { name, page, said } of people) {
		const text = await page.locator("body").innerText({ timeout: 5_000 }).catch(String);
		console.log([`--- ${name}, at ${page.url()}`, ...said, text.replace(/\n{2,}/g, "\n")].join("\n"));
	}
});

/**
 * Runs in the page, before anything of it: tells of short news as they come. They go by themselves after seconds, for which a
 * browser's driver may be stopped.
 */
function tellsNews() {
	// What a preview shows is no news.
	if (globalThis.top !== globalThis) return;
	new MutationObserver((changes) => {
		for (const { addedNodes } of changes) {
			for (const node of addedNodes) {
				if (node instanceof Element && node.matches(".toast") && node.checkVisibility()) void globalThis.personIsTold(node.textContent);
			}
		}
	}).observe(document, { subtree: true, childList: true });
}

/** Runs in the page as well: `isNoted` then says whether the Worker has done all that it was asked for by way of the notebook. */
function watchesNotes() {
	if (globalThis.top !== globalThis) return;
	const asked = new Set();
	globalThis.isNoted = () => asked.size === 0;
	const heard = new WeakSet();
	const { postMessage, terminate } = Worker.prototype;
	Worker.prototype.postMessage = function post(message, ...more) {
		if (!heard.has(this)) {
			heard.add(this);
			this.addEventListener("message", ({ data }) => {
				if (data?.say === "done" || data?.say === "failed") asked.delete(data.id);
			});
		}
		if (message?.say === "call" && message.method.startsWith("notebook.")) asked.add(message.id);
		return postMessage.call(this, message, ...more);
	};
	// One that is ended answers nothing any more.
	Worker.prototype.terminate = function end() {
		asked.clear();
		terminate.call(this);
	};
}

export class Person {
	/** The hosts that were asked, everything that went over the network, addresses and titles of pages, and messages. */
	hosts = new Set();
	sent = [];
	frames = 0;
	places = new Set();
	said = [];
	#pictures = 0;
	/** Short news since the person has last pressed something. */
	#news = [];

	/** Someone new, with a browser that keeps nothing of anyone else's. */
	static async at(browser, url, { settings, ...person }) {
		const context = await browser.newContext({ ...settings, locale: "en-GB", timezoneId: "Europe/Vienna", reducedMotion: "reduce" });
		return Person.in(context, url, person);
	}

	/** Someone at another tab of a browser. `before` runs before the page is loaded. Who does not listen keeps nothing of it. */
	static async in(context, url, { name, look, pictures = process.env.PICTURES, listens = true, before = async () => {} }) {
		const person = new Person();
		Object.assign(person, { name, look, pictures, context });
		if (listens) context.on("request", (request) => {
			person.hosts.add(new URL(request.url()).host);
			person.sent.push(request.url(), JSON.stringify(request.headers()), request.postDataBuffer() ?? "");
		});
		const page = await context.newPage();
		person.page = page;
		people.add(person);
		page.on("close", () => people.delete(person));
		page.setDefaultTimeout(PATIENCE);
		page.on("console", (message) => person.said.push(message.text()));
		page.on("pageerror", (error) => person.said.push(String(error)));
		page.on("framenavigated", (frame) => person.places.add(frame.url()));
		if (listens) await person.#listen();
		await page.exposeFunction("personIsTold", (text) => void person.#news.push(text));
		for (const runs of [tellsNews, watchesNotes]) await page.addInitScript(runs);
		await before(person);
		await page.goto(url);
		return person;
	}

	/** Keeps what goes through sockets: they are the Worker's, of which the page alone does not tell. */
	async #listen() {
		const devtools = await this.context.newCDPSession(this.page);
		let number = 0;
		devtools.on("Target.attachedToTarget", ({ sessionId }) => {
			number += 1;
			const message = JSON.stringify({ id: number, method: "Network.enable" });
			devtools.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => {});
		});
		devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
			const { method, params } = JSON.parse(message);
			if (method === "Network.webSocketCreated") {
				this.hosts.add(new URL(params.url).host);
				this.sent.push(params.url);
			} else if (method === "Network.webSocketFrameSent" || method === "Network.webSocketFrameReceived") {
				this.frames += 1;
				this.sent.push(params.response.payloadData);
			}
		});
		await devtools.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
	}

	// --- what a person reads ---------------------------------------------------------------------

	/** Waits for a page with this heading. */
	async reads(heading) {
		await this.page.getByRole("heading", { level: 1, name: heading }).waitFor();
	}

	/** Waits for a text somewhere on the page. */
	async sees(text) {
		await this.page.getByText(text).filter({ visible: true }).first().waitFor();
	}

	/** Waits for a sentence that stands by itself, word for word. */
	async tells(sentence) {
		await this.page.getByText(sentence, { exact: typeof sentence === "string" }).filter({ visible: true }).first().waitFor();
	}

	/** Waits until short news with this text have come since something was pressed: they may be gone again by then. Each counts once. */
	async isTold(text) {
		const fits = (news) => (typeof text === "string" ? news.includes(text) : text.test(news));
		await until(() => this.#news.some(fits), `no news say ${text}`, PATIENCE);
		this.#news.splice(0, this.#news.findIndex(fits) + 1);
	}

	/** Waits until all that a page has noted, such as a form's answers or what was seen, is written: a lock or a reload would lose it. */
	async isNoted() {
		await this.page.waitForFunction(() => globalThis.isNoted());
	}

	/** Waits until a text stands nowhere on the page any more. */
	async loses(text) {
		await this.page.getByText(text).filter({ visible: true }).first().waitFor({ state: "detached" });
	}

	/** The text of the page as it is. */
	text() {
		return this.page.locator("body").innerText();
	}

	/** Keeps a picture of the page, and has axe look at it. */
	async looks(name) {
		const { page } = this;
		// What a question is about goes on behind it. Browsers draw nothing in a frame that is out of sight.
		await page.waitForFunction(() => {
			document.querySelector(".preview iframe")?.scrollIntoView({ block: "nearest" });
			return document.querySelector("dialog[open]") || !document.querySelector("main .progress");
		});
		await page.waitForTimeout(400);
		// Short news lie over the page; behind a question they can't be closed.
		const news = page.locator(".toast").getByRole("button");
		// One that has gone by itself meanwhile can't be closed.
		for (let tries = 0; tries < 30 && !(await page.getByRole("dialog").isVisible()) && (await news.count()) > 0; tries += 1) {
			await news.first().click({ timeout: 2_000 }).catch(() => {});
		}
		this.places.add(page.url());
		this.places.add(await page.title());
		this.#pictures += 1;
		if (this.pictures) {
			await mkdir(this.pictures, { recursive: true });
			const path = join(this.pictures, `${this.look}-${this.name}-${String(this.#pictures).padStart(2, "0")}-${name}.png`);
			// As on a screen that is as high as the page, so that what stays at its edge covers nothing.
			const size = page.viewportSize();
			// What has a part of the screen's height grows with it, so the page is measured twice.
			for (let times = 0; times < 2; times += 1) {
				const height = await page.evaluate(() => document.documentElement.scrollHeight);
				await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
				await this.#painted();
			}
			await page.screenshot({ path });
			await page.setViewportSize(size);
		}
		const { violations } = await new AxeBuilder({ page }).withTags(TAGS).exclude("iframe").analyze();
		const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
		assert.deepEqual(found, [], `${this.look}, ${name}: accessibility`);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		assert.ok(wide <= 0, `${this.look}, ${name}: ${wide} pixels wider than the screen`);
	}

	/** Waits until every frame is painted at its present size: a preview's frame has a painter of its own. */
	async #painted() {
		const twice = () => new Promise((done) => {
			requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
			// A frame out of sight is never painted.
			setTimeout(() => done(null), 1_000);
		});
		await Promise.all(this.page.frames().map((frame) => frame.evaluate(twice).catch(() => null)));
	}

	/** Whether a page of paper in the preview has something dark on it. */
	seesPaper() {
		return this.page.frameLocator(".preview iframe").locator("canvas").first().evaluate((canvas) => {
			const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
			for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255 && data[at] < 128) return true;
			return false;
		});
	}

	// --- what a person does ----------------------------------------------------------------------

	async presses(name) {
		this.#news.length = 0;
		await this.page.getByRole("button", { name, exact: typeof name === "string" }).filter({ visible: true }).first().click();
	}

	async follows(name) {
		await this.page.getByRole("link", { name }).filter({ visible: true }).first().click();
	}

	/** Goes to another part of the portal by its menu, and waits until it is there: its page comes after the address has changed. */
	async goes(name) {
		const link = this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
		await link.click();
		await link.and(this.page.locator("[aria-current=page]")).waitFor();
	}

	async types(label, text) {
		await this.page.getByLabel(label, { exact: typeof label === "string" }).filter({ visible: true }).first().fill(text);
	}

	async ticks(label) {
		await this.page.getByRole("checkbox", { name: label }).check();
	}

	async picks(label) {
		await this.page.getByRole("radio", { name: label }).check();
	}

	async unfolds(name) {
		await this.page.locator("summary").filter({ hasText: name }).filter({ visible: true }).first().click();
	}

	/** Answers the question that is open. */
	async answers(name) {
		this.#news.length = 0;
		await this.page.getByRole("dialog").getByRole("button", { name }).click();
	}

	/** Presses what asks for files, and chooses these. */
	async chooses(name, files) {
		const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), this.presses(name)]);
		await chooser.setFiles(files);
	}

	/** Shows the code on the screen: a picture of it. */
	shows() {
		return this.page.locator(".qr svg").screenshot();
	}

	/** Reads another's code. */
	async scans(picture) {
		await this.unfolds("Without a camera");
		await this.page.getByLabel("A picture of the code").filter({ visible: true }).first()
			.setInputFiles({ name: "code.png", mimeType: "image/png", buffer: picture });
	}

	/** Makes an account from the first page on; the words, as they stand on the sheet. */
	async makesAccount(role, passphrase, looks = async () => {}) {
		await this.reads("Your medical records, in your hands");
		await looks("first-page");
		await this.follows(role);
		const words = await this.writesAccount(passphrase, looks);
		await this.page.getByRole("heading", { level: 1, name: /Unlock by face or finger|Choose your hospital|Register as a doctor/ }).waitFor();
		if (await this.page.getByRole("button", { name: "Not now" }).isVisible()) await this.presses("Not now");
		return words;
	}

	/** Makes an account from the page that asks for its passphrase on; the words, as they stand on the sheet. */
	async writesAccount(passphrase, looks = async () => {}) {
		await this.reads("Make your account");
		await this.types("A passphrase", passphrase);
		await this.types("The same passphrase again", passphrase);
		await looks("new-account");
		await this.presses("Continue");
		await this.reads("Write down these 24 words");
		const words = (await this.page.locator(".words li").allInnerTexts()).map((word) => word.replace(/^\d+\.?\s*/, "").trim());
		assert.equal(words.length, 24);
		await looks("words");
		await this.presses("I have them on paper");
		await this.reads("Two words, to be sure");
		for (const label of await this.page.locator("form label").allInnerTexts()) {
			await this.types(label, words[Number(/\d+/.exec(label)[0]) - 1]);
		}
		await looks("two-words");
		await this.presses("Make my account");
		return words.join(" ");
	}

	/** Restores an account by its words, from the first page on. */
	async restores(words, passphrase) {
		await this.follows(/^Restore with your 24 words/);
		await this.reads("Restore your account");
		await this.types(/^Your 24 words/, words);
		await this.types("A passphrase", passphrase);
		await this.types("The same passphrase again", passphrase);
		await this.presses("Restore");
	}

	/** Unlocks the account that this browser keeps. */
	async unlocks(passphrase) {
		await this.reads("Unlock your account");
		await this.types("Passphrase", passphrase);
		await this.presses("Unlock");
	}

	/** Goes to a place by its address, without loading anything, and waits until the page has noticed. */
	async visits(place) {
		await this.page.evaluate((hash) => new Promise((arrives) => {
			const before = location.href;
			addEventListener("hashchange", () => arrives(null), { once: true });
			location.hash = hash;
			// It was there already.
			if (location.href === before) arrives(null);
		}), `#/${place}`);
	}

	/** Goes from anywhere to the last page before the chart is shared with a doctor. */
	async comesToTheCheck(doctor) {
		await this.goes("Doctors");
		await this.types("Name, specialty or place", doctor.name);
		await this.follows(new RegExp(doctor.name));
		await this.follows(`Share with ${doctor.name}`);
		await this.picks(/The whole chart/);
		await this.presses("Continue");
		await this.reads(`May ${doctor.name} add to it?`);
		await this.picks("No, only read");
		await this.presses("Continue");
		await this.picks("30 days");
		await this.presses("Continue");
		await this.reads("Check before you sign");
	}

	/** Adds files, up to the signature. */
	async comesToAdd(...files) {
		await this.visits("add");
		await this.reads("Add records");
		await this.chooses("Choose files", files);
	}

	/** Ends the browser. */
	leaves() {
		return this.context.close();
	}
}
