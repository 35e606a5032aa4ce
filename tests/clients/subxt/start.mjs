// The story with subxt, which the medblock program speaks to nodes with: here every account has its key in
// the program itself.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Medblock } from "../common/medblock.mjs";
import { client, step } from "../common/report.mjs";

const { CLIENT_FOLDER: folder, CLIENT_HOSPITAL: hospital, CLIENT_REGISTRAR, CARGO_LOCK } = process.env;
const LETTER = "A letter.";
const NOTE = "No finding.";
const REFUSED = 3;
const DENIED = 4;

const somebody = async (name, ...words) => {
	const medblock = new Medblock(folder, name);
	await medblock.run("account", ...(words.length > 0 ? words : ["new", "me"]));
	return medblock;
};

const version = /name = "subxt"\nversion = "([^"]+)"/.exec(readFileSync(CARGO_LOCK, "utf8"))[1];
client("subxt", version);
let ana, bones, carla, registrar, patient, doctor, second;
await step("makes three new accounts, without funds", async () => {
	[ana, bones, carla, registrar] = await Promise.all([
		somebody("ana"),
		somebody("bones"),
		somebody("carla"),
		somebody("registrar", "import", "me", "--dev", CLIENT_REGISTRAR),
	]);
});
await step("registers a patient and two doctors", async () => {
	const register = ["register", "--hospital", hospital];
	const practice = ["--name", "Dr. Ada Example", "--specialty", "cardiology",
		"--qualification", "MD", "--since", 2001];
	[patient, doctor, second] = await Promise.all([
		ana.run("patient", ...register),
		bones.run("doctor", ...register, ...practice),
		carla.run("doctor", ...register, ...practice),
	]);
	return `patient ${patient.patient}, doctors ${doctor.doctor} and ${second.doctor}`;
});
await step("verifies them and sets details", async () => {
	await registrar.run("hospital", "verify", "patient", "--yes", patient.patient);
	for (const { doctor: id, keyDigest, profileDigest } of [doctor, second]) {
		const digests = ["--key-digest", keyDigest, "--profile-digest", profileDigest];
		await registrar.run("hospital", "verify", "doctor", id, ...digests);
	}
	await registrar.run("hospital", "details", doctor.doctor, "--text", "Room 12");
});
await step("confirms a doctor's new encryption key", async () => {
	const { keyDigest } = await bones.run("doctor", "new-key", "--yes");
	await registrar.run("hospital", "confirm-key", doctor.doctor, "--key-digest", keyDigest);
});
await step("explains why nobody registers twice", () => {
	return ana.refused(REFUSED, "patient", "register", "--hospital", hospital);
});
await step("adds records in one batch", async () => {
	const files = [LETTER, "Another."].map((text, index) => ana.file(`${index}.txt`, text));
	assert.deepEqual((await ana.run("record", "add", ...files)).records, [0, 1]);
});
await step("grants a doctor the chart, who then reads it and appends a note", async () => {
	await ana.run("patient", "grant", "--yes", doctor.doctor, "--append");
	const opened = await bones.opened("doctor", "open", patient.patient, 0);
	assert.equal(opened.toString(), LETTER);
	const file = bones.file("note.txt", NOTE);
	const words = ["doctor", "append", "--yes", patient.patient, file, "--in-reply-to", 0];
	assert.deepEqual((await bones.run(...words)).records, [2]);
});
await step("shares a single record with another doctor", async () => {
	await ana.run("patient", "share", "--yes", second.doctor, 1);
	const elsewhere = ["doctor", "open", patient.patient, 0, "--output", carla.home];
	return carla.refused(DENIED, ...elsewhere);
});
await step("names somebody who acts for the patient, and ends that", async () => {
	const { patient: other } = await bones.run("patient", "register", "--hospital", hospital);
	await registrar.run("hospital", "verify", "patient", "--yes", other);
	const named = ["patient", "representatives"];
	await ana.run(...named, "name", other, "--may", "see,add", "--yes");
	await ana.run(...named, "end", other, "--yes");
	return `patient ${other} for patient ${patient.patient}`;
});
await step("revokes, and access is gone", async () => {
	assert.equal((await ana.run("patient", "revoke", doctor.doctor)).rotation, "done");
	return bones.refused(DENIED, "doctor", "open", patient.patient, 0, "--output", bones.home);
});
await step("withdraws a record", async () => {
	await ana.run("record", "withdraw", "--yes", 1);
	return carla.refused(DENIED, "doctor", "open", patient.patient, 1, "--output", carla.home);
});
await step("changes the patient's account", async () => {
	// The words stay, since what was encrypted is opened with them; the account is another.
	const words = ana.file("words", await ana.words("--account", "me"));
	const path = `clients${randomBytes(8).toString("hex")}`;
	await ana.run("account", "import", "again", "--dev", path, "--words-file", words);
	await ana.run("--account", "me", "patient", "change-account", "again");
	// The presets' delay is six seconds, by the chain's clock.
	await sleep(12_000);
	await ana.refused(REFUSED, "--account", "me", "record", "withdraw", "--yes", 0);
	const opened = await ana.opened("--account", "again", "record", "open", 2);
	assert.equal(opened.toString(), NOTE);
});
await step("explains that a chart has no such record", () => {
	return ana.refused(REFUSED, "--account", "again", "record", "withdraw", "--yes", 99);
});
