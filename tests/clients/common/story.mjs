// The consent story, for any client: accounts without funds register, a hospital verifies them, and a
// patient gives access and takes it back.
//
// Whatever needs encryption is prepared by medblock, as for any account that stays in a wallet; the
// client decodes the call, has to come to the same bytes when it encodes that again, and signs it.
// What a `wallet` has to be able to do is what polkadot-js/wallet.mjs does.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Medblock } from "./medblock.mjs";
import { refusal, refused, step } from "./report.mjs";

const HOSPITAL = Number(process.env.CLIENT_HOSPITAL);
const NAME = "Dr. Ada Example";
const SPECIALTY = "cardiology";
const RECORDS = ["A letter.", "An electrocardiogram.", "A prescription."];
const NOTE = "No finding. Repeat in a year.";
// A representative's scopes: seeing 1, adding 2, granting 4, revoking 8.
const SEE_AND_ADD = 3;
// What a document may say that is never uploaded: the chain can't tell.
const UNSEEN = {
	digest: `0x${"11".repeat(32)}`,
	head: `0x${"22".repeat(16)}`,
	size: 4_096,
	vault: HOSPITAL,
};

// Does all of it; the people, and their places on the chain, are what comes of it.
export async function story(wallet, folder) {
	const people = { wallet, folder, registrar: wallet.known(process.env.CLIENT_REGISTRAR) };
	await newcomers(people);
	await verification(people);
	await records(people);
	await access(people);
	await acting(people);
	await retraction(people);
	await anotherAccount(people);
	return people;
}

// Somebody with a fresh account, and a medblock that doesn't have its key.
async function somebody({ wallet, folder }, name) {
	const account = wallet.fresh();
	return { account, medblock: await new Medblock(folder, name, account).begin() };
}

// Has a call prepared, and decoded by the client: it has to understand every byte.
async function prepared(wallet, person, words, name) {
	const { call, data } = await person.medblock.prepare(...words);
	const decoded = await wallet.decode(data);
	assert.equal(call, `MedicalRecords.${name}`);
	assert.equal(await wallet.name(decoded), call);
	assert.equal(await wallet.encodeAgain(decoded), data);
	assert.equal(await wallet.fee(person.account, decoded), 0n);
	return decoded;
}

// The fields of the one event of this name that a transaction brought about. A name without a pallet is of charts.
function event({ events }, name, expected = {}) {
	const full = name.includes(".") ? name : `MedicalRecords.${name}`;
	const found = events.filter((one) => one.name === full);
	assert.equal(found.length, 1, `one ${name} among ${events.map((one) => one.name)}`);
	for (const [field, value] of Object.entries(expected)) {
		assert.deepEqual(found[0].fields[field], value, `${name}.${field}`);
	}
	return found[0].fields;
}

async function newcomers(people) {
	const { wallet } = people;
	await step("makes three new accounts, without funds", async () => {
		const names = ["ana", "bones", "carla"];
		const all = await Promise.all(names.map((name) => somebody(people, name)));
		[people.ana, people.bones, people.carla] = all;
	});
	const { ana, bones, carla } = people;
	await step("refuses a newcomer everything but registering", async () => {
		return (await refusal(() => wallet.send(ana.account, wallet.calls.revokeAccess([0])))).message;
	}, wallet.saysOfRefusals);
	await step("registers a patient and two doctors", async () => {
		const patient = ["patient", "register", "--hospital", HOSPITAL];
		const doctor = ["doctor", "register", "--hospital", HOSPITAL, "--name", NAME,
			"--specialty", SPECIALTY, "--qualification", "MD", "--since", 2001];
		const calls = await Promise.all([
			prepared(wallet, ana, patient, "register_patient"),
			prepared(wallet, bones, doctor, "register_doctor"),
			prepared(wallet, carla, doctor, "register_doctor"),
		]);
		people.registration = calls[0];
		const accounts = [ana, bones, carla].map(({ account }) => account);
		const done = await Promise.all(accounts.map((account, index) => {
			return wallet.send(account, calls[index]);
		}));
		const account = ana.account.address;
		ana.id = event(done[0], "PatientRegistered", { hospital: HOSPITAL, account }).patient;
		bones.id = event(done[1], "DoctorRegistered", { hospital: HOSPITAL }).doctor;
		carla.id = event(done[2], "DoctorRegistered", { hospital: HOSPITAL }).doctor;
		return `patient ${ana.id}, doctors ${bones.id} and ${carla.id}; fee 0`;
	});
}

