// A list of the hospital's patients that grows part by part.
import type { DeskPatient, PatientPage, PatientQuery } from '../../api';
import { Reading } from '../../ui/deed.svelte';
import { portal } from '../../ui/portal.svelte';

export class Patients {
	readonly finding = new Reading();
	found = $state.raw<DeskPatient[]>([]);
	next = $state.raw<number | null>(null);
	/** The number of patients whose profile can't be read. */
	unread = $state(0);
	/** Whether the list is there. */
	listed = $state(false);
	#question: PatientQuery = {};

	async list(question: PatientQuery): Promise<void> {
		// More of a list is asked for with the question that the list answers.
		if (this.finding.running) return;
		this.#question = question;
		await this.#begin(false);
	}

	/** After a problem, which stays until there is an answer. */
	async again(): Promise<void> {
		await this.#begin(true);
	}

	async #begin(again: boolean): Promise<void> {
		const page = await this.#part(null, again);
		if (!page) return;
		this.found = page.items;
		this.unread = page.unread;
		this.next = page.next;
		this.listed = true;
	}

	async more(): Promise<void> {
		if (this.next === null) return;
		const page = await this.#part(this.next, false);
		if (!page) return;
		this.found = [...this.found, ...page.items];
		this.unread += page.unread;
		this.next = page.next;
	}

	async #part(after: number | null, again: boolean): Promise<PatientPage | undefined> {
		const page = await this.finding.run((options) => portal.desk.patients({ ...this.#question, after }, options), { again });
		return page?.value;
	}
}
