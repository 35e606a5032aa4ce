// What ../interop.rs asks of npm's age-encryption.
//
// Usage: node age.mjs recipient IDENTITY
//        node age.mjs encrypt IN OUT RECIPIENT…
//        node age.mjs decrypt IN OUT IDENTITY
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const [command, ...rest] = process.argv.slice(2);
switch (command) {
	case "recipient":
		process.stdout.write(await identityToRecipient(rest[0]));
		break;
	case "encrypt": {
		const [input, output, ...recipients] = rest;
		const encrypter = new Encrypter();
		recipients.forEach((recipient) => encrypter.addRecipient(recipient));
		writeFileSync(output, await encrypter.encrypt(readFileSync(input)));
		break;
	}
	case "decrypt": {
		const [input, output, identity] = rest;
		const decrypter = new Decrypter();
		decrypter.addIdentity(identity);
		writeFileSync(output, await decrypter.decrypt(readFileSync(input)));
		break;
	}
	default:
		throw new Error(`there is no command ${command}`);
}