async function verification(people) {
	const { wallet, registrar, ana, bones, carla } = people;
	await step("verifies them and sets details, four calls in a row without waiting", async () => {
		const before = await wallet.nonce(registrar);
		const done = await wallet.sendInARow(registrar, [
			wallet.calls.verifyPatient(ana.id),
			wallet.calls.verifyDoctor(bones.id, await wallet.keyDigest(bones.id), profileDigest()),
			wallet.calls.verifyDoctor(carla.id, await wallet.keyDigest(carla.id), profileDigest()),
			wallet.calls.setDoctorDetails(bones.id, "Room 12", null),
		]);
		event(done[0], "PatientVerified", { patient: ana.id });
		event(done[1], "DoctorVerified", { doctor: bones.id });
		event(done[2], "DoctorVerified", { doctor: carla.id });
		event(done[3], "DoctorDetailsSet", { doctor: bones.id });
		assert.equal(await wallet.nonce(registrar), before + 4);
		return `nonces ${before} to ${before + 3}`;
	});
	await step("confirms a doctor's new encryption key", async () => {
		const call = await prepared(wallet, bones, ["doctor", "new-key", "--yes"], "set_encryption_key");
		event(await wallet.send(bones.account, call), "EncryptionKeySet", { version: 2 });
		const confirm = wallet.calls.confirmEncryptionKey(bones.id, await wallet.keyDigest(bones.id));
		event(await wallet.send(registrar, confirm), "EncryptionKeyConfirmed", { version: 2 });
	});
	await step("explains why nobody registers twice", () => {
		return refused("MedicalRecords.AlreadyRegistered", () => {
			return wallet.send(ana.account, people.registration);
		});
	});
	await step("refuses calls that this chain is not for", async () => {
		return (await refusal(() => wallet.send(ana.account, wallet.calls.remark()))).message;
	}, wallet.saysOfRefusals);
	await step("refuses a patient what registrars do", async () => {
		const { name } = await refusal(() => {
			return wallet.send(ana.account, wallet.calls.verifyPatient(ana.id));
		});
		assert.equal(name, "BadOrigin");
		return name;
	});
}

async function records(people) {
	const { wallet, ana } = people;
	await step("adds three records in one batch, after signing in at the vault", async () => {
		const files = RECORDS.map((text, index) => ana.medblock.file(`${index}.txt`, text));
		const call = await prepared(wallet, ana, ["record", "add", ...files], "add_records");
		const done = await wallet.send(ana.account, call);
		event(done, "RecordsAdded", { patient: ana.id, first: 0, count: RECORDS.length });
	});
	await step("explains that a chart has no such record", () => {
		return refused("MedicalRecords.RecordNotFound", () => {
			return wallet.send(ana.account, wallet.calls.withdrawRecord(99));
		});
	});
	await step("explains why a doctor can't write to somebody else's chart", () => {
		const append = wallet.calls.appendRecords(ana.id, 0, UNSEEN, 0);
		return refused("MedicalRecords.NotGranted", () => wallet.send(people.bones.account, append));
	});
}

async function access(people) {
	const { wallet, ana, bones, carla } = people;
	await step("grants a doctor the chart, who then reads it", async () => {
		assert.equal(await wallet.access(ana.id, bones.id, 0), "NotGranted");
		const words = ["patient", "grant", "--yes", bones.id, "--append"];
		const call = await prepared(wallet, ana, words, "grant_access");
		const done = await wallet.send(ana.account, call);
		event(done, "AccessGranted", { patient: ana.id, doctor: bones.id });
		assert.equal(await wallet.access(ana.id, bones.id, 0), "Chart");
		const opened = await bones.medblock.opened("doctor", "open", ana.id, 1);
		assert.equal(opened.toString(), RECORDS[1]);
	});
	await step("appends a note that answers a record", async () => {
		const file = bones.medblock.file("note.txt", NOTE);
		const words = ["doctor", "append", "--yes", ana.id, file, "--in-reply-to", 1];
		const call = await prepared(wallet, bones, words, "append_records");
		const done = await wallet.send(bones.account, call);
		event(done, "RecordsAdded", { patient: ana.id, first: RECORDS.length, count: 1 });
	});
	await step("shares a single record with another doctor, who reads that one", async () => {
		const call = await prepared(wallet, ana, ["patient", "share", "--yes", carla.id, 2], "share_records");
		const done = await wallet.send(ana.account, call);
		event(done, "RecordsShared", { patient: ana.id, doctor: carla.id, records: 1 });
		assert.equal(await wallet.access(ana.id, carla.id, 2), "Records");
		assert.equal(await wallet.access(ana.id, carla.id, 0), "RecordNotShared");
		const opened = await carla.medblock.opened("doctor", "open", ana.id, 2);
		assert.equal(opened.toString(), RECORDS[2]);
	});
	await step("reads the chart in batches", async () => {
		const read = await wallet.readTogether(ana, [bones.id, carla.id]);
		assert.deepEqual(read, {
			patient: ana.id,
			account: ana.account.address,
			specialties: [SPECIALTY, SPECIALTY],
			records: ["Patient", "Patient", "Patient", "Doctor"],
		});
	});
}

