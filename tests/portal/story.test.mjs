// The whole story of the demo by clicks only: a patient, a doctor and the desk in headless Chromium. Two hospitals'
// gateways serve it, and their doors: no browser reaches a node. The first one's page is on a phone, and the same portal
// of the reader's own machine on a desktop.
//
// Usage: BASE_PORT=N HOMES=FOLDER MEDBLOCK=PROGRAM [PICTURES=FOLDER] node --test story.test.mjs, as ./run has it
//
// HOMES has the folders staff (a registrar of the genesis) and colleague (a registrar who has the hospital's key of names) of
// the command line, and what nodes and vaults keep and write.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { DESKTOP, PHONE, launch } from "./browser.mjs";
import { Canaries, kept } from "./canaries.mjs";
import { pdf, png } from "./files.mjs";
import { runs } from "./medblock.mjs";
import { Person } from "./person.mjs";
import { HOSTS, NODES, OWN, PORTAL } from "./places.mjs";
import { until } from "./waiting.mjs";
import { openWays } from "./wires.mjs";

const { HOMES, MEDBLOCK, MEDBLOCK_PASSPHRASE_FILE } = process.env;
const LOOKS = {
	phone: { from: PORTAL, doctor: "Dr. Ben Ömer", search: "omer", settings: PHONE },
	desktop: { from: OWN, doctor: "Dr. Mira Sundström", search: "sundstrom", settings: DESKTOP },
};
const HOSPITAL = "Northern General";
const PASSPHRASE = "correct horse battery staple";

/** What only the patient, her doctor and, for the name, the desk may read. Each has a word that stands nowhere else. */
const NAME = "Ana Quillmark";
const CONTACT = "+381 11 5550 7716";
const NOTE = "No sign of pneumonia any more. Control in six weeks, with Cinderford.";
const LINES = [
	"Discharge letter", "Northern General, ward for internal medicine", "", "Diagnosis: pneumonia of the right lower lobe, resolved.",
	"Treated from 12 to 19 November, without complications.", "", "At discharge: no fever, breathing is easy, oxygen 97 percent.",
	"Medication: none any more.", "", "We ask for a control in six weeks, in the practice at Thistlemere.",
];
const LETTER = { title: "Discharge letter, Larkfen ward", name: "sablewood letter.pdf", content: pdf(LINES) };
const PHOTO = { title: "Rash on the left arm, Osterwick", name: "IMG_2041.png", content: png(640, 480, "taken at Fernhollow") };
const DIARY = { title: "Blood pressure, Mossgate diary", name: "diary.txt", content: Buffer.from("Monday 132 over 84. Measured at Bramblewick.\nTuesday 128 over 81.\n") };
const LATER = { title: "New prescription, Wrenhaven", name: "later.txt", content: Buffer.from("Started on a new medication, by Underlake.\n") };
/** The title of what the command line adds. */
const TYPED = "From the terminal, Pinmarsh";
const WORDS = [
	"Quillmark", "5550 7716", "Cinderford", "Larkfen", "sablewood", "Thistlemere", "Osterwick", "Fernhollow", "Mossgate", "Bramblewick",
	"Wrenhaven", "Underlake", "Pinmarsh", "Gorsebank", PASSPHRASE,
];

const ways = await openWays();
const browser = await launch();
after(async () => {
	await browser.close();
	ways.close();
});

/** A door gives no session to an account that the chain does not know yet, and browsers write every refusal down. */
const NEWCOMER = /^Failed to load resource: the server responded with a status of 403/;

const file = ({ name, content }) => ({ name, mimeType: "application/octet-stream", buffer: content });

/** What a doctor who has kept the words can open of all that the vault stores, and what the vault answers. */
async function former(words, patient, doctor) {
	const program = spawn(join(dirname(MEDBLOCK), "medblock-e2e"), ["former-doctor", NODES.join(), patient, doctor, join(HOMES, "vault-0", "data", "blobs")]);
	program.stdin.end(words);
	let printed = "";
	let said = "";
	program.stderr.on("data", (part) => (said += part));
	program.stdout.on("data", (part) => (printed += part));
	const code = await new Promise((ended) => program.on("close", ended));
	assert.equal(code, 0, `former-doctor: ${said}`);
	return JSON.parse(printed);
}

