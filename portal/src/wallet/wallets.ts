// Wallets in this browser, by the interface that extensions have in common: what the polkadot{.js} extension puts into
// `window.injectedWeb3`. A wallet shows its accounts to this page if its owner lets it, and signs what they confirm there.
import type { Address, WalletRequest } from "../api.ts";

/** Why a wallet did not do what it was asked for. */
export type Refusal =
	/** It is not in this browser any more. */
	| "gone"
	/** It did not let this page in. */
	| "shut"
	/** It shows no account to this page. */
	| "empty"
	/** It does not show the account that has to sign. */
	| "other"
	/** The account's key is of a kind that this chain's vaults don't take. */
	| "foreign"
	/** Its owner declined. */
	| "declined"
	/** It can't sign such things at all. */
	| "unable"
	/** Anything else, in its own words. */
	| "failed";

/** A wallet's refusal. */
export class WalletError extends Error {
	constructor(readonly refusal: Refusal, said = "") {
		super(said);
		this.name = "WalletError";
	}
}

/** An account as a wallet shows it. */
export interface WalletAccount {
	/** Its address, in the form that the wallet likes. */
	address: string;
	name?: string | undefined;
	/** The kind of its key: `sr25519` if it is left out. */
	type?: string | undefined;
}

/** What a wallet has to know of a chain to show what it signs. */
export interface ChainDefinition {
	genesis: string;
	specVersion: number;
	/** Metadata of version 14. */
	metadata: Uint8Array;
}

interface Signature {
	signature: string;
}

interface Injected {
	accounts: { get(): Promise<WalletAccount[]> };
	metadata?: {
		get(): Promise<{ genesisHash: string; specVersion: number }[]>;
		provide(definition: object): Promise<boolean>;
	};
	signer: {
		signPayload?(payload: object): Promise<Signature>;
		signRaw?(raw: { address: string; data: string; type: "bytes" }): Promise<Signature>;
	};
}

interface Provider {
	version?: string;
	enable?(origin: string): Promise<Injected>;
}

declare global {
	interface Window {
		injectedWeb3?: Record<string, Provider>;
	}
}

/** What the page calls itself to wallets; they show its address beside that. */
const PAGE = "MedBlock";
/** The prefix of this chain's addresses. */
const SS58 = 42;

const opened = new Map<string, Promise<Injected>>();

/** The wallets of this browser, by their own names. */
export function walletNames(): string[] {
	return Object.keys(window.injectedWeb3 ?? {});
}

const words = (why: unknown) => (why instanceof Error ? why.message : String(why));

function open(name: string): Promise<Injected> {
	const provider = window.injectedWeb3?.[name];
	if (!provider) return Promise.reject(new WalletError("gone"));
	const known = opened.get(name);
	if (known) return known;
	const opening = (async () => {
		if (!provider.enable) throw new WalletError("unable");
		try {
			return await provider.enable(PAGE);
		} catch (why) {
			throw new WalletError("shut", words(why));
		}
	})();
	opened.set(name, opening);
	// Who did not let the page in may do so next time.
	opening.catch(() => opened.delete(name));
	return opening;
}

const fits = ({ type }: WalletAccount) => type === undefined || type === "sr25519";

/** The accounts of a wallet that can sign here. Asks its owner to let this page in, if they have not yet. */
export async function walletAccounts(name: string): Promise<WalletAccount[]> {
	const all = await (await open(name)).accounts.get();
	if (all.length === 0) throw new WalletError("empty");
	const usable = all.filter(fits);
	if (usable.length === 0) throw new WalletError("foreign");
	return usable;
}

/** Which refusal a wallet's own words mean. */
function refusal(name: string, why: unknown): WalletError {
	if (why instanceof WalletError) return why;
	const said = words(why);
	if (/cancel|reject|declin|denied|refus|not (been )?allowed/i.test(said)) return new WalletError("declined", said);
	if (!window.injectedWeb3?.[name] || /context invalidated|disconnected|port (was )?closed|receiving end/i.test(said)) {
		return new WalletError("gone", said);
	}
	if (/unable to (find|retrieve)|no (such )?(account|keypair)|account not found/i.test(said)) return new WalletError("other", said);
	return new WalletError("failed", said);
}

const hexOf = (text: string) =>
	`0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/**
 * The wallet's signature in hexadecimal. `plain` gives addresses in the chain's own form, so that the same account is
 * found whatever form the wallet likes.
 */
export async function walletSignature(
	name: string,
	request: WalletRequest,
	plain: (addresses: string[]) => Promise<(Address | null)[]>,
): Promise<string> {
	try {
		const injected = await open(name);
		const all = await injected.accounts.get();
		if (all.length === 0) throw new WalletError("empty");
		const wanted = request.kind === "text" ? request.address : request.payload.address;
		const addresses = await plain(all.map(({ address }) => address));
		const account = all.find((_, place) => addresses[place] === wanted);
		if (!account) throw new WalletError("other");
		if (!fits(account)) throw new WalletError("foreign");
		const { address } = account;
		const { signer } = injected;
		if (request.kind === "text") {
			if (!signer.signRaw) throw new WalletError("unable");
			return (await signer.signRaw({ address, data: hexOf(request.text), type: "bytes" })).signature;
		}
		if (!signer.signPayload) throw new WalletError("unable");
		return (await signer.signPayload({ ...request.payload, address })).signature;
	} catch (why) {
		throw refusal(name, why);
	}
}

/** Whether a wallet can be told of a chain, and whether it knows this version of it. */
export async function knowsChain(name: string, chain: Pick<ChainDefinition, "genesis" | "specVersion">): Promise<"yes" | "no" | "unable"> {
	try {
		const { metadata } = await open(name);
		if (!metadata) return "unable";
		const known = (await metadata.get()).find(({ genesisHash }) => genesisHash === chain.genesis);
		return known && known.specVersion >= chain.specVersion ? "yes" : "no";
	} catch (why) {
		throw refusal(name, why);
	}
}

function base64(bytes: Uint8Array): string {
	let text = "";
	const PIECE = 0x8000;
	for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
	return btoa(text);
}

/** Tells a wallet what it has to know to show in words what it signs. Its owner has to agree there. */
export async function tellChain(name: string, { genesis, specVersion, metadata }: ChainDefinition): Promise<void> {
	try {
		const injected = await open(name);
		if (!injected.metadata) throw new WalletError("unable");
		const agreed = await injected.metadata.provide({
			chain: PAGE,
			chainType: "substrate",
			genesisHash: genesis,
			icon: "substrate",
			metaCalls: base64(metadata),
			specVersion,
			ss58Format: SS58,
			tokenDecimals: 0,
			tokenSymbol: "none",
			types: {},
		});
		if (!agreed) throw new WalletError("declined");
	} catch (why) {
		throw refusal(name, why);
	}
}
