// Prints ../vectors/keys.json: every derivation and sealing of this crate, written a second time from its
// README with Node's and Noble's primitives, on inputs that stand here.
//
// Usage: node vectors.mjs > ../vectors/keys.json
import { createCipheriv, createHash, createHmac, hkdfSync, pbkdf2Sync } from "node:crypto";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { XWing } from "@noble/post-quantum/hybrid.js";
import { bech32 } from "@scure/base";

const text = (string) => Buffer.from(string, "latin1");
const u32 = (number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes; };
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
const hkdf = (salt, input, ...info) => Buffer.from(hkdfSync("sha256", input, salt, Buffer.concat(info), 32));
const expand = (key, ...info) => hmac(key, ...info, Buffer.of(1));
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const publicKey = (seed) => Buffer.from(XWing.keygen(seed).publicKey);

function aead(key, nonce, aad, plain) {
	const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
	cipher.setAAD(aad, { plaintextLength: plain.length });
	return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

// RFC 9180, base mode, with KEM 0x647a, KDF 1 and AEAD 3.
function hpke(to, randomness, info, plain) {
	const suite = Buffer.concat([text("HPKE"), Buffer.of(0x64, 0x7a, 0, 1, 0, 3)]);
	const extract = (salt, label, input) => hmac(salt, text("HPKE-v1"), suite, text(label), input);
	const labeled = (key, label, context, length) =>
		expand(key, Buffer.of(0, length), text("HPKE-v1"), suite, text(label), context).subarray(0, length);
	const { cipherText, sharedSecret } = XWing.encapsulate(to, randomness);
	const none = Buffer.alloc(0);
	const context = Buffer.concat([
		Buffer.of(0), extract(none, "psk_id_hash", none), extract(none, "info_hash", info),
	]);
	const secret = extract(sharedSecret, "secret", none);
	const sealed = aead(labeled(secret, "key", context, 32), labeled(secret, "base_nonce", context, 12), none, plain);
	return Buffer.concat([cipherText, sealed]);
}

// The words of the development accounts of Substrate, and the entropy that they stand for.
const mnemonic = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const entropy = Buffer.from("1a486a5fbe53639984cb64b070755f7b", "hex");
const password = "";
const genesis = Buffer.alloc(32, 0x47);
const salts = [Buffer.alloc(16, 0x50), Buffer.alloc(16, 0x51)];

const seed = pbkdf2Sync(entropy, "mnemonic" + password, 2048, 64, "sha512");
const root = hkdf("", seed, text("medblock/v1/root"));
const doctor = hkdf("", seed, text("medblock/v1/encryption-key"), u32(1));
const registrar = hkdf("", seed, text("medblock/v1/registrar-key"), u32(1));

const epochs = salts.map((salt, epoch) => {
	const secret = hkdf(salt, root, text("medblock/v1/epoch"), genesis, u32(epoch));
	const identity = expand(secret, text("medblock/v1/epoch-identity"));
	return { epoch, salt, secret, identity, key: publicKey(identity) };
});
const wrapNonce = Buffer.alloc(12, 0x4e);
const wrapped = Buffer.concat([wrapNonce, aead(
	expand(epochs[1].secret, text("medblock/v1/wrap")), wrapNonce,
	Buffer.concat([
		text("medblock/v1/wrap"), genesis, u32(1), u32(0), sha256(epochs[1].key), sha256(epochs[0].key),
	]),
	epochs[0].secret,
)]);
const standbyTag = hmac(expand(epochs[0].secret, text("medblock/v1/standby")), epochs[1].key);

const seal = { purpose: 1, patient: 7, doctor: 9, generation: 2, epoch: 0, key_version: 1 };
const sealed = Buffer.concat([Buffer.of(1), hpke(
	publicKey(doctor), new Uint8Array(64).fill(0x52),
	Buffer.concat([
		text("medblock/v1/seal"), Buffer.of(seal.purpose), genesis,
		...["patient", "doctor", "generation", "epoch", "key_version"].map((field) => u32(seal[field])),
	]),
	epochs[0].secret,
)]);

const profile = { hospital: 4, version: 2, registrar: Buffer.alloc(32, 0x41), key_version: 1 };
const profileVersions = [1, 2].map((version) => {
	const secret = Buffer.alloc(32, 0x70 + version);
	const identity = expand(secret, text("medblock/v1/profile-identity"));
	return { version, secret, identity, key: publicKey(identity) };
});
const [firstProfile, secondProfile] = profileVersions;
const wrappedProfile = Buffer.concat([wrapNonce, aead(
	expand(secondProfile.secret, text("medblock/v1/profile-wrap")), wrapNonce,
	Buffer.concat([
		text("medblock/v1/profile-wrap"), genesis, u32(profile.hospital), u32(2), u32(1),
		sha256(secondProfile.key), sha256(firstProfile.key),
	]),
	firstProfile.secret,
)]);
const sealedProfile = Buffer.concat([Buffer.of(1), hpke(
	publicKey(registrar), new Uint8Array(64).fill(0x54),
	Buffer.concat([
		text("medblock/v1/seal"), Buffer.of(3), genesis, u32(profile.hospital), u32(profile.version),
		profile.registrar, u32(profile.key_version),
	]),
	secondProfile.secret,
)]);

const share = { patient: 7, doctor: 9, generation: 3, record: 5, key_version: 2 };
const derivedShareKey = hkdf(
	"", root, text("medblock/v1/share-key"), genesis,
	...["patient", "doctor", "generation", "key_version"].map((field) => u32(share[field])),
);
const shareKey = Buffer.alloc(32, 0x53);
const fileKey = Buffer.alloc(16, 0x46);
const wrappedFileKey = Buffer.concat([wrapNonce, aead(
	expand(shareKey, text("medblock/v1/share")), wrapNonce,
	Buffer.concat([
		text("medblock/v1/share"), genesis,
		...["patient", "doctor", "generation", "record"].map((field) => u32(share[field])),
	]),
	fileKey,
)]);

const titles = { account: Buffer.alloc(32, 0x43), bound: text("which piece"), plain: text("titles") };
const titlesKey = hkdf("", root, text("medblock/v1/titles"), genesis, titles.account);
const titlesName = expand(titlesKey, text("medblock/v1/titles-name"), titles.bound).subarray(0, 16);
const sealedTitles = Buffer.concat([
	wrapNonce, aead(expand(titlesKey, text("medblock/v1/titles-seal")), wrapNonce, titles.bound, titles.plain),
]);

// Two of three shares of the root. Of each polynomial, the coefficient that is random stands here.
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const number = (bytes) => BigInt("0x" + hex(Buffer.from(bytes).reverse()));
const scalar = (number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse();
const blindingGenerator = ristretto255_hasher.deriveToCurve(
	createHash("sha512").update("medblock/v1/division-generator").digest(),
);
const committed = (value, blinding) => Buffer.from(
	ristretto255.Point.BASE.multiply(value).add(blindingGenerator.multiply(blinding)).toBytes(),
);
const divided = { patient: 7, doctor: 9, key_version: 1 };
const what = [genesis, Buffer.of(1), u32(divided.patient)];
const random = { value: number(Buffer.alloc(32, 0x0b)), blinding: number(Buffer.alloc(32, 0x0c)) };
const other = committed(random.value, random.blinding);
const constant = (label) => number(Buffer.concat(
	[0, 1].map((half) => hkdf("", root, text(label), Buffer.of(half), ...what, other)),
)) % order;
const [value, blinding] = ["medblock/v1/division", "medblock/v1/division-blinding"].map(constant);
const commitments = [committed(value, blinding), other];
const shares = [1n, 2n, 3n].map((place) => Buffer.concat([
	scalar((value + random.value * place) % order), scalar((blinding + random.blinding * place) % order),
]));
const wrappedRoot = Buffer.concat([wrapNonce, aead(
	hkdf("", scalar(value), text("medblock/v1/divided")), wrapNonce,
	Buffer.concat([text("medblock/v1/divided"), ...what, ...commitments]),
	root,
)]);
const sealedShare = Buffer.concat([Buffer.of(1), hpke(
	publicKey(doctor), new Uint8Array(64).fill(0x55),
	Buffer.concat([
		text("medblock/v1/seal"), Buffer.of(5), ...what, sha256(Buffer.concat(commitments)),
		Buffer.of(2), u32(divided.doctor), u32(divided.key_version),
	]),
	shares[0],
)]);

const printed = (prefix, bytes) => bech32.encodeFromBytes(prefix, bytes);
console.log(JSON.stringify({
	mnemonic,
	entropy: hex(entropy),
	password,
	seed: hex(seed),
	account_secret: hex(seed.subarray(0, 32)),
	root: hex(root),
	encryption_identity_1: {
		identity: printed("age-secret-key-pq-", doctor).toUpperCase(),
		key_digest: hex(sha256(publicKey(doctor))),
	},
	registrar_identity_1: {
		identity: printed("age-secret-key-pq-", registrar).toUpperCase(),
		key_digest: hex(sha256(publicKey(registrar))),
	},
	genesis: hex(genesis),
	epochs: epochs.map(({ epoch, salt, secret, identity, key }) => ({
		epoch,
		salt: hex(salt),
		secret: hex(secret),
		identity: printed("age-secret-key-pq-", identity).toUpperCase(),
		key_digest: hex(sha256(key)),
	})),
	wrapped_epoch_0: hex(wrapped),
	standby_tag: hex(standbyTag),
	sealed: { ...seal, sealed: hex(sealed) },
	profile_key: {
		...profile,
		registrar: hex(profile.registrar),
		versions: profileVersions.map(({ version, secret, identity, key }) => ({
			version,
			secret: hex(secret),
			identity: printed("age-secret-key-pq-", identity).toUpperCase(),
			key_digest: hex(sha256(key)),
		})),
		wrapped_version_1: hex(wrappedProfile),
		sealed: hex(sealedProfile),
	},
	titles: {
		account: hex(titles.account),
		bound: hex(titles.bound),
		plain: hex(titles.plain),
		name: hex(titlesName),
		sealed: hex(sealedTitles),
	},
	shared: {
		...share,
		derived: hex(derivedShareKey),
		share_key: hex(shareKey),
		file_key: hex(fileKey),
		wrapped: hex(wrappedFileKey),
	},
	divided: {
		...divided,
		commitments: commitments.map(hex),
		shares: shares.map(hex),
		wrapped: hex(wrappedRoot),
		sealed_share_1: hex(sealedShare),
	},
}, null, "\t"));
