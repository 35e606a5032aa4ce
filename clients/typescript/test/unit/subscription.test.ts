import assert from "node:assert/strict";
import { test } from "node:test";
import { Subscription } from "../../src/subscription.js";

async function all(subscription: Subscription): Promise<unknown[]> {
	const items = [];
	for await (const item of subscription.until(undefined)) items.push(item);
	return items;
}

test("whoever is too slow gets what is there, and the subscription ends", async () => {
	let ended = 0;
	const subscription = new Subscription(() => { ended += 1; });
	for (let count = 0; count < 2_000; count += 1) subscription.push(count);
	assert.equal(ended, 1);
	const items = await all(subscription);
	assert.deepEqual(items, Array.from({ length: 1_024 }, (_, count) => count));
	assert.equal(ended, 1);
});

test("an error comes behind what was waiting", async () => {
	const subscription = new Subscription(() => assert.fail("it has ended by itself"));
	subscription.push("one");
	subscription.fail(new Error("gone"));
	subscription.push("two");
	const inbox = subscription.until(undefined);
	assert.deepEqual(await inbox.next(), { done: false, value: "one" });
	await assert.rejects(inbox.next(), /gone/);
});
