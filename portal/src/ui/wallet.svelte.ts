// What wallets are asked, one thing after another, and the sentences for what they refuse.
import { PortalError, type Address, type WalletRequest } from '../api';
import { walletNames, walletSignature, WalletError } from '../wallet/wallets';
import { problemOf } from './deed.svelte';
import { t } from './i18n.svelte';
import { portal } from './portal.svelte';
import { said } from './said';

/** Something that a wallet is asked for now. */
export interface Asked {
	request: WalletRequest;
	/** The wallet that is asked; `null` as long as the person has to choose one. */
	wallet: string | null;
	choose: (wallet: string) => void;
	cancel: () => void;
}

/** Where the wallets' names are kept, by account. */
const KEPT = 'medblock-wallets';

let now = $state.raw<Asked | null>(null);
// On a public computer the choice holds until the tab is closed.
const chosen = new Map<Address, string>();

/** What a wallet is asked now. */
export function asked(): Asked | null {
	return now;
}

function kept(): Record<Address, string> {
	try {
		const all: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '{}');
		return typeof all === 'object' && all !== null ? (all as Record<Address, string>) : {};
	} catch {
		return {};
	}
}

/** The wallet that signs for an account: the one that was chosen, or the only one. */
export function walletOf(address: Address): string | null {
	const known = chosen.get(address) ?? kept()[address];
	if (typeof known === 'string') return known;
	const [only, ...others] = walletNames();
	return only !== undefined && others.length === 0 ? only : null;
}

/** Remembers which wallet signs for an account. */
export function keepWallet(address: Address, wallet: string): void {
	chosen.set(address, wallet);
	if (portal.state.inMemory) return;
	try {
		localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [address]: wallet }));
	} catch {
		// Where nothing can be kept, the person is asked again.
	}
}

/** Forgets which wallet signs for an account. */
export function forgetWallet(address: Address): void {
	chosen.delete(address);
	try {
		const { [address]: _, ...left } = kept();
		if (Object.keys(left).length > 0) localStorage.setItem(KEPT, JSON.stringify(left));
		else localStorage.removeItem(KEPT);
	} catch {
		// Where nothing can be kept, there is nothing to forget.
	}
}

/** A refusal in the person's language, as the Worker passes it back to what was being done. */
export function refused(why: unknown, wallet: string | null): PortalError {
	if (why instanceof WalletError) {
		const sentence = t(`wallet.${why.refusal}`, { wallet: wallet ?? '', why: why.message });
		return new PortalError({ kind: 'wallet', sentence });
	}
	return new PortalError({ kind: 'wallet', sentence: said(problemOf(why)) });
}

async function sign(request: WalletRequest): Promise<string> {
	const address = request.kind === 'text' ? request.address : request.payload.address;
	let wallet = walletOf(address);
	try {
		if (wallet === null && walletNames().length === 0) throw new WalletError('gone');
		let cancel = (): void => undefined;
		const cancelled = new Promise<never>((_, reject) => {
			cancel = () => reject(new WalletError('declined'));
		});
		// Nothing may be waiting for it when it comes.
		cancelled.catch(() => undefined);
		if (wallet === null) {
			const picked = new Promise<string>((choose) => {
				now = { request, wallet: null, choose, cancel };
			});
			wallet = await Promise.race([picked, cancelled]);
		}
		now = { request, wallet, choose: () => undefined, cancel };
		const signature = await Promise.race([walletSignature(wallet, request, (all) => portal.keys.addresses(all)), cancelled]);
		keepWallet(address, wallet);
		return signature;
	} catch (why) {
		throw refused(why, wallet);
	} finally {
		now = null;
	}
}

portal.wallet.onAsk(sign);
portal.on('locked', () => {
	now?.cancel();
	chosen.clear();
});
