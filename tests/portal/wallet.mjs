// A wallet as extensions put it into a page. Its key stays outside of the browser, and signs as the polkadot{.js} extension
// does, by @polkadot/api. The test is its owner.
//
// WALLET is where @polkadot/api is installed.
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.WALLET, "wallet.cjs"));
const { Keyring } = require("@polkadot/api");
const { TypeRegistry } = require("@polkadot/types");
const { u8aToHex, u8aWrapBytes } = require("@polkadot/util");
const { cryptoWaitReady } = require("@polkadot/util-crypto");

await cryptoWaitReady();
const keyring = new Keyring({ type: "sr25519", ss58Format: 42 });

export class Wallet {
	/** The name by which the page knows it. */
	name = "trial";
	/** Its account. */
	pair = keyring.addFromSeed(randomBytes(32));
	/** Whether the owner agrees to everything at once, declines everything, or looks at each question. */
	mood = "agrees";
	/** The kinds of what it was asked to sign, and what it was told of chains. */
	asked = [];
	told = [];
	/** What the owner looks at now. */
	#open = [];

	/** Puts it into a page, before that is loaded: what Person.at wants as `before`. */
	into = async ({ page }) => {
		await page.exposeFunction("walletSigns", (kind, what) => this.#signs(kind, what));
		await page.exposeFunction("walletIsTold", (definition) => {
			this.told.push(definition);
			return true;
		});
		await page.exposeFunction("walletKnows", () => this.told.map(({ genesisHash, specVersion }) => ({ genesisHash, specVersion })));
		// Its owner has let the page in. It writes addresses with another network's prefix.
		await page.addInitScript(([name, address]) => {
			const asked = async (kind, what) => {
				const { signature, refused } = await globalThis.walletSigns(kind, what);
				if (refused) throw new Error(refused);
				return { id: 1, signature };
			};
			globalThis.injectedWeb3 = {
				[name]: {
					version: "1",
					enable: async () => ({
						accounts: { get: async () => [{ address, name: "mine", type: "sr25519" }] },
						metadata: { get: () => globalThis.walletKnows(), provide: (definition) => globalThis.walletIsTold(definition) },
						signer: { signPayload: (payload) => asked("payload", payload), signRaw: (raw) => asked("raw", raw) },
					}),
				},
			};
		}, [this.name, keyring.encodeAddress(this.pair.publicKey, 0)]);
	};

	/** Whether the owner is asked for something. */
	get isAsked() {
		return this.#open.length > 0;
	}

	/** The owner agrees to what is asked now. */
	agree() {
		this.#open.shift()?.(true);
	}

	/** The owner declines it. */
	decline() {
		this.#open.shift()?.(false);
	}

	async #signs(kind, what) {
		this.asked.push(kind);
		const agrees = this.mood === "looks" ? await new Promise((decides) => this.#open.push(decides)) : this.mood === "agrees";
		if (!agrees) return { refused: "Cancelled" };
		if (kind === "raw") return { signature: u8aToHex(this.pair.sign(u8aWrapBytes(what.data))) };
		const registry = new TypeRegistry();
		registry.setSignedExtensions(what.signedExtensions);
		return registry.createType("ExtrinsicPayload", what, { version: what.version }).sign(this.pair);
	}
}
