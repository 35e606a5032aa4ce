// What @polkadot/api makes of metadata, and what account pages show of an account that has no funds.

import assert from "node:assert/strict";
import { step } from "../common/report.mjs";
import { Wallet } from "./wallet.mjs";

const lower = (name) => name[0].toLowerCase() + name.slice(1);
const isBlank = (docs) => docs.every((line) => line.toString().trim() === "");

// `Wallet` with what surface() of ../common asks.
export class ReadingWallet extends Wallet {
	documentation(pallets) {
		const undocumented = [];
		let documented = 0;
		const look = (name, docs) => (isBlank(docs) ? undocumented.push(name) : documented++);
		for (const pallet of pallets) {
			for (const kind of ["tx", "query"]) {
				for (const entry of Object.values(this.api[kind][lower(pallet)])) {
					look(`${pallet}.${entry.meta.name}`, entry.meta.docs);
				}
			}
			for (const kind of ["events", "errors", "consts"]) {
				for (const [name, entry] of Object.entries(this.api[kind][lower(pallet)] ?? {})) {
					look(`${pallet}.${name}`, entry.meta?.docs ?? entry.docs);
					for (const field of entry.meta?.fields ?? []) {
						look(`${pallet}.${name}.${field.name}`, field.docs);
					}
				}
			}
		}
		for (const api of ["medicalRecordsApi", "consortiumApi"]) {
			for (const [name, { meta }] of Object.entries(this.api.call[api])) {
				look(`${api}.${name}`, [meta.description]);
			}
		}
		return { documented, undocumented };
	}

	constants(pallets) {
		const all = pallets.flatMap((pallet) => Object.values(this.api.consts[lower(pallet)] ?? {}));
		all.forEach((value) => assert.notEqual(value.toHuman(), null));
		return { maxRecords: this.api.consts.medicalRecords.maxRecords.toNumber(), all: all.length };
	}

	/** A patient, where a person is asked for. */
	asPerson(patient) {
		return { Patient: patient };
	}

	async callAll(apis, parameters) {
		const called = [];
		for (const api of apis) {
			for (const [name, ask] of Object.entries(this.api.call[lower(api)])) {
				for (const { name: parameter } of ask.meta.params) {
					assert(parameter in parameters, `${api}.${name} has the parameter ${parameter}`);
				}
				const answer = await ask(...ask.meta.params.map((one) => parameters[one.name]));
				assert.notEqual(answer.toRawType(), "Raw", `${api}.${name} gives bytes only`);
				called.push(`${api}.${name}`);
			}
		}
		return called;
	}

	// The library lists view functions without decorating them. None if it knows no such thing.
	async remaining({ address }) {
		const { pallets } = this.api.runtimeMetadata.asLatest;
		const found = pallets.find(({ name }) => name.eq("FairUse")).viewFunctions;
		if (!found) return null;
		const { id, output } = found.find(({ name }) => name.eq("remaining"));
		const [prefix, suffix] = [id.toU8a().slice(0, 16), id.toU8a().slice(16)];
		const account = this.api.createType("AccountId", address).toHex();
		const ask = this.api.call.runtimeViewFunction.executeViewFunction;
		const answer = (await ask({ prefix, suffix }, account)).asOk;
		const type = this.api.registry.createLookupType(output);
		const { capacity, left } = this.api.createType(type, answer.toU8a(true));
		return { capacity: capacity.toNumber(), left: left.toNumber() };
	}
}

// What account pages show of an account: nothing in it, and that the chain goes on.
export async function accountPages({ api }, { address }) {
	await step("shows an account without funds as wallets do", async () => {
		const { accounts, balances } = api.derive;
		const all = await balances.all(address);
		for (const amount of ["freeBalance", "availableBalance", "reservedBalance", "lockedBalance"]) {
			assert(all[amount].isZero(), amount);
		}
		assert((await balances.account(address)).freeBalance.isZero());
		assert.equal((await balances.votingBalances([address])).length, 1);
		assert.equal((await accounts.info(address)).accountId.toString(), address);
		assert.equal((await accounts.flags(address)).isCouncil, false);
		assert.equal((await accounts.idAndIndex(address))[0].toString(), address);
		assert.equal((await accounts.hasIdentity(address)).hasIdentity, false);
		assert.deepEqual((await accounts.identity(address)).judgements, []);
		assert.equal((await api.derive.tx.signingInfo(address, -1)).nonce.isZero(), false);
		return `balance ${all.availableBalance.toHuman()}`;
	}, [/REGISTRY: Unable to resolve type PalletBalancesReserveData, it will fail on construction$/]);
	await step("follows the chain", async () => {
		const { chain, council, session } = api.derive;
		const final = (await chain.bestNumberFinalized()).toNumber();
		assert((await chain.bestNumber()).toNumber() >= final);
		assert((await chain.bestNumberLag()).toNumber() < 10);
		assert.equal((await chain.getBlockByNumber(final)).block.header.number.toNumber(), final);
		const hash = await api.rpc.chain.getBlockHash(final);
		assert.equal((await chain.getHeader(hash)).number.toNumber(), final);
		assert.equal((await chain.getBlock(hash)).block.hash.toHex(), hash.toHex());
		for (const name of ["Blocks", "Heads"]) {
			for (const kind of ["New", "Finalized"]) {
				await new Promise((heard, failed) => {
					chain[`subscribe${kind}${name}`](heard).then((stop) => stop(), failed);
				});
			}
		}
		assert.equal((await council.members()).length, 4);
		assert(Array.isArray(await council.proposals()));
		assert((await session.indexes()).currentIndex.toNumber() >= 0);
		return `final block ${final}`;
	});
}
