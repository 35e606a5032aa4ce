// Parts of the portal's Worker, with objects in place of the WebAssembly's: what they free and when.
//
// Usage: tests/web/run bundles it, and runs it in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alerts, Recovery } from "../../portal/src/api.ts";
import { Connector } from "../../portal/src/connection.ts";
import { CopyKeeper } from "../../portal/src/copies.ts";
import { Elapsed } from "../../portal/src/elapsed.ts";
import { Watcher } from "../../portal/src/watching.ts";

/** An object of the WebAssembly: like those, it throws when it is freed while a method runs, or twice. */
class Borrowed {
	running = 0;
	freed = false;

	async run<Value>(work: Promise<Value>): Promise<Value> {
		assert.ok(!this.freed, "a method of what was freed");
		this.running += 1;
		try {
			return await work;
		} finally {
			this.running -= 1;
		}
	}

	free(): void {
		assert.equal(this.running, 0, "freed while it is borrowed");
		assert.ok(!this.freed, "freed twice");
		this.freed = true;
	}
}

class Session extends Borrowed {
	constructor(readonly second: Promise<void> = Promise.resolve()) {
		super();
	}
	hasSecond = () => this.run(this.second);
	finalNumber = () => this.run(Promise.resolve(7));
	/** Tells what is waited for, as the client does. */
	tells: (notice: string) => void = () => {};
	onNotice = (listener: (notice: string) => void) => {
		this.tells = listener;
	};
}

class Unlocked extends Borrowed {
	constructor(private readonly sessions: (Session | Error)[]) {
		super();
	}
	connect = () => this.run((async () => {
		const next = this.sessions.shift();
		if (next instanceof Session) return next;
		throw next ?? new Error("no more");
	})());
}

const consortium = { genesis: "0x00", hospitals: [] };
const connector = (unlocked: Unlocked) =>
	new Connector(unlocked as never, async () => ({ urls: [], consortium }), () => {}, async () => "", () => {});

test("a replaced session is freed, and the one in use is not", async () => {
	const [one, two] = [new Session(), new Session()];
	const here = connector(new Unlocked([one, two]));
	assert.equal(await here.connect(), one as never);
	assert.equal(here.release(), false);
	assert.equal(await here.connect(), two as never);
	here.release();
	assert.deepEqual([one.freed, two.freed], [true, false]);
	here.end();
});

test("an attempt that fails frees its own session, and not that of an attempt beside it", async () => {
	let [refuse, allow] = [(_: Error) => {}, () => {}];
	const failing = new Session(new Promise((_, rejects) => { refuse = rejects; }));
	failing.finalNumber = () => failing.run(Promise.reject(new Error("lost")));
	const slow = new Session(new Promise((resolves) => { allow = resolves; }));
	const here = connector(new Unlocked([failing, slow]));
	const [first, second] = [here.connect(), here.connect()];
	// Both are at their question for a second hospital.
	while (failing.running + slow.running < 2) await new Promise((next) => setImmediate(next));
	refuse(new Error("no second"));
	await assert.rejects(first);
	here.release();
	assert.deepEqual([failing.freed, slow.freed], [true, false]);
	allow();
	assert.equal(await second, slow as never);
	here.end();
});

test("an account is freed once it has ended, and no attempt uses it any more", async () => {
	let allow = () => {};
	const session = new Session(new Promise((resolves) => { allow = resolves; }));
	const unlocked = new Unlocked([session]);
	const here = connector(unlocked);
	const attempt = here.connect();
	while (session.running === 0) await new Promise((next) => setImmediate(next));
	assert.equal(here.release(), false);
	here.end();
	assert.equal(here.release(), false, "an attempt still uses it");
	assert.equal(unlocked.freed, false);
	allow();
	await assert.rejects(attempt);
	assert.equal(here.release(), true);
	assert.deepEqual([session.freed, unlocked.freed], [true, true]);
	assert.equal(here.release(), true, "nothing is freed twice");
});

test("what an account waits for is heard until another one is unlocked in its place", async () => {
	const session = new Session();
	const heard: unknown[] = [];
	const here = new Connector(new Unlocked([session]) as never, async () => ({ urls: [], consortium }), () => {}, async () => "", (notice) => heard.push(notice));
	await here.connect();
	session.tells("before");
	here.end();
	session.tells("after");
	assert.deepEqual(heard, ["before"]);
});

/** A person of this hospital. */
const who = (hospital: number | null) =>
	({ account: "5", patient: hospital === null ? null : { hospital }, doctor: null, registrarOf: null }) as never;

test("copies are put once, again after a change, and later after a failure", async () => {
	const keeper = new CopyKeeper();
	let [calls, fails] = [0, false];
	const session = {
		async keepCopies() {
			calls += 1;
			if (fails) throw new Error("the vault is away");
			return 1;
		},
	} as never;
	const look = (of: number | null) => keeper.look(session, {} as never, "ana", who(of));
	assert.equal(await look(null), false, "nobody knows the account yet");
	assert.equal(await look(0), true);
	assert.equal(await look(0), false);
	assert.equal(calls, 1);
	await look(1);
	assert.equal(calls, 2, "the person has moved");
	fails = true;
	keeper.again();
	await look(1);
	await look(1);
	assert.equal(calls, 3, "it waits after a failure");
	fails = false;
	keeper.again();
	await look(1);
	assert.equal(calls, 4);
});

test("what kept the copies of one account from their place is not told to the next one", async () => {
	const keeper = new CopyKeeper();
	let fail = (_: Error) => {};
	const session = { keepCopies: () => new Promise((_, rejects) => { fail = rejects; }) } as never;
	const looking = keeper.look(session, {} as never, "ana", who(0));
	keeper.again();
	fail(new Error("the vault is away"));
	await looking;
	assert.equal(keeper.problem, null);
});

