// What the story needs of a wallet, done as with any chain: by polkadot-api and descriptors that were
// generated from the running chain.

import { randomBytes } from "node:crypto";
import { sr25519CreateDerive } from "@polkadot-labs/hdkd";
import { DEV_MINI_SECRET, ss58Address } from "@polkadot-labs/hdkd-helpers";
import { createClient, InvalidTxError } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { fromHex, toHex } from "polkadot-api/utils";
import { getWsProvider } from "polkadot-api/ws";
import { medblock } from "./.papi/descriptors/dist/index.js";
import { Refused } from "../common/report.mjs";
import { digest } from "../common/story.mjs";
import { Metadata } from "./metadata.mjs";

const text = (bytes) => new TextDecoder().decode(bytes);

export class Wallet {
	// It never says anything by itself.
	saysOfRefusals = [];
	knowsViewFunctions = true;

	static async connect(url) {
		const wallet = new Wallet();
		wallet.client = createClient(getWsProvider(url));
		wallet.api = wallet.client.getTypedApi(medblock);
		wallet.genesis = (await wallet.client.getChainSpecData()).genesisHash;
		const { hash } = await wallet.client.getFinalizedBlock();
		wallet.metadata = new Metadata(await wallet.client.getMetadata(hash));
		const { Delegation, MedicalRecords, System } = wallet.api.tx;
		wallet.calls = {
			verifyPatient: (patient) => MedicalRecords.verify_patient({ patient }),
			verifyDoctor: (doctor, key_digest, profile_digest) => {
				const licence_expires = undefined;
				return MedicalRecords.verify_doctor({ doctor, key_digest, profile_digest, licence_expires });
			},
			setDoctorDetails: (doctor, details, until) => {
				return MedicalRecords.set_doctor_details({
					doctor,
					details: new TextEncoder().encode(details),
					licence_expires: until ?? undefined,
				});
			},
			confirmEncryptionKey: (doctor, key_digest) => {
				return MedicalRecords.confirm_encryption_key({ doctor, key_digest });
			},
			appendRecords: (patient, sealed_to, { size, ...document }, in_reply_to) => {
				const record = { document: { ...document, size: BigInt(size) }, in_reply_to };
				return MedicalRecords.append_records({ patient, sealed_to, records: [record], recipients: undefined });
			},
			revokeAccess: (doctors) => {
				return MedicalRecords.revoke_access({ doctors, rotation: undefined });
			},
			withdrawRecord: (record) => MedicalRecords.withdraw_records({ records: [record] }),
			changeAccount: (next, proof) => {
				return MedicalRecords.change_account({
					capacity: { type: "Patient", value: undefined },
					new: next.address,
					proof: { type: "Sr25519", value: proof },
				});
			},
			nameRepresentative: (representative, scopes) => {
				return Delegation.name_representative({ representative, scopes, until: undefined });
			},
			endRepresentation: (representative) => Delegation.end_representation({ representative }),
			requestEmergency: (patient, details) => {
				const reason = { type: "Unconscious", value: undefined };
				return Delegation.request_emergency({ patient, reason, details });
			},
			remark: () => System.remark({ remark: Uint8Array.of(0) }),
		};
		return wallet;
	}

	disconnect() {
		this.client.destroy();
	}

	fresh() {
		return this.account(sr25519CreateDerive(randomBytes(32))(""));
	}

	// One of the accounts that everybody knows.
	known(path) {
		return this.account(sr25519CreateDerive(DEV_MINI_SECRET)(`//${path}`));
	}

	account({ publicKey, sign }) {
		const signer = getPolkadotSigner(publicKey, "Sr25519", sign);
		return {
			signer,
			address: ss58Address(publicKey),
			publicKey: toHex(publicKey),
			signBytes: async (bytes) => toHex(await signer.signBytes(Buffer.from(bytes))),
		};
	}

	decode(data) {
		return this.api.txFromCallData(fromHex(data));
	}