// Naming a representative, and ending that, needs no encryption. What is sealed to guardians and holders, medblock prepares.
async function acting(people) {
	const { wallet, registrar, ana, bones } = people;
	await step("names somebody who acts for the patient, and ends that", async () => {
		const register = ["patient", "register", "--hospital", HOSPITAL];
		const call = await prepared(wallet, bones, register, "register_patient");
		const registered = await wallet.send(bones.account, call);
		const { patient: representative } = event(registered, "PatientRegistered", { hospital: HOSPITAL });
		await wallet.send(registrar, wallet.calls.verifyPatient(representative));
		const both = { patient: ana.id, representative };
		const named = await wallet.send(ana.account, wallet.calls.nameRepresentative(representative, SEE_AND_ADD));
		event(named, "Delegation.RepresentativeNamed", both);
		const ended = await wallet.send(ana.account, wallet.calls.endRepresentation(representative));
		event(ended, "Delegation.RepresentationEnded", both);
		return `patient ${representative} for patient ${ana.id}`;
	});
	await step("explains why nobody represents themselves", () => {
		return refused("Delegation.OwnRepresentative", () => {
			return wallet.send(ana.account, wallet.calls.nameRepresentative(ana.id, SEE_AND_ADD));
		});
	});
	await step("explains that a patient without a plan has no emergency", () => {
		return refused("Delegation.NoEmergencyPlan", () => {
			return wallet.send(people.carla.account, wallet.calls.requestEmergency(ana.id, `0x${"33".repeat(32)}`));
		});
	});
}

async function retraction(people) {
	const { wallet, ana, bones } = people;
	await step("revokes, as a wallet that can't encrypt, and access is gone", async () => {
		const done = await wallet.send(ana.account, wallet.calls.revokeAccess([bones.id]));
		event(done, "AccessRevoked", { patient: ana.id, doctor: bones.id });
		assert.equal(await wallet.access(ana.id, bones.id, null), "NotGranted");
		return bones.medblock.refused(4, "doctor", "open", ana.id, 1, "--output", bones.medblock.home);
	});
	await step("withdraws a record", async () => {
		const done = await wallet.send(ana.account, wallet.calls.withdrawRecord(2));
		event(done, "RecordWithdrawn", { patient: ana.id, record: 2 });
		assert.equal(await wallet.access(ana.id, people.carla.id, 2), "RecordNotShared");
	});
}

// What the new account signs, before the wallet wraps it; see the pallet's `change_account_message`.
function takingOver(genesis, patient, old, next) {
	const purpose = Buffer.from("medblock/v1/change-account");
	const person = Buffer.alloc(5);
	person.writeUInt32LE(patient, 1);
	const bytes = (hex) => Buffer.from(hex.slice(2), "hex");
	const [chain, from, to] = [genesis, old.publicKey, next.publicKey].map(bytes);
	return Buffer.concat([Buffer.from([purpose.length << 2]), purpose, chain, person, from, to]);
}

async function anotherAccount(people) {
	const { wallet, folder, ana } = people;
	await step("changes the patient's account", async () => {
		const next = wallet.fresh();
		const message = takingOver(wallet.genesis, ana.id, ana.account, next);
		const call = wallet.calls.changeAccount(next, await next.signBytes(message));
		const asked = await wallet.send(ana.account, call);
		event(asked, "AccountChangeRequested", { new: next.address });
		// The presets' delay is six seconds, by the chain's clock.
		await sleep(12_000);
		const words = await ana.medblock.words();
		people.former = ana.account;
		ana.account = next;
		ana.medblock = await new Medblock(folder, "ana-again", next).begin(words);
	});
	await step("refuses the former account, which is nobody's now", async () => {
		const withdraw = wallet.calls.withdrawRecord(0);
		return (await refusal(() => wallet.send(people.former, withdraw))).message;
	}, wallet.saysOfRefusals);
	await step("gives the chart a new key from the new account, which opens what there was", async () => {
		const call = await prepared(wallet, ana, ["patient", "rotate"], "rotate_chart_key");
		event(await wallet.send(ana.account, call), "ChartKeyRotated", { patient: ana.id, epoch: 2 });
		const opened = await ana.medblock.opened("record", "open", RECORDS.length);
		assert.equal(opened.toString(), NOTE);
	});
}

// The digest of the directory entry that the hospital has seen: of its SCALE encoding, with texts of
// less than 64 bytes.
function profileDigest() {
	const texts = [NAME, SPECIALTY, "MD"].map((text) => {
		const bytes = Buffer.from(text);
		return Buffer.concat([Buffer.from([bytes.length << 2]), bytes]);
	});
	const since = Buffer.alloc(2);
	since.writeUInt16LE(2001);
	return digest(`0x${Buffer.concat([...texts, since]).toString("hex")}`);
}

// The digest that a doctor tells the hospital: of a public key in hex.
export function digest(key) {
	return `0x${createHash("sha256").update(Buffer.from(key.slice(2), "hex")).digest("hex")}`;
}
