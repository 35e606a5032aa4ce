// A node that lies: it passes everything on to an honest one and back, but for one answer.
import { WebSocket, WebSocketServer } from "ws";

/** The runtime's function that a request calls, or else its method. */
const called = ({ method, params }) => (method === "state_call" ? params[0] : method);

/** A number as calls carry it: four bytes, the lowest first. */
function encoded(number) {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(number);
	return `0x${bytes.toString("hex")}`;
}

const hexOf = (text) => Buffer.from(text).toString("hex");

/** Asks about one person, and gets the answer about another. */
const asking = (name, one, other) => ({
	ask(request) {
		if (called(request) !== name || request.params[1] !== encoded(one)) return false;
		request.params[1] = encoded(other);
		return true;
	},
});

/** Answers of functions whose names begin so, in which one text is another of the same length. */
const replacing = (name, text, other) => ({
	tell(request, answer) {
		if (!called(request).startsWith(name) || typeof answer.result !== "string") return false;
		const changed = answer.result.replaceAll(hexOf(text), hexOf(other));
		const lied = changed !== answer.result;
		answer.result = changed;
		return lied;
	},
});

/** What a node may lie about. */
export const lies = {
	/** One doctor has another one's encryption key. */
	doctorsKey: (doctor, other) => asking("MedicalRecordsApi_encryption_key", doctor, other),
	/** One chart has another one's keys. */
	chartKeys: (patient, other) => asking("MedicalRecordsApi_chart_keys", patient, other),
	/** One doctor has another one's name. Both have to be equally long. */
	name: (name, other) => replacing("MedicalRecordsApi_doctor", name, other),
	/** A hospital's vault is elsewhere. */
	vault: (url, other) => replacing("ConsortiumApi_hospital", url, other),
	/** An old block is the last final one. */
	head: (hash) => ({
		tell(request, answer) {
			if (request.method !== "chain_getFinalizedHead") return false;
			answer.result = hash;
			return true;
		},
	}),
	/** The chain began with another block. */
	genesis: (hash) => ({
		tell(request, answer) {
			if (request.method !== "chain_getBlockHash" || Number(request.params?.[0] ?? -1) !== 0) return false;
			answer.result = hash;
			return true;
		},
	}),
};

export class Liar {
	/** What it lies about; nothing if this is null. */
	lie = null;
	/** How many lies it has told. */
	told = 0;
	/** The transactions that it was given. */
	submitted = [];
	#server;

	/** A node at this port, with an honest one behind it. */
	static async at(port, honest) {
		const liar = new Liar();
		liar.#server = new WebSocketServer({ port, host: "127.0.0.1" });
		await new Promise((listens) => liar.#server.once("listening", listens));
		liar.#server.on("connection", (client) => liar.#serve(client, honest));
		return liar;
	}

	close() {
		for (const client of this.#server.clients) client.terminate();
		this.#server.close();
	}

	#serve(client, honest) {
		const node = new WebSocket(honest);
		const asked = new Map();
		const early = [];
		client.on("message", (data) => {
			const request = JSON.parse(data);
			if (request.method === "author_submitExtrinsic") this.submitted.push(request.params[0]);
			if (this.lie?.ask?.(request)) this.told += 1;
			asked.set(request.id, request);
			if (node.readyState === WebSocket.OPEN) node.send(JSON.stringify(request));
			else early.push(JSON.stringify(request));
		});
		node.on("open", () => early.forEach((message) => node.send(message)));
		node.on("message", (data) => {
			const answer = JSON.parse(data);
			const request = asked.get(answer.id);
			asked.delete(answer.id);
			if (request && this.lie?.tell?.(request, answer)) this.told += 1;
			client.send(JSON.stringify(answer));
		});
		for (const [one, other] of [[client, node], [node, client]]) one.on("close", () => other.terminate()).on("error", () => other.terminate());
	}
}
