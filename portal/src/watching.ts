// What changed on the chain since the last look, as events.
import type { News, Session } from "medblock-web";
import type { Alerts, Grant, PortalEvents, Who } from "./api.ts";

type Changes = Pick<PortalEvents, "standing" | "inbox" | "access" | "records" | "alerts">;
type Tell = <Name extends keyof Changes>(name: Name, value: Changes[Name]) => void;

/** Nothing that is urgent. */
const CALM: Alerts = { recoveries: [], requests: [], emergencies: [], asked: 0 };

/** Compares each look with the one before. The first one tells nothing but what the account is. */
export class Watcher {
	who: Who | null = null;
	/** What the person has to see at once. */
	alerts = CALM;
	/** The patient whose chart a doctor looked at last. */
	open: number | undefined;
	#before: News | null = null;
	#of: number | undefined;
	/** How often it has forgotten: a look that began before then is at another account. */
	#forgotten = 0;

	constructor(private readonly tell: Tell) {}

	/** Forgets what it saw, before another account begins. */
	forget(): void {
		this.who = null;
		this.alerts = CALM;
		this.open = undefined;
		this.#before = null;
		this.#of = undefined;
		this.#forgotten += 1;
	}

	/** Looks once, and gives the number of the final block. */
	async look(session: Session): Promise<number> {
		const [open, forgotten] = [this.open, this.#forgotten];
		const news = await session.news(open);
		if (forgotten !== this.#forgotten) return news.at.number;
		const before = this.#before;
		this.#before = news;
		this.who = news.who;
		const calm = this.alerts;
		this.alerts = news.alerts;
		if (!before || differ(before.who, news.who)) this.tell("standing", news.who);
		if (differ(calm, news.alerts)) this.tell("alerts", news.alerts);
		if (before && differ(before.access, news.access)) this.tell("access", news.access ?? []);
		if (before && differ(before.inbox, news.inbox)) this.tell("inbox", news.inbox ?? []);
		const own = news.who.patient;
		if (own && before?.who.patient && own.records !== before.who.patient.records) this.tell("records", { patient: own.patient });
		if (open !== undefined && this.#of === open && before && differ(before.records, news.records)) this.tell("records", { patient: open });
		this.#of = open;
		return news.at.number;
	}
}

type Seen = Who | Grant[] | Alerts | News["records"];

function differ(one: Seen, other: Seen): boolean {
	return JSON.stringify(one) !== JSON.stringify(other);
}
