// The page under test: what it checks, each under the sentence that it shows. `browser.test.mjs` asks for the
// sentences, and then for one check after another.
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import start, * as medblock from "medblock-web";

/** Bodies that leave the last chunk nearly empty, full, and anything in between. */
const LENGTHS = [0, 1, 4_096, 65_536, 1_100_000];
const MIB = 2 ** 20;

const vector = async (name) => {
	const answer = await fetch(`vectors/${name}`);
	if (!answer.ok) throw new Error(`there is no vector ${name}`);
	return answer;
};
const text = async (name) => (await (await vector(name)).text()).trim();
const bytes = async (name) => new Uint8Array(await (await vector(name)).arrayBuffer());

function same(actual, expected, of) {
	const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
	if (a !== b) throw new Error(`${of}: ${a} is not ${b}`);
}

function sameBytes(actual, expected, of) {
	same(actual.length, expected.length, `${of}: its length`);
	if (!expected.every((byte, index) => byte === actual[index])) throw new Error(`${of}: it differs`);
}

function refuses(act, sentence) {
	try {
		act();
	} catch (error) {
		return same(error.message, sentence, "the refusal");
	}
	throw new Error(`it is not refused: ${sentence}`);
}

const headers = {
	title: "Röntgen",
	mediaType: "image/png",
	fileName: "knie.png",
	writtenAt: "2026-11-28T08:30:00Z",
};
const body = (length) => Uint8Array.from({ length }, (_, index) => index / 3);
const identity = () => medblock.encryptionIdentity(medblock.newWords(), 1);

async function decrypted(file, by) {
	const decrypter = new Decrypter();
	decrypter.addIdentity(by);
	return decrypter.decrypt(file);
}

/** MiB/s, by the better of two calls: the first one waits for memory, too. */
function speed(length, act) {
	const seconds = [0, 1].map(() => {
		const started = performance.now();
		act();
		return (performance.now() - started) / 1_000;
	});
	return Math.round(length / MIB / Math.min(...seconds));
}

const checks = {
	async "words have the identities that other implementations derive"() {
		const keys = await (await vector("keys.json")).json();
		const derived = medblock.encryptionIdentity(keys.mnemonic, 1);
		same(derived, keys.encryption_identity_1.identity, "the identity");
		refuses(() => medblock.encryptionIdentity("bottom drive", 1),
			"a recovery phrase has 12, 15, 18, 21 or 24 words, and this one has 2");
	},

	async "new words are 24, and never the same"() {
		const words = [medblock.newWords(), medblock.newWords()];
		for (const some of words) same(some.split(" ").length, 24, "their count");
		if (words[0] === words[1]) throw new Error("they are the same");
	},

	async "identities have the recipients that age-encryption gives them"() {
		for (const name of ["empty", "short", "two-chunks"]) {
			const known = await text(`age-pq/${name}.identity.txt`);
			same(medblock.recipientOf(known), await text(`age-pq/${name}.recipient.txt`), name);
		}
		const fresh = identity();
		same(medblock.recipientOf(fresh), await identityToRecipient(fresh), "a new one");
	},

	async "files of others open, and are told from records"() {
		for (const name of ["empty", "short", "two-chunks"]) {
			const known = await text(`age-pq/${name}.identity.txt`);
			const file = await bytes(`age-pq/${name}.age`);
			let refusal;
			try {
				medblock.open(known, file);
			} catch (error) {
				refusal = error.message;
			}
			if (!refusal?.startsWith("the file opened, but its content is not a record")) {
				throw new Error(`${name}: ${refusal}`);
			}
		}
	},

	async "age-encryption opens what the client encrypts"() {
		const identities = [identity(), identity(), identity()];
		const recipients = identities.map(medblock.recipientOf);
		for (const length of LENGTHS) {
			const file = medblock.encrypt(recipients, headers, body(length));
			for (const by of identities) {
				const entity = await decrypted(file, by);
				sameBytes(entity.subarray(entity.length - length), body(length), `${length} bytes`);
			}
		}
	},

	async "the client opens what age-encryption encrypts"() {
		const own = identity();
		for (const length of LENGTHS) {
			// It knows no records: the entity is the client's, taken out of a file of the client's.
			const record = medblock.encrypt([medblock.recipientOf(own)], headers, body(length));
			const encrypter = new Encrypter();
			encrypter.addRecipient(medblock.recipientOf(own));
			const file = await encrypter.encrypt(await decrypted(record, own));
			const opened = medblock.open(own, file);
			same(opened.headers, headers, "the headers");
			sameBytes(opened.body, body(length), `${length} bytes`);
		}
	},

	async "what is damaged, for others or no record is refused, and the client goes on"() {
		const [own, other] = [identity(), identity()];
		const to = [medblock.recipientOf(own)];
		const file = medblock.encrypt(to, headers, body(100_000));
		refuses(() => medblock.open(other, file), "the file is not encrypted to this key");
		refuses(() => medblock.open(own, body(100)),
			"this is not an encrypted record (an age file of version 1)");
		refuses(() => medblock.open("AGE-SECRET-KEY-1", file),
			"this is not an age identity of the kind AGE-SECRET-KEY-PQ-1…");
		const damaged = Uint8Array.from(file);
		damaged[damaged.length - 1] ^= 1;
		refuses(() => medblock.open(own, damaged),
			"the file is damaged, cut short or was tampered with: fetch it again");
		refuses(() => medblock.encrypt([], headers, body(1)),
			"a file is encrypted to between 1 and 63 keys, and these are 0");
		refuses(() => medblock.encrypt(to, { ...headers, title: "" }, body(1)),
			"a title is one line of visible text of 1 to 256 bytes, without control characters");
		sameBytes(medblock.open(own, file).body, body(100_000), "it goes on");
	},

	async "encrypts and opens 64 MiB"() {
		const own = identity();
		const to = [medblock.recipientOf(own)];
		const plain = new Uint8Array(64 * MIB);
		let file;
		const encrypts = speed(plain.length, () => { file = medblock.encrypt(to, headers, plain); });
		const opens = speed(plain.length, () => medblock.open(own, file));
		return `encrypts ${encrypts} MiB/s, opens ${opens} MiB/s`;
	},
};

await start();
globalThis.checks = checks;
