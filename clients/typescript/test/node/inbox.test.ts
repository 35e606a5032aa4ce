import assert from "node:assert/strict";
import { test } from "node:test";
import {
	AfterOutOfRange, ErrorCode, type InboxNotification, type InboxOptions, type MedBlock, RpcError,
} from "../../src/index.js";
import { client, DOCTOR, happen, kill, Relay, start } from "./network.js";

// The number of the last finalized block.
async function finalized(node: MedBlock): Promise<number> {
	return (await node.call("doctor", { doctor: DOCTOR })).at.number;
}

// What is told of the blocks behind `after`, until the block `last`, which may become known only when
// that has been told; without what only says how far the inbox has got.
async function told(
	node: MedBlock,
	last: Promise<number>,
	options: Omit<InboxOptions, "doctor" | "signal">,
	each: () => void = () => {},
): Promise<InboxNotification[]> {
	const all: InboxNotification[] = [];
	const enough = new AbortController();
	const until = last.then((number) => {
		if ((all.at(-1)?.block.number ?? 0) >= number) enough.abort(enough);
		return number;
	});
	let end = Infinity;
	until.then((number) => { end = number; }, (why) => enough.abort(why));
	try {
		const { signal } = enough;
		for await (const news of node.subscribeInbox({ doctor: DOCTOR, ...options, signal })) {
			if (news.events.length > 0) {
				all.push(news);
				each();
			}
			if (news.block.number >= end) return all;
		}
	} catch (why) {
		if (why !== enough) throw why;
	}
	return all;
}

const numbers = (all: InboxNotification[]) => all.map(({ block }) => block.number);

test("without `after`, a first notification says where the inbox begins", async (context) => {
	const node = client(context);
	const before = await finalized(node);
	for await (const { block, events } of node.subscribeInbox({ doctor: DOCTOR })) {
		assert(block.number >= before);
		assert.deepEqual(events, []);
		break;
	}
});

test("over connections cut at any byte, each event comes once and in order", async (context) => {
	const direct = client(context);
	const last = Promise.resolve(await happen("the story ends"));
	const whole = await told(direct, last, { after: 0 });
	assert(whole.length >= 6, `${whole.length} notifications`);
	// Enough for the handshake and any one notification; then in the midst of another.
	for (const limit of [800, 900]) {
		const relay = await Relay.start(context, limit);
		let retries = 0;
		const onRetry = () => { retries += 1; };
		const through = await told(client(context, relay.url), last, { after: 0, onRetry });
		assert.deepEqual(through, whole);
		assert(retries >= 2, `${retries} interruptions`);
		assert.equal(relay.connections, retries + 1);
	}
});

test("a node that is killed and started again loses no event, and repeats none", async (context) => {
	const node = client(context);
	const after = await finalized(node);
	const happened: number[] = [];
	const interruptions: string[] = [];
	let seen = () => {};
	const first = new Promise<void>((resolve) => { seen = resolve; });
	const changes = async () => {
		happened.push(await happen("before"));
		await first;
		await kill();
		// While this node is away, the others go on.
		happened.push(await happen("meanwhile"));
		await start();
		happened.push(await happen("afterwards"));
		return happened.at(-1) as number;
	};
	const onRetry = (why: Error) => interruptions.push(why.message);
	const all = await told(node, changes(), { after, onRetry }, seen);
	assert.deepEqual(numbers(all), happened);
	for (const { events } of all) assert.deepEqual(events.map(({ type }) => type), ["details-set"]);
	assert(interruptions.length > 0);
});

test("a connection that falls silent is given up, and the inbox resumed", async (context) => {
	const relay = await Relay.start(context);
	const node = client(context, relay.url, { timeout: 2_000 });
	const interruptions: string[] = [];
	const onRetry = (why: Error) => interruptions.push(why.message);
	const inbox = node.subscribeInbox({ doctor: DOCTOR, onRetry });
	await inbox.next();
	relay.stall();
	const last = await happen("in the dark");
	assert.equal((await inbox.next()).value?.block.number, last);
	assert(interruptions.some((why) => /silent|no answer within/.test(why)), interruptions.join());
});

test("inboxes share one connection, and each resumes", async (context) => {
	const relay = await Relay.start(context);
	const node = client(context, relay.url);
	const inboxes = [1, 2, 3].map(() => node.subscribeInbox({ doctor: DOCTOR }));
	await Promise.all(inboxes.map((inbox) => inbox.next()));
	relay.cut();
	const last = await happen("to all");
	for (const inbox of inboxes) assert.equal((await inbox.next()).value?.block.number, last);
	assert.equal(relay.connections, 2);
});

test("a node that has not come to that block yet is asked again until it has", async (context) => {
	const node = client(context);
	const after = await finalized(node) + 3;
	const whys: Error[] = [];
	const later = async () => {
		// Not before that block: what happens in it was dealt with.
		while (await finalized(node) <= after);
		return happen("at last");
	};
	const last = later();
	const all = await told(node, last, { after, onRetry: (why) => whys.push(why) });
	assert.deepEqual(numbers(all), [await last]);
	assert(whys.length > 0 && whys.every((why) => why instanceof AfterOutOfRange && why.highest < after));
});

test("leaving the loop ends the subscription at the node", async (context) => {
	const node = client(context);
	// A connection may have 256 at a time.
	for (const round of [1, 2]) {
		const greetings = Array.from({ length: 200 }, async () => {
			for await (const { block } of node.subscribeInbox({ doctor: DOCTOR })) return block.number;
			return assert.fail("the inbox ended");
		});
		for (const number of await Promise.all(greetings)) assert(number > 0, `round ${round}`);
	}
});

test("one more than a connection may have is refused, and the others go on", async (context) => {
	const node = client(context);
	const inboxes = Array.from({ length: 256 }, () => node.subscribeInbox({ doctor: DOCTOR }));
	await Promise.all(inboxes.map((inbox) => inbox.next()));
	await assert.rejects(node.subscribeInbox({ doctor: DOCTOR }).next(), (why) => {
		return why instanceof RpcError && why.code === ErrorCode.TooManySubscriptions;
	});
	assert((await finalized(node)) > 0);
});

test("an inbox ends with the reason of its signal", async (context) => {
	const enough = new Error("enough");
	const following = new AbortController();
	const inbox = client(context).subscribeInbox({ doctor: DOCTOR, signal: following.signal });
	await inbox.next();
	const waiting = inbox.next();
	following.abort(enough);
	await assert.rejects(waiting, (why) => why === enough);
	assert.deepEqual(await inbox.next(), { done: true, value: undefined });
});

test("closing the client ends its inboxes", async (context) => {
	const node = client(context);
	const inbox = node.subscribeInbox({ doctor: DOCTOR });
	await inbox.next();
	const waiting = inbox.next();
	await node.close();
	await assert.rejects(waiting, /the client was closed/);
});

test("there is no inbox of a doctor who does not exist", async (context) => {
	await assert.rejects(client(context).subscribeInbox({ doctor: 4_000_000_000 }).next(), (why) => {
		return why instanceof RpcError && why.code === ErrorCode.NotFound;
	});
});

test("an http address serves inboxes, too", async (context) => {
	const node = client(context, process.env.NODE_URL?.replace("ws", "http"));
	for await (const { events } of node.subscribeInbox({ doctor: DOCTOR })) {
		assert.deepEqual(events, []);
		break;
	}
});
