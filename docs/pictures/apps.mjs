// Polkadot.js Apps, used as a person does: by what is written on its buttons, fields and menus.

import { chromium } from 'playwright-core';

const WIDTH = 1200;
const HEIGHT = 900;

export class Apps {
	#url;
	#node;
	#pictures;
	#context;
	#page;

	/**
	 * Opens a browser that has never seen Apps.
	 *
	 * @param {{ url: string, node: string, browser: string, profile: string, pictures: string }} where
	 */
	static async open({ url, node, browser, profile, pictures }) {
		const apps = new Apps();
		apps.#url = url;
		apps.#node = node;
		apps.#pictures = pictures;
		apps.#context = await chromium.launchPersistentContext(profile, {
			executablePath: browser,
			viewport: { width: WIDTH, height: HEIGHT },
			locale: 'en-GB',
			// Without it, Chromium keeps a public page away from nodes on this machine.
			permissions: ['local-network-access'],
			// Chromium will not start as root with its sandbox, which is how containers run it.
			chromiumSandbox: process.getuid() !== 0,
			args: ['--disable-background-networking', '--disable-component-update', '--disable-sync'],
		});
		apps.#page = apps.#context.pages()[0] ?? (await apps.#context.newPage());
		return apps;
	}

	async close() {
		await this.#context.close();
	}

	/** Opens one of its pages, by what stands after the `#`. */
	async go(path) {
		// Another page in between: a new `#…` alone would leave what was typed before.
		await this.#page.goto('about:blank');
		await this.#page.goto(`${this.#url}?rpc=${encodeURIComponent(this.#node)}#${path}`);
		await this.#page.bringToFront();
		await this.text(/^medblock\/\d+/).waitFor({ timeout: 60_000 });
		await this.main.waitFor();
	}

	/** Opens one of its pages in a tab of its own, which stays open. */
	async tab(path) {
		const tab = new Apps();
		tab.#url = this.#url;
		tab.#node = this.#node;
		tab.#pictures = this.#pictures;
		tab.#context = this.#context;
		tab.#page = await this.#context.newPage();
		await tab.go(path);
		return tab;
	}

	/** Takes a picture of the upper part of the window, with the pointer out of the way. */
	async picture(name, height = HEIGHT) {
		await this.#page.bringToFront();
		await this.#page.evaluate(() => document.fonts.ready);
		await this.#page.mouse.move(WIDTH / 2, HEIGHT - 1);
		await this.shot(name, height);
	}

	/** The same, with the pointer where it is: Apps shows its messages only under it. */
	async shot(name, height = HEIGHT) {
		await this.#page.screenshot({
			path: `${this.#pictures}/${name}.png`,
			clip: { x: 0, y: 0, width: WIDTH, height },
			animations: 'disabled',
		});
	}

	get main() {
		return this.#page.locator('main');
	}

	get dialog() {
		return this.#page.locator('.ui--Modal');
	}

	text(text) {
		return this.#page.getByText(text);
	}

	button(name, within = this.#page) {
		return within.getByRole('button', { name, exact: true });
	}

	/** Presses a button with the keyboard, which works also where something lies over it. */
	async press(name) {
		await this.button(name).first().focus();
		await this.#page.keyboard.press('Enter');
	}

	/** Chooses from one of the page's menus, counted from 0. */
	async choose(menu, option) {
		const box = this.main.locator('.ui.dropdown').nth(menu);
		await box.click({ position: { x: 40, y: 30 } });
		await box.getByRole('option').filter({ hasText: option }).first().click();
	}

	/** Types into the only field for a number, or the last. */
	async fill(value) {
		await this.main.locator('.ui--Params input[type=text], .ui--Params input[type=number]').last().fill(value);
	}

	/** Follows a link that the command line has printed, up to where it can be submitted. */
	async follow(link) {
		await this.go(link.slice(link.indexOf('#') + 1));
		await this.text('encoded call hash').waitFor();
	}

	/** Chooses the account that is to sign. */
	async account(menu, name) {
		const box = this.main.locator('.ui.dropdown').nth(menu);
		await box.click({ position: { x: 200, y: 30 } });
		await box.getByRole('textbox').fill(name);
		await box.getByRole('option').filter({ hasText: name }).first().click();
	}

	/** Has what is on the page signed, and returns what Apps then says. */
	async submit(password, before = async () => {}) {
		await this.button('Submit Transaction').click();
		await this.dialog.getByText(/Fees of/).waitFor();
		await before();
		await this.dialog.locator('input[type=password]').fill(password);
		await this.button('Sign and Submit', this.dialog).click();
		const said = this.#page.locator('.ui--Status .item');
		await said.filter({ hasText: /extrinsic event|ExtrinsicFailed|Invalid/ }).first().waitFor({ state: 'attached' });
		await said.first().hover();
		return (await said.allInnerTexts()).join('\n');
	}

	/** Asks the chain, and returns the answer as it is shown. */
	async ask(api, method, value) {
		await this.choose(0, new RegExp(`^${api}`));
		await this.choose(1, new RegExp(`^${method}\\(`));
		if (value !== undefined) await this.fill(value);
		const answers = this.main.locator('.ui--Output');
		const before = await answers.count();
		await this.button('Submit Runtime call').click();
		await answers.nth(before).waitFor();
		// The newest answer is the first.
		return answers.first().innerText();
	}

	/** Expects a file to be downloaded meanwhile. */
	async download(action) {
		const [file] = await Promise.all([this.#page.waitForEvent('download'), action()]);
		return file.suggestedFilename();
	}
}
