// The Worker's part of acting for others: each method of the contract, by the WebAssembly's.
import type { Session } from "medblock-web";
import type { EmergencyApi, NewRecord, Options, RecoveryApi, RepresentativesApi } from "./api.ts";

/** What the methods need of the Worker. */
export interface Means {
	session: () => Promise<Session>;
	/** Looks at the chain now: the account may have become another person. */
	look: () => Promise<void>;
	/** A progress, as the WebAssembly calls it. */
	watch: (unit: "bytes" | "records", options?: Options) => ((done: number, total: number) => void) | undefined;
	/** A record whose content has a name and a type. */
	readable: (record: NewRecord) => NewRecord;
}

export function recoveryOf({ session, look }: Means): RecoveryApi {
	return {
		guardians: async (as) => (await session()).guardians(as),
		candidate: async (delegate) => (await session()).candidate(delegate),
		setGuardians: async (as, choice, options) => (await session()).setGuardians(as, choice, options?.signal),
		renewGuardians: async (as, options) => (await session()).renewGuardians(as, options?.signal),
		removeGuardians: async (as) => (await session()).removeGuardians(as),
		async veto(person, account) {
			const receipt = await (await session()).vetoRecovery(person, account);
			await look();
			return receipt;
		},
		card: async () => (await session()).actingCard(),
		publishKey: async () => (await session()).publishActingKey(),
		wards: async (options) => (await session()).wards(options?.signal),
		readOffer: async (text) => (await session()).readOffer(text),
		request: async (acting, offer) => (await session()).requestRecovery(acting, offer),
		approve: async (acting, person, account, keyDigest) => (await session()).approveRecovery(acting, person, account, keyDigest),
		withdraw: async (acting, person, account) => (await session()).withdrawApproval(acting, person, account),
		handOver: async (acting, person, account) => (await session()).handOverShare(acting, person, account),
		offer: async (person) => (await session()).offer(person),
		own: async (person) => (await session()).ownRecovery(person),
		cancel: async (person) => (await session()).cancelRecovery(person),
		async finish(person, options) {
			const receipt = await (await session()).finishRecovery(person, options?.signal);
			await look();
			return receipt;
		},
	};
}

export function representativesOf({ session, watch, readable }: Means): RepresentativesApi {
	return {
		mine: async () => (await session()).representatives(),
		ofAge: async (options) => (await session()).ofAge(options?.signal),
		name: async (representative, scopes, until) => (await session()).nameRepresentative(representative, scopes, until),
		seal: async (options) => (await session()).sealToRepresentatives(options?.signal),
		end: async (representative, options) => (await session()).endRepresentation(representative, options?.signal),
		represented: async ({ names = false } = {}, options) => (await session()).represented(names, options?.signal),
		resign: async (patient) => (await session()).resignRepresentation(patient),
		records: async (patient, query, options) => (await session()).records(patient, query, options?.signal, watch("records", options)),
		open: async (patient, record, options) => (await session()).openRecord(patient, record, options?.signal, watch("bytes", options)),
		add: async (patient, records, options) =>
			(await session()).addRecordsFor(patient, records.map(readable), options?.signal, watch("bytes", options)),
		access: async (patient) => (await session()).accessOf(patient),
		grant: async (patient, doctor, terms, options) => (await session()).grantFor(patient, doctor, terms, options?.signal),
		revoke: async (patient, doctors, options) => (await session()).revokeFor(patient, Uint32Array.from(doctors), options?.signal),
		awaiting: async (options) => (await session()).awaitingRepresentatives(options?.signal),
		atDesk: async (patient, representative, options) => (await session()).deskRepresentative(patient, representative, options?.signal),
		confirm: async (shown, keyDigest) => (await session()).confirmRepresentative(shown, keyDigest),
		refuse: async (patient, representative) => (await session()).refuseRepresentative(patient, representative),
	};
}

export function emergencyOf({ session, look }: Means): EmergencyApi {
	return {
		mine: async () => (await session()).ownEmergencies(),
		setPlan: async (plan, options) => (await session()).setEmergencyPlan(plan, options?.signal),
		renewPlan: async (options) => (await session()).renewEmergencyPlan(options?.signal),
		removePlan: async () => (await session()).removeEmergencyPlan(),
		async end(doctor) {
			const receipt = await (await session()).endEmergency(doctor);
			await look();
			return receipt;
		},
		review: async (doctor, openedAt, review) => (await session()).reviewEmergency(doctor, openedAt, review),
		of: async (patient) => (await session()).emergencyState(patient),
		ask: async (patient, reason, text) => (await session()).requestEmergency(patient, reason, text),
		withdraw: async (patient) => (await session()).withdrawEmergency(patient),
		text: async ({ patient, doctor, details }) => (await session()).emergencyText(patient, doctor, details),
		ofPatient: async (patient) => (await session()).emergenciesOf(patient),
		asked: async (options) => (await session()).emergenciesAsked(options?.signal),
		confirm: async (patient, doctor) => (await session()).confirmEmergency(patient, doctor),
	};
}
