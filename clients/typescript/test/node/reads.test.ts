import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, type Grant, type MedBlock, RpcError } from "../../src/index.js";
import { client, DOCTOR, NODE_URL } from "./network.js";

const NOBODY = 4_000_000_000;

// Both ways of asking have to give the same.
function byEither(name: string, work: (client: MedBlock) => Promise<void>): void {
	for (const url of [NODE_URL, NODE_URL.replace("ws", "http")]) {
		test(`${name} (${new URL(url).protocol.slice(0, -1)})`, (context) => work(client(context, url)));
	}
}

byEither("a doctor's entry, and the block at which it was read", async (node) => {
	const { value, at } = await node.call("doctor", { doctor: DOCTOR });
	assert.equal(value.doctor, DOCTOR);
	assert.equal(value.profile?.specialty, "cardiology");
	assert.match(at.hash, /^0x[0-9a-f]{64}$/);
	assert(at.number > 0);
	const again = await node.call("doctorOf", { account: value.account, at: at.hash });
	assert.deepEqual(again, { value: DOCTOR, at });
});

byEither("all pages together are the whole list, of one block", async (node) => {
	const whole = await node.call("grantsToDoctor", { doctor: DOCTOR });
	assert(whole.items.length >= 3, `${whole.items.length} grants`);
	assert.equal(whole.next, null);
	const items: Grant[] = [];
	const blocks = new Set<string>();
	let pages = 0;
	const params = { doctor: DOCTOR, limit: 1, at: whole.at.hash };
	for await (const page of node.pages("grantsToDoctor", params)) {
		assert(page.items.length <= 1);
		items.push(...page.items);
		blocks.add(page.at.hash);
		pages += 1;
	}
	assert(pages >= whole.items.length);
	assert.deepEqual(items, whole.items);
	assert.deepEqual([...blocks], [whole.at.hash]);
});

byEither("pages are of one block while the chain goes on", async (node) => {
	const blocks = new Set<number>();
	for await (const page of node.pages("grantsToDoctor", { doctor: DOCTOR, limit: 1 })) {
		blocks.add(page.at.number);
		const [first] = blocks;
		for (;;) {
			const { at } = await node.call("doctor", { doctor: DOCTOR });
			if (at.number > (first as number)) break;
		}
	}
	assert.equal(blocks.size, 1);
});

byEither("items come one by one", async (node) => {
	const patients: number[] = [];
	for await (const grant of node.items("grantsToDoctor", { doctor: DOCTOR, limit: 2 })) {
		patients.push(grant.patient);
	}
	const { items } = await node.call("grantsToDoctor", { doctor: DOCTOR });
	assert.deepEqual(patients, items.map(({ patient }) => patient));
});

byEither("refusals are known by their codes", async (node) => {
	const cases: [() => Promise<unknown>, number][] = [
		[() => node.call("doctor", { doctor: NOBODY }), ErrorCode.NotFound],
		[() => node.call("doctor", { doctor: DOCTOR, at: `0x${"00".repeat(32)}` }), ErrorCode.UnknownBlock],
		[() => node.call("doctors", { limit: 257 }), ErrorCode.InvalidParams],
		[() => node.call("doctorOf", { account: "nonsense" }), ErrorCode.InvalidParams],
		[() => node.call("nothing" as "doctor", { doctor: DOCTOR }), ErrorCode.MethodNotFound],
	];
	for (const [ask, code] of cases) {
		await assert.rejects(ask, (why) => {
			assert(why instanceof RpcError, String(why));
			assert.equal(why.code, code, why.message);
			return true;
		});
	}
});

byEither("that nothing is there is no error where it is an answer", async (node) => {
	const { value } = await node.call("access", { patient: NOBODY, doctor: DOCTOR });
	assert.equal(value.allowed, null);
	assert.equal(value.denied?.reason, "patient-not-found");
});

byEither("hospitals are known under a prefix of their own", async (node) => {
	const { items, at } = await node.call("hospitals", { limit: 2 });
	assert.deepEqual(items.map(({ hospital }) => hospital), [0, 1]);
	const { value } = await node.call("hospital", { hospital: 1, at: at.hash });
	assert.deepEqual(value, items[1]);
});

byEither("many questions at once each get their own answer", async (node) => {
	const { items } = await node.call("grantsToDoctor", { doctor: DOCTOR });
	const asked = [...items, ...items, ...items].map(async ({ patient }) => {
		const { value } = await node.call("patient", { patient });
		return [patient, value.patient];
	});
	for (const [patient, answered] of await Promise.all(asked)) assert.equal(answered, patient);
});

byEither("a closed client answers nothing", async (node) => {
	await node.call("doctor", { doctor: DOCTOR });
	await node.close();
	await assert.rejects(node.call("doctor", { doctor: DOCTOR }), /the client was closed/);
});