	name({ decodedCall: { type, value } }) {
		return `${type}.${value.type}`;
	}

	async encodeAgain({ decodedCall: { type, value } }) {
		return toHex(await this.api.tx[type][value.type](value.value).getEncodedData());
	}

	fee({ signer }, call) {
		return call.getEstimatedFees(signer.publicKey);
	}

	async nonce({ address }) {
		return (await this.api.query.System.Account.getValue(address)).nonce;
	}

	// Waits until what the call did is final.
	async send({ signer }, call, options = {}) {
		let done;
		try {
			done = await call.signAndSubmit(signer, options);
		} catch (why) {
			if (!(why instanceof InvalidTxError)) throw why;
			throw new Refused(`${why.error.type} transaction: ${why.error.value.type}`);
		}
		if (!done.ok) throw this.explain(done.dispatchError);
		return { events: done.events.map((event) => this.event(event)) };
	}

	// The client numbers what it sends by the chain's state: whoever sends several counts on.
	async sendInARow(account, calls) {
		const first = await this.nonce(account);
		return Promise.all(calls.map((call, index) => {
			return this.send(account, call, { nonce: first + index });
		}));
	}

	explain({ type, value }) {
		if (type !== "Module") return new Refused(type);
		const [pallet, name] = [value.type, value.value.type];
		return new Refused(`${pallet}.${name}`, this.metadata.docs(pallet, "errors", name));
	}

	event({ type, value: { type: name, value: fields } }) {
		const docs = this.metadata.docs(type, "events", name);
		if (docs === "") throw new Error(`${type}.${name} is not documented`);
		return { name: `${type}.${name}`, fields };
	}

	// The scope of a doctor's access, or why there is none.
	async access(patient, doctor, record) {
		const { MedicalRecordsApi } = this.api.apis;
		const answer = await MedicalRecordsApi.access(patient, doctor, record ?? undefined);
		return answer.success ? answer.value.scope.type : answer.value.type;
	}

	async keyDigest(doctor) {
		const { key } = await this.api.apis.MedicalRecordsApi.encryption_key(doctor);
		return digest(toHex(key));
	}

	async readTogether({ id, account }, doctors) {
		const { Directory, PatientOf, Patients, Records } = this.api.query.MedicalRecords;
		const [patient, owner, entries, records] = await Promise.all([
			PatientOf.getValue(account.address),
			Patients.getValue(id),
			Directory.getValues(doctors.map((doctor) => [doctor])),
			Records.getEntries(id),
		]);
		const placed = records.map(({ keyArgs, value }) => [keyArgs[1], value.author.type]);
		return {
			patient,
			account: owner.registration.account,
			specialties: entries.map(({ profile }) => text(profile.specialty)),
			records: placed.sort(([one], [other]) => one - other).map(([, author]) => author),
		};
	}

	documentation(pallets) {
		return this.metadata.documentation(pallets, ["MedicalRecordsApi", "ConsortiumApi"]);
	}

	async constants(pallets) {
		const names = this.metadata.constants(pallets);
		await Promise.all(names.map(([pallet, name]) => this.api.constants[pallet][name]()));
		return { maxRecords: await this.api.constants.MedicalRecords.MaxRecords(), all: names.length };
	}

	/** A patient, where a person is asked for. */
	asPerson(patient) {
		return { type: "Patient", value: patient };
	}

	async callAll(apis, parameters) {
		const called = [];
		for (const { api, name, inputs } of this.metadata.functions(apis)) {
			for (const input of inputs) {
				if (!(input in parameters)) throw new Error(`${api}.${name} has the parameter ${input}`);
			}
			await this.api.apis[api][name](...inputs.map((input) => parameters[input] ?? undefined));
			called.push(`${api}.${name}`);
		}
		return called;
	}

	remaining({ address }) {
		return this.api.view.FairUse.remaining(address);
	}
}
