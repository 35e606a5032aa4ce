// What the story needs of a wallet, done as with any chain: by @polkadot/api.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Refused } from "../common/report.mjs";
import { digest } from "../common/story.mjs";

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const text = (docs) => docs.map((line) => line.toString().trim()).join(" ").trim();

export class Wallet {
	// Beside methods of its own, a substrate node has some that the library does not know.
	static saysOfConnecting = [/^warn: .* API\/INIT: RPC methods not decorated: [\w., ]+$/];
	// It ends subscriptions a moment after it was told to.
	static maySayOfDisconnecting = [/^error: .* RPC-CORE: (subscribe\w+|submitAndWatchExtrinsic)\(.*disconnected from .* Normal Closure$/];
	saysOfRefusals = [/^error: .* RPC-CORE: submitAndWatchExtrinsic\(.*\): ExtrinsicStatus:: 1010: /];

	static async connect({ ApiPromise, Keyring, WsProvider }, url) {
		const wallet = new this();
		wallet.keyring = new Keyring({ type: "sr25519" });
		wallet.api = await ApiPromise.create({ provider: new WsProvider(url) });
		wallet.genesis = wallet.api.genesisHash.toHex();
		// Looked up for each call, since an upgrade replaces them all.
		const { api } = wallet;
		wallet.calls = {
			verifyPatient: (patient) => api.tx.medicalRecords.verifyPatient(patient),
			verifyDoctor: (doctor, key, profile) => {
				return api.tx.medicalRecords.verifyDoctor(doctor, key, profile, null);
			},
			setDoctorDetails: (doctor, details, until) => {
				return api.tx.medicalRecords.setDoctorDetails(doctor, details, until);
			},
			confirmEncryptionKey: (doctor, key) => api.tx.medicalRecords.confirmEncryptionKey(doctor, key),
			appendRecords: (patient, epoch, document, inReplyTo) => {
				const records = [{ document, inReplyTo }];
				return api.tx.medicalRecords.appendRecords(patient, epoch, records, null);
			},
			revokeAccess: (doctors) => api.tx.medicalRecords.revokeAccess(doctors, null),
			withdrawRecord: (record) => api.tx.medicalRecords.withdrawRecords([record]),
			changeAccount: (next, proof) => {
				return api.tx.medicalRecords.changeAccount("Patient", next.address, { Sr25519: proof });
			},
			nameRepresentative: (representative, scopes) => {
				return api.tx.delegation.nameRepresentative(representative, scopes, null);
			},
			endRepresentation: (representative) => api.tx.delegation.endRepresentation(representative),
			requestEmergency: (patient, details) => {
				return api.tx.delegation.requestEmergency(patient, "Unconscious", details);
			},
			remark: () => api.tx.system.remark("0x00"),
		};
		return wallet;
	}

	disconnect() {
		return this.api.disconnect();
	}

	fresh() {
		return this.account(this.keyring.addFromSeed(randomBytes(32)));
	}

	// One of the accounts that everybody knows.
	known(path) {
		return this.account(this.keyring.addFromUri(`//${path}`));
	}

	account(pair) {
		return {
			pair,
			address: pair.address,
			publicKey: `0x${Buffer.from(pair.publicKey).toString("hex")}`,
			// As the browser extension does when a page asks for a signature.
			signBytes: (bytes) => {
				const wrapped = Buffer.concat([Buffer.from("<Bytes>"), Buffer.from(bytes), Buffer.from("</Bytes>")]);
				return `0x${Buffer.from(pair.sign(wrapped)).toString("hex")}`;
			},
		};
	}

	decode(data) {
		return this.api.tx(this.api.createType("Call", data));
	}

	name({ method: { section, method, meta } }) {
		assert.equal(camel(meta.name.toString()), method);
		return `${section[0].toUpperCase()}${section.slice(1)}.${meta.name}`;
	}

	encodeAgain({ method: { section, method, args } }) {
		return this.api.tx[section][method](...args).method.toHex();
	}

	async fee({ address }, call) {
		return (await call.paymentInfo(address)).partialFee.toBigInt();
	}

	async nonce({ address }) {
		return (await this.api.query.system.account(address)).nonce.toNumber();
	}

	// Waits until what the call did is final.
	async send(account, call) {
		return (await this.submit(account, call)).final;
	}

	// Sends each once the node has taken the one before, and only then waits for all.
	async sendInARow(account, calls) {
		const taken = [];
		for (const call of calls) taken.push(await this.submit(account, call));
		return Promise.all(taken.map(({ final }) => final));
	}

	async submit({ pair, address }, call) {
		// Not -1, which is the best block's nonce: the pool knows what else is on its way.
		const nonce = await this.api.rpc.system.accountNextIndex(address);
		let settle;
		const final = new Promise((resolve, reject) => (settle = { resolve, reject }));
		try {
			const stop = await call.signAndSend(pair, { nonce }, (result) => {
				const { status, isError, isFinalized, dispatchError, events } = result;
				if (isError) settle.reject(new Error(`the transaction is ${status.type}`));
				if (!isFinalized) return;
				stop();
				if (dispatchError) settle.reject(this.explain(dispatchError));
				else settle.resolve({ events: events.map(({ event }) => this.event(event)) });
			});
		} catch (why) {
			throw why.code === 1010 ? new Refused(why.message) : why;
		}
		return { final };
	}

	explain(error) {
		if (!error.isModule) return new Refused(error.type);
		const { section, name, docs } = this.api.registry.findMetaError(error.asModule);
		return new Refused(`${section[0].toUpperCase()}${section.slice(1)}.${name}`, text(docs));
	}

	event({ section, method, meta, data }) {
		assert.notEqual(text(meta.docs), "", `${section}.${method} is not documented`);
		const fields = data.map((value, index) => [meta.fields[index].name, value.toJSON()]);
		const name = `${section[0].toUpperCase()}${section.slice(1)}.${method}`;
		return { name, fields: Object.fromEntries(fields) };
	}

	// The scope of a doctor's access, or why there is none.
	async access(patient, doctor, record) {
		const answer = await this.api.call.medicalRecordsApi.access(patient, doctor, record);
		return answer.isOk ? answer.asOk.scope.type : answer.asErr.type;
	}

	async keyDigest(doctor) {
		const key = await this.api.call.medicalRecordsApi.encryptionKey(doctor);
		return digest(key.unwrap().key.toHex());
	}

	async readTogether({ id, account }, doctors) {
		const { medicalRecords } = this.api.query;
		const [[patient, owner], entries, records] = await Promise.all([
			this.api.queryMulti([
				[medicalRecords.patientOf, account.address],
				[medicalRecords.patients, id],
			]),
			medicalRecords.directory.multi(doctors),
			medicalRecords.records.entries(id),
		]);
		const placed = records.map(([key, record]) => [key.args[1].toNumber(), record.unwrap().author.type]);
		return {
			patient: patient.unwrap().toNumber(),
			account: owner.unwrap().registration.account.toString(),
			specialties: entries.map((entry) => entry.unwrap().profile.specialty.toUtf8()),
			records: placed.sort(([one], [other]) => one - other).map(([, author]) => author),
		};
	}
}
