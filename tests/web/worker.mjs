// The client's dedicated Worker: does what the page asks, one deed after another, and says how it went.
import start, { Device, newWords } from "medblock-web";

let device;
let session;
const deeds = {
	newWords: () => newWords(),
	async open(name) {
		device = await Device.open(name);
	},
	createAccount: (...words) => device.createAccount(...words),
	async connect(...words) {
		session = await device.connect(...words);
		return session.address;
	},
	patient: () => session.patient(),
	registerPatient: (hospital) => session.registerPatient(hospital),
	addRecord: (file, headers, progress) => session.addRecord(file, headers, progress),
	records: () => session.records(),
	openRecord: (record, progress) => session.openRecord(record, progress),
};

const started = start();
let before = started;
onmessage = ({ data: { id, deed, words } }) => {
	const progress = (done, total) => postMessage({ id, progress: [done, total] });
	const wanted = { addRecord: 3, openRecord: 2 }[deed] ?? words.length;
	const all = words.length < wanted ? [...words, progress] : words;
	before = before.then(() => deeds[deed](...all)).then(
		(value) => postMessage({ id, value }),
		(error) => postMessage({ id, error: error.message ?? String(error) }),
	);
};