test("what keeps a copy from its place is told, until it is there", async () => {
	const keeper = new CopyKeeper();
	const problem = { kind: "refused", sentence: "Another account has its place.", code: "copies.place-taken", advice: "Remove it.", adviceCode: "advice.another-passkey" };
	let fails = true;
	const session = {
		async keepCopies() {
			if (fails) throw problem;
			return 0;
		},
	} as never;
	const look = () => keeper.look(session, {} as never, "ana", who(0));
	assert.equal(keeper.problem, null);
	assert.equal(await look(), true);
	assert.deepEqual(keeper.problem, problem, "with the advice");
	keeper.again();
	assert.equal(keeper.problem, null, "the person has changed something");
	assert.equal(await look(), true);
	fails = false;
	// As if the pause were over.
	const later = Date.now() + 3_600_000;
	const clock = Date.now;
	Date.now = () => later;
	try {
		assert.equal(await look(), true, "there is news, although no copy has moved");
	} finally {
		Date.now = clock;
	}
	assert.equal(keeper.problem, null);
});

test("a clock that is set back makes the next attempt at a copy no later", async (context) => {
	const keeper = new CopyKeeper();
	let calls = 0;
	const session = {
		async keepCopies() {
			calls += 1;
			throw new Error("the vault is away");
		},
	} as never;
	const look = () => keeper.look(session, {} as never, "ana", who(0));
	let [calendar, steady] = [100_000_000, 500];
	context.mock.method(Date, "now", () => calendar);
	context.mock.method(performance, "now", () => steady);
	await look();
	[calendar, steady] = [0, 600];
	await look();
	assert.equal(calls, 1, "the pause is not over");
	// Longer than the first one.
	steady = 16_500;
	await look();
	assert.equal(calls, 2);
});

test("what is urgent is told when it comes and when it goes, and at the first look as well", async () => {
	const told: Alerts[] = [];
	const watcher = new Watcher((name, value) => {
		if (name === "alerts") told.push(value as Alerts);
	});
	const calm: Alerts = { recoveries: [], requests: [], emergencies: [], asked: 0 };
	const recovery: Recovery = {
		person: { kind: "patient", patient: 5 }, new: "5abc", keyDigest: "0x00", requestedAt: "2026-11-28T12:00:00Z", due: null,
		endsAt: "2026-12-12T12:00:00Z", approvals: [{ patient: 7 }], handedOver: 0,
	};
	const urgent: Alerts = { ...calm, recoveries: [recovery] };
	const who = { account: "5own", patient: null, doctor: null, registrarOf: null, controllerOf: null, sponsoredBy: [] };
	const looks = async (alerts: Alerts) => {
		const news = { at: { number: 1, hash: "" }, who, access: null, inbox: null, records: null, alerts };
		await watcher.look({ news: async () => news } as never);
	};
	await looks(urgent);
	assert.deepEqual(told, [urgent]);
	assert.deepEqual(watcher.alerts, urgent);
	await looks({ ...calm, recoveries: [{ ...recovery }] });
	assert.equal(told.length, 1, "nothing has changed");
	await looks({ ...calm, recoveries: [{ ...recovery, due: "2026-11-30T12:00:00Z" }] });
	await looks(calm);
	assert.equal(told.length, 3);
	assert.deepEqual(told[2], calm);
	await looks(urgent);
	// Another account must not see what was this one's.
	watcher.forget();
	assert.deepEqual(watcher.alerts, calm);
});

const stranger = { account: "5own", patient: null, doctor: null, registrarOf: null, controllerOf: null, sponsoredBy: [] };
const calm: Alerts = { recoveries: [], requests: [], emergencies: [], asked: 0 };

test("a look that began at one account tells nothing once another one is unlocked in its place", async () => {
	const told: string[] = [];
	const watcher = new Watcher((name) => told.push(name));
	let answer = (_: unknown) => {};
	const slow = { news: () => new Promise((resolves) => { answer = resolves; }) } as never;
	const looking = watcher.look(slow);
	watcher.forget();
	answer({ at: { number: 1, hash: "" }, who: stranger, access: null, inbox: null, records: null, alerts: { ...calm, asked: 1 } });
	assert.equal(await looking, 1);
	assert.deepEqual(told, []);
	assert.equal(watcher.who, null);
	assert.deepEqual(watcher.alerts, calm);
});

test("an open chart is read anew when a record is added, withdrawn, or shared no more", async () => {
	let told = 0;
	const watcher = new Watcher((name) => {
		if (name === "records") told += 1;
	});
	const looks = async (records: [number, number, number]) => {
		const news = { at: { number: 1, hash: "" }, who: stranger, access: null, inbox: null, records, alerts: calm };
		await watcher.look({ news: async () => news } as never);
	};
	watcher.open = 5;
	await looks([3, 3, 1]);
	await looks([3, 3, 1]);
	assert.equal(told, 0);
	await looks([4, 4, 1]);
	await looks([4, 3, 1]);
	await looks([4, 3, 2]);
	assert.equal(told, 3);
});

test("time passes when the clock is set back, and when the steady one stands still", (context) => {
	let [calendar, steady] = [1_000_000, 500];
	context.mock.method(Date, "now", () => calendar);
	context.mock.method(performance, "now", () => steady);
	const since = new Elapsed();
	[calendar, steady] = [0, 700];
	assert.equal(since.milliseconds, 200);
	calendar = 1_000_300;
	assert.equal(since.milliseconds, 300);
	since.restart();
	assert.equal(since.milliseconds, 0);
});
