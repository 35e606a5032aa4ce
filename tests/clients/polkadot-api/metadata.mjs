// The documentation in a chain's metadata, from where the client's types have it.

import { decAnyMetadata, unifyMetadata } from "@polkadot-api/substrate-bindings";

const joined = (docs) => docs.map((line) => line.trim()).join(" ").trim();

export class Metadata {
	constructor(bytes) {
		const { pallets, apis, lookup, extrinsic } = unifyMetadata(decAnyMetadata(bytes));
		Object.assign(this, { pallets, apis, lookup });
		this.extensions = extrinsic.signedExtensions[0].map(({ identifier }) => identifier);
	}

	pallet(name) {
		return this.pallets.find((pallet) => pallet.name === name);
	}

	// The variants of a pallet's `calls`, `events` or `errors`.
	variants(pallet, kind) {
		const found = this.pallet(pallet)[kind];
		return found ? this.lookup[found.type].def.value : [];
	}

	// What is said of one of them.
	docs(pallet, kind, name) {
		return joined(this.variants(pallet, kind).find((variant) => variant.name === name).docs);
	}

	constants(pallets) {
		return pallets.flatMap((pallet) => {
			return this.pallet(pallet).constants.map(({ name }) => [pallet, name]);
		});
	}

	functions(apis) {
		return this.apis.filter(({ name }) => apis.includes(name)).flatMap(({ name: api, methods }) => {
			return methods.map(({ name, inputs }) => {
				return { api, name, inputs: inputs.map((input) => input.name) };
			});
		});
	}

	// How many texts there are, and where there is none.
	documentation(pallets, apis) {
		const undocumented = [];
		let documented = 0;
		const look = (name, { docs }) => (joined(docs) === "" ? undocumented.push(name) : documented++);
		for (const name of pallets) {
			const { storage, constants, viewFns } = this.pallet(name);
			const kinds = ["calls", "events", "errors"].map((kind) => this.variants(name, kind));
			for (const entry of [...kinds.flat(), ...(storage?.items ?? []), ...constants, ...viewFns]) {
				look(`${name}.${entry.name}`, entry);
			}
			for (const event of this.variants(name, "events")) {
				event.fields.forEach((field) => look(`${name}.${event.name}.${field.name}`, field));
			}
		}
		for (const { name: api, methods } of this.apis.filter(({ name }) => apis.includes(name))) {
			methods.forEach((method) => look(`${api}.${method.name}`, method));
		}
		return { documented, undocumented };
	}
}
