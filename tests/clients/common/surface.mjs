// What a client makes of the rest of the chain's surface: documentation, constants, runtime APIs, view
// functions.

import assert from "node:assert/strict";
import { step } from "./report.mjs";

// The pallets that are this chain's own.
export const OURS = ["Consortium", "Delegation", "FairUse", "MedicalRecords"];

export async function surface(wallet, { ana, bones }) {
	await step("finds documentation on every call, event, error, item and function", async () => {
		const { documented, undocumented } = await wallet.documentation(OURS);
		assert.deepEqual(undocumented, []);
		return `${documented} texts`;
	});
	await step("reads constants", async () => {
		const { maxRecords, all } = await wallet.constants(OURS);
		assert.equal(maxRecords, 65_536);
		return `${all}, the most records of a chart being ${maxRecords}`;
	});
	await step("calls every function of the runtime APIs", async () => {
		// By the names of parameters, so that a function that is added is called, too.
		const parameters = {
			patient: ana.id,
			doctor: bones.id,
			person: wallet.asPerson(ana.id),
			representative: bones.id,
			guardian: wallet.asPerson(ana.id),
			new: ana.account.address,
			institution: 0,
			hospital: 0,
			registrar: ana.account.address,
			record: 0,
			account: ana.account.address,
			after: null,
			limit: 10,
		};
		const called = await wallet.callAll(["MedicalRecordsApi", "ConsortiumApi", "DelegationApi"], parameters);
		assert(called.includes("MedicalRecordsApi.access"));
		return `${called.length} functions`;
	});
	await step("calls a view function", async () => {
		const remaining = await wallet.remaining(ana.account);
		if (!wallet.knowsViewFunctions) {
			assert.equal(remaining, null);
			return "this client knows no view functions";
		}
		const { capacity, left } = remaining;
		assert(left > 0 && left < capacity, `${left} of ${capacity}`);
		return `${left} of ${capacity} units are left`;
	});
}
