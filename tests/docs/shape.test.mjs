import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, documents } from "./shape.mjs";

test("what is shown may have other numbers, hashes and shortened strings", () => {
	const shown = { at: { number: 1, hash: "0x2f…" }, key: "0x0102", to: "5C8e…", until: null, of: [] };
	const actual = { at: { number: 7, hash: "0xab" }, key: "0xffff", to: "5Grw", until: null, of: [] };
	assert.equal(difference(shown, actual), undefined);
	assert.equal(difference([{ id: 1 }], [{ id: 3 }, { id: 4 }]), undefined);
});

test("everything else has to be as shown", () => {
	const cases = [
		[{ a: 1 }, { a: 1, b: 2 }, "answer.b is not shown"],
		[{ a: 1, b: 2 }, { a: 1 }, "answer.b is missing"],
		[{ a: 1 }, { a: "1" }, 'answer.a is "1"'],
		[{ a: null }, { a: 1 }, "answer.a is 1"],
		[{ a: { b: true } }, { a: { b: false } }, "answer.a.b is false"],
		["granted", "revoked", 'answer is "revoked"'],
		["0x0102", "0x01", 'answer is "0x01"'],
		["0x…", "none", 'answer is "none"'],
		["0x0102", "none", 'answer is "none"'],
		[[1, 2], [1], "answer has 1 items"],
		[[], [1], "answer is not empty"],
		[["a", "b"], ["a", "b", "c"], 'answer[2] is "c"'],
	];
	for (const [shown, actual, expected] of cases) assert.equal(difference(shown, actual), expected);
});

test("documents are found between other output", () => {
	assert.deepEqual(documents('> {"a": "}\\""}\n[1, {"b": 2}]{}'), [{ a: '}"' }, [1, { b: 2 }], {}]);
});
