// The council replaces the runtime while a patient's wallet stays connected, which goes on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Medblock } from "../common/medblock.mjs";
import { client, step } from "../common/report.mjs";
import { Wallet } from "./wallet.mjs";

const {
	CLIENT_FOLDER: folder,
	CLIENT_HOSPITAL: hospital,
	CLIENT_REGISTRAR: registrar,
	CLIENT_URL: url,
	NEXT_RUNTIME: file,
} = process.env;
// The id of a doctor whom there is not.
const NOBODY = 999_999;
const COUNCIL = ["Alice", "Bob", "Charlie"];

export async function acrossUpgrade(library) {
	client("@polkadot/api", library.packageInfo.version);
	let wallet;
	await step("connects", async () => {
		wallet = await Wallet.connect(library, url);
	}, Wallet.saysOfConnecting);
	const { api } = wallet;
	const ana = wallet.fresh();
	const before = api.runtimeVersion.specVersion.toNumber();
	let patient;
	await step("registers a patient", async () => {
		const medblock = await new Medblock(folder, "ana", ana).begin();
		const { data } = await medblock.prepare("patient", "register", "--hospital", hospital);
		const done = await wallet.send(ana, wallet.decode(data));
		patient = fields(done, "MedicalRecords.PatientRegistered").patient;
	});
	await step("stays connected while the council replaces the runtime", async () => {
		// From a connection of its own.
		const council = await Wallet.connect(library, url);
		await enactUpgrade(council);
		await council.disconnect();
		await untilBlock(api, () => api.runtimeVersion.specVersion.toNumber() === before + 1);
		return `runtime ${before}, then ${before + 1}`;
	}, [
		...Wallet.saysOfConnecting,
		/API\/INIT: Runtime version updated to spec=\d+, tx=\d+$/,
		/API\/INIT: \S+: Not decorating (unknown runtime apis|runtime apis without matching versions): /,
	], Wallet.maySayOfDisconnecting);
	await step("goes on under the new runtime", async () => {
		await wallet.send(wallet.known(registrar), wallet.calls.verifyPatient(patient));
		const done = await wallet.send(ana, wallet.calls.revokeAccess([0]));
		fields(done, "MedicalRecords.HadNoAccess");
		const { registration } = (await api.query.medicalRecords.patients(patient)).unwrap();
		assert.equal(registration.standing.type, "Verified");
	});
	// Until then it has just those runtime APIs that it has always known: it asks for newer metadata
	// only when it starts.
	await step("has all runtime APIs again once it connects anew", async () => {
		await wallet.disconnect();
		const again = await Wallet.connect(library, url);
		assert.equal(await again.access(patient, NOBODY, null), "DoctorNotFound");
		await again.disconnect();
	}, Wallet.saysOfConnecting, Wallet.maySayOfDisconnecting);
}

// Two thirds of the council decide, and once the delay has passed one of them carries it out.
async function enactUpgrade(council) {
	const { tx, registry } = council.api;
	const code = readFileSync(file);
	const members = COUNCIL.map((name) => council.known(name));
	const [first] = members;
	const motion = tx.consortium.enact(tx.system.authorizeUpgrade(registry.hash(code)));
	const { length } = motion.method.toU8a();
	const proposed = await council.send(first, tx.council.propose(members.length, motion, length));
	const { proposal_hash: hash, proposal_index: index } = fields(proposed, "Council.Proposed");
	await Promise.all(members.map((member) => council.send(member, tx.council.vote(hash, index, true))));
	const { weight } = await motion.paymentInfo(first.address);
	const closed = await council.send(first, tx.council.close(hash, index, weight, length));
	const { due, enactment } = fields(closed, "Consortium.EnactmentDelayed");
	await untilBlock(council.api, (number) => number >= due);
	await council.send(first, tx.consortium.carryOut(enactment));
	// Sent, and not followed: what it brings about is to be read by the new runtime's types.
	await tx.system.applyAuthorizedUpgrade(`0x${code.toString("hex")}`).signAndSend(first.pair);
}

function fields({ events }, name) {
	return events.find((event) => event.name === name).fields;
}

// Waits for a final block at which something holds.
function untilBlock(api, holds) {
	return new Promise((resolve, reject) => {
		const watching = api.rpc.chain.subscribeFinalizedHeads(({ number }) => {
			if (holds(number.toNumber())) watching.then((stop) => stop()).then(resolve);
		});
		watching.catch(reject);
	});
}