/** Whether the desk was given the hospital's key: it keeps it from the first look on. */
let hasKey = false;

for (const [look, { from, doctor: DOCTOR, search, settings }] of Object.entries(LOOKS)) {
	describe(look, async () => {
		// Each part goes on where the one before it has ended.
		let broken = false;
		const test = (name, part) => it(name, async (context) => {
			if (broken) return context.skip("an earlier part failed");
			broken = true;
			await part();
			broken = false;
		});
		const arrives = (name) => Person.at(browser, from, { name, look, settings });
		/** In the order in which they come. */
		const people = {};
		let words, doctorsWords, patientsNumber, doctorsNumber;

		test("a patient makes an account, registers, and waits with a code for the desk", async () => {
			const ana = (people.ana = await arrives("patient"));
			words = await ana.makesAccount(/I am a patient/, PASSPHRASE, (name) => ana.looks(name));
			await ana.reads("Choose your hospital");
			await ana.picks(new RegExp(HOSPITAL));
			await ana.looks("choose-hospital");
			await ana.presses("Continue");
			await ana.reads("About you");
			await ana.types("Your full name", NAME);
			await ana.types("Your date of birth", "1984-03-09");
			await ana.types("Phone or e-mail", CONTACT);
			await ana.looks("about-you");
			await ana.presses("Continue");
			await ana.reads("Check your answers");
			for (const text of [HOSPITAL, NAME, "9 March 1984", CONTACT]) await ana.sees(text);
			await ana.looks("check-answers");
			await ana.presses("Sign and register");
			await ana.reads(`Now go to the desk of ${HOSPITAL}`);
			await ana.sees("14");
			await ana.sees("days left");
			patientsNumber = /patient number\s+(\d+)/.exec(await ana.text())[1];
			await ana.looks("waiting");
		});

		test("the desk opens with the command line's keystore file, and finds the patient by the code", async () => {
			const desk = (people.desk = await arrives("desk"));
			await desk.follows(/Restore with your 24 words/);
			await desk.reads("Restore your account");
			await desk.picks(/A keystore file/);
			const keystore = await readFile(join(HOMES, "staff", "accounts", "desk.age"));
			await desk.page.getByLabel("The file", { exact: true }).setInputFiles({ name: "desk.age", mimeType: "application/octet-stream", buffer: keystore });
			await desk.types("The file's passphrase", (await readFile(MEDBLOCK_PASSPHRASE_FILE, "utf8")).trim());
			await desk.looks("restore");
			await desk.presses("Restore");
			await desk.reads("Who waits");
			if (!hasKey) {
				await desk.sees("Names are still locked");
				await desk.sees(`Patient ${patientsNumber}`);
				await desk.presses("Publish my key");
				await desk.sees("Ask someone at the desk to give it to you");
				await desk.looks("queue-locked");
				await runs("colleague", "hospital", "share-key", "--yes");
				hasKey = true;
			}
			await desk.sees(NAME);
			assert.doesNotMatch(await desk.text(), /Names are still locked/);
			await desk.sees("It sees no records");
			await desk.looks("queue");
			await desk.unfolds("Scan a patient's or doctor's code");
			await desk.scans(await people.ana.shows());
			await desk.reads(NAME);
			await desk.sees("9 March 1984");
			await desk.looks("patient");
		});

		test("the desk confirms the patient, whose page goes on by itself", async () => {
			const { ana, desk } = people;
			await desk.presses(`Confirm ${NAME}`);
			await desk.sees("Check every line before you confirm.");
			await desk.looks("checklist-incomplete");
			for (const line of [/I have seen an identity card/, /The name is the same/, /The date of birth is the same/, /The code on the person's screen/]) await desk.ticks(line);
			await desk.presses(`Confirm ${NAME}`);
			await desk.looks("confirm");
			await desk.answers("Sign and confirm");
			await desk.reads("Who waits");
			await ana.reads("Hello, Ana");
			await ana.isTold(`${HOSPITAL} has confirmed you.`);
			await ana.sees("Only you can read your chart.");
			await ana.looks("home-empty");
		});

		test("a doctor registers, and the desk compares the key with the doctor's screen", async () => {
			const { desk } = people;
			const ben = (people.ben = await arrives("doctor"));
			doctorsWords = await ben.makesAccount(/I am a doctor/, PASSPHRASE);
			await ben.reads("Register as a doctor");
			await ben.picks(new RegExp(HOSPITAL));
			await ben.presses("Continue");
			await ben.types("Name, as patients know you", DOCTOR);
			await ben.types("Specialty", "pneumology");
			await ben.types("Qualification", "MD");
			await ben.types("Practising since (year)", "2009");
			await ben.looks("entry-form");
			await ben.presses("Continue");
			await ben.reads("Check your answers");
			await ben.sees("publishes your key");
			await ben.looks("check-answers");
			await ben.presses("Sign and register");
			await ben.reads(`Show this code at the desk of ${HOSPITAL}`);
			// The number comes once the registration is final.
			await ben.page.locator("body").filter({ hasText: /Doctor number\s*\d/ }).waitFor();
			doctorsNumber = /Doctor number\s+(\d+)/.exec(await ben.text())[1];
			await ben.looks("waiting");

			await desk.unfolds("Scan a patient's or doctor's code");
			await desk.scans(await ben.shows());
			await desk.reads(DOCTOR);
			await desk.sees("The key is the doctor's: both hospitals agree with the code.");
			await desk.ticks(/I have seen an identity card/);
			await desk.ticks(/I have seen the licence/);
			await desk.ticks(/Name, specialty and qualification are as in the documents/);
			await desk.types("Licence valid until", "2035-12-31");
			await desk.looks("doctor");
			await desk.presses(`Confirm ${DOCTOR}`);
			await desk.sees("Licence valid until 31 December 2035");
			await desk.answers("Sign and confirm");
			await desk.reads("Who waits");
			await ben.reads("Your patients");
			await ben.sees("No chart is open to you now.");
			await ben.looks("inbox-empty");
			await ben.goes("My entry");
			await ben.reads("My entry");
			await ben.sees(`Confirmed by ${HOSPITAL}`);
			await ben.looks("entry");
			await ben.goes("Patients");
			await desk.goes("People");
			await desk.reads("Find a person");
			await desk.sees(DOCTOR);
			await desk.sees("Licence ends 31 December 2035");
			await desk.looks("people");
			await desk.goes("Hospital");
			await desk.reads(HOSPITAL);
			await desk.sees("Two hospitals answer and agree.");
			await desk.looks("hospital");
			await desk.goes("Queue");
		});

		test("the patient adds a PDF, a photo and a text", async () => {
			const { ana } = people;
			await ana.follows("Add a record");
			await ana.reads("Add records");
			await ana.sees("Only you will be able to read it.");
			await ana.chooses("Choose files", [file(LETTER), file(DIARY)]);
			await ana.chooses("Take a photo", [file(PHOTO)]);
			for (const { name, title } of [LETTER, DIARY, PHOTO]) await ana.types(`Title of ${name}`, title);
			await ana.looks("add");
			await ana.presses("Sign and add 3 records");
			await ana.reads("Your records");
			await ana.isTold("3 records were added. The hospitals have confirmed it.");
			for (const { title } of [LETTER, PHOTO, DIARY]) await ana.sees(title);
			await ana.looks("records");
		});

		test("the patient shares the chart with the doctor, and checks before signing", async () => {
			const { ana } = people;
			await ana.goes("Doctors");
			await ana.reads("Find a doctor");
			await ana.types("Name, specialty or place", search);
			await ana.sees("1 doctor");
			await ana.sees(`Confirmed by ${HOSPITAL}`);
			await ana.looks("find-doctor");
			await ana.follows(new RegExp(DOCTOR));
			await ana.reads(DOCTOR);
			await ana.looks("doctor");
			await ana.follows(`Share with ${DOCTOR}`);
			await ana.reads(`What may ${DOCTOR} see?`);
			await ana.picks(/The whole chart/);
			await ana.looks("share-what");
			await ana.presses("Continue");
			await ana.reads(`May ${DOCTOR} add to it?`);
			await ana.picks("Yes, notes and records");
			await ana.presses("Continue");
			await ana.reads("Until when?");
			await ana.picks("30 days");
			await ana.looks("share-until");
			await ana.presses("Continue");
			await ana.reads("Check before you sign");
			for (const text of [`${DOCTOR}, number ${doctorsNumber}, ${HOSPITAL}`, "The whole chart", "Yes, notes and records", /Until \d+ \w+ \d{4}/]) await ana.sees(text);
			await ana.looks("share-check");
			await ana.presses("Sign and share");
			await ana.reads(`${DOCTOR} can see it now`);
			await ana.looks("shared");
		});

		test("the doctor opens the chart, reads all three, and writes a note", async () => {
			const { ben } = people;
			await ben.sees(NAME);
			await ben.sees("born 9 March 1984");
			await ben.looks("inbox");
			await ben.follows(new RegExp(NAME));
			await ben.reads(NAME);
			for (const { title } of [LETTER, PHOTO, DIARY]) await ben.sees(title);
			await ben.looks("chart");
			const shown = ben.page.frameLocator("iframe");
			await ben.follows(new RegExp(PHOTO.title));
			await shown.getByRole("img").first().waitFor();
			await ben.looks("photo");
			if (look === "phone") await ben.follows("Records of this chart");
			await ben.follows(new RegExp(DIARY.title));
			await shown.getByText("Monday 132 over 84").waitFor();
			await ben.looks("text");
			if (look === "phone") await ben.follows("Records of this chart");
			await ben.follows(new RegExp(LETTER.title));
			await shown.locator("canvas").first().waitFor();
			await ben.looks("pdf");
			await ben.presses("Write a note");
			await ben.types("Your note", NOTE);
			await ben.looks("note-form");
			await ben.presses("Sign and add the note");
			await ben.page.locator(".thread").getByText(NOTE).waitFor();
			await ben.looks("note");
		});

		test("the patient reads the note, and sees that the doctor looked", async () => {
			const { ana } = people;
			await ana.goes("Home");
			await ana.sees("New since you last looked");
			await ana.looks("home-news");
			await ana.goes("Records");
			await ana.reads("Your records");
			await ana.sees("1 note");
			await ana.follows(new RegExp(LETTER.title));
			await ana.reads(LETTER.title);
			await ana.page.locator(".thread").getByText(NOTE).waitFor();
			await ana.looks("record-with-note");
			await until(() => ana.seesPaper(), "the letter is in the picture");
			await ana.goes("Who looked");
			await ana.reads("Who looked");
			const rows = ana.page.getByRole("row").filter({ hasText: DOCTOR });
			for (const { title } of [LETTER, PHOTO, DIARY]) await rows.filter({ hasText: title }).first().waitFor();
			await rows.filter({ hasText: "Your name and birth date" }).filter({ hasText: "Opened" }).first().waitFor();
			// All three are short: to list their titles, the vault gave them out whole.
			const listed = rows.filter({ hasText: "3 records" }).last();
			await listed.filter({ hasText: "All are short files: titles looked at, or read whole" }).waitFor();
			await listed.locator("summary").click();
			await listed.getByText(LETTER.title).filter({ visible: true }).waitFor();
			await ana.unfolds("What do these words mean?");
			await ana.sees("can't tell a list of titles from a reading");
			await ana.looks("looks");
			await ana.goes("Home");
			await ana.sees(DOCTOR);
			await ana.looks("home");
		});

		test("the saved keystore file opens the chart at the command line, and the page shows what that adds", async () => {
			const { ana } = people;
			await ana.follows("Settings");
			await ana.reads("Settings");
			await ana.looks("settings");
			await ana.unfolds("Save the keystore file");
			const [saved] = await Promise.all([ana.page.waitForEvent("download"), ana.presses("Save the file")]);
			assert.equal(saved.suggestedFilename(), "me.age");
			const home = join(HOMES, `ana-${look}`);
			await mkdir(join(home, "accounts"), { recursive: true, mode: 0o700 });
			await writeFile(join(home, "accounts", "me.age"), await readFile(await saved.path()), { mode: 0o600 });
			const [passphrase, report] = [join(home, "passphrase"), join(home, "report.txt")];
			await writeFile(passphrase, PASSPHRASE);
			await writeFile(report, "Written at Gorsebank.");
			const options = [`ana-${look}`, "--passphrase-file", passphrase];
			const { items } = await runs(...options, "record", "list");
			assert.deepEqual(items.map(({ title }) => title).slice(0, 3).sort(), [LETTER, PHOTO, DIARY].map(({ title }) => title).sort());
			await runs(...options, "record", "open", String(items.find(({ title }) => title === LETTER.title).record), "--output", join(home, "letter.pdf"));
			assert.deepEqual(await readFile(join(home, "letter.pdf")), LETTER.content);
			await runs(...options, "record", "add", report, "--title", TYPED);
			await ana.goes("Records");
			await ana.reads("Your records");
			await ana.follows(new RegExp(TYPED));
			await ana.page.frameLocator("iframe").getByText("Written at Gorsebank.").waitFor();
		});

		test("the patient takes access back, and the doctor's open chart closes", async () => {
			const { ana, ben } = people;
			const could = await former(doctorsWords, patientsNumber, doctorsNumber);
			assert.equal(could.vault, 200);
			assert.ok(could.opens.length >= 4, "the three records and the note");
			await ana.goes("Access");
			await ana.reads("Who has access");
			await ana.sees("May add");
			await ana.looks("access");
			await ana.presses(/^Take back/);
			await ana.sees("can't be fetched back");
			await ana.looks("take-back");
			await ana.answers("Take it back");
			await ana.isTold("Access is taken back. The hospitals have confirmed it.");
			await ana.sees("No doctor has access to your chart.");
			await ana.looks("access-none");

			await ben.reads("Access has ended");
			const left = await ben.text();
			for (const text of [LETTER.title, PHOTO.title, DIARY.title, NOTE]) assert.ok(!left.includes(text), `still on the doctor's screen: ${text}`);
			assert.equal(await ben.page.locator("iframe").count(), 0);
			await ben.looks("chart-closed");

			await ana.goes("Records");
			await ana.follows("Add");
			await ana.sees("Only you will be able to read it.");
			await ana.chooses("Choose files", [file(LATER)]);
			await ana.types(`Title of ${LATER.name}`, LATER.title);
			await ana.presses("Sign and add 1 record");
			await ana.reads("Your records");
			await ana.sees(LATER.title);

			await ben.page.goBack();
			await ben.reads("Access has ended");
			await ben.follows("All patients");
			await ben.reads("Your patients");
			await ben.sees("No chart is open to you now.");
			assert.ok(!(await ben.text()).includes(LATER.title));
			await ben.looks("inbox-after");
			const can = await former(doctorsWords, patientsNumber, doctorsNumber);
			assert.equal(can.vault, 403);
			assert.deepEqual([...can.opens].sort(), [...could.opens].sort(), "the keys open no more than before");
			assert.ok(can.shut.length > could.shut.length, "there is something that they don't open");
		});

		test("locked browsers keep nothing that was read, and nothing of it was ever sent or shown in an address", async () => {
			const canaries = new Canaries([...WORDS, words, doctorsWords]);
			// Where a page comes from, and the two gateways: no node is among them.
			const allowed = [new URL(from).host, ...HOSTS];
			for (const person of Object.values(people)) {
				await person.presses("Lock");
				await person.reads("Unlock your account");
				const found = canaries.in(await person.page.evaluate(kept));
				assert.deepEqual(found, [], `in the storage of the ${person.name}`);
				assert.deepEqual(canaries.in([...person.places].join("\n")), [], `in addresses and titles of the ${person.name}`);
				const carried = person.sent.flatMap((part) => canaries.in(part));
				assert.deepEqual(carried, [], `in what the browser of the ${person.name} sent or got`);
				assert.ok(person.frames > 20, `the sockets of the ${person.name} were watched: ${person.frames} frames`);
				assert.deepEqual([...person.hosts].filter((host) => host && !allowed.includes(host)), [], "hosts");
				assert.deepEqual(person.said.filter((line) => !NEWCOMER.test(line)), [], `on the console of the ${person.name}`);
			}
			await people.ana.looks("locked");
			for (const person of Object.values(people)) await person.leaves();
		});

		test("no node and no vault has written any of it", async () => {
			const canaries = new Canaries([...WORDS, words, doctorsWords]);
			for (const folder of ["network", "vault-0", "vault-1"]) {
				const { found, files } = await canaries.inFolder(join(HOMES, folder));
				assert.deepEqual(found, []);
				assert.ok(files > 3, `${folder} has ${files} files`);
			}
		});
	});
}
