// The patient's way through Polkadot.js Apps, with a picture at each step. See ./make --help.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Apps } from './apps.mjs';

const [url, browser, directory, pictures] = process.argv.slice(2);
const { MEDBLOCK, MEDBLOCK_NODE } = process.env;
const PASSWORD = 'only for pictures';

/** How one of the people runs medblock. */
const home = (who) => ['--home', `${directory}/home/${who}`, '--passphrase-file', `${directory}/passphrase`];

/** Runs medblock as one of the people. */
const medblock = (who, ...words) =>
	JSON.parse(execFileSync(MEDBLOCK, [...home(who), '--quiet', '--json', ...words], { stdio: ['ignore', 'pipe', 'ignore'] }));

/** Runs medblock, has whoever asks sign the text that it shows, and returns the result. */
async function medblockSigning(sign, ...words) {
	const running = spawn(MEDBLOCK, [...home('ana'), '--json', ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
	let shown = '';
	let printed = '';
	running.stdout.on('data', (data) => (printed += data));
	const ended = new Promise((resolve) => running.on('close', resolve));
	const asked = new Promise((resolve) =>
		running.stderr.on('data', (data) => {
			shown += data;
			if (shown.includes('Signature (0x')) resolve();
		}),
	);
	await Promise.race([asked, ended]);
	const [text] = shown.match(/^\S+ asks you to sign in[^]*?^Expiration Time: \S+/m) ?? assert.fail(shown);
	// The field takes one line: the text goes there as hex.
	running.stdin.end(`${await sign(`0x${Buffer.from(text).toString('hex')}`)}\n`);
	assert.equal(await ended, 0, shown);
	return JSON.parse(printed);
}

/** What a reading gives, once that is something: Apps speaks of a block before it is final. */
async function once(reading) {
	for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(200)) {
		const found = reading();
		if (found) return found;
	}
	return assert.fail(`nothing came of ${reading}`);
}

/** That Apps says what has happened, and nothing of a failure. */
function happened(said, event) {
	assert.match(said, new RegExp(`medicalRecords\\.${event}`));
	assert.doesNotMatch(said, /ExtrinsicFailed/);
}

const apps = await Apps.open({
	url,
	node: MEDBLOCK_NODE.split(',')[0],
	browser,
	profile: `${directory}/browser`,
	pictures,
});

// --- connect, and make an account ----------------------------------------------------------------

await apps.go('/explorer');
await apps.text(/^MedBlock/).first().click();
await apps.text('custom endpoint').waitFor();
await apps.picture('connect', 480);

await apps.go('/settings');
await apps.choose(4, 'Allow local in-browser account storage');
await apps.button('Save').click();
await apps.go('/accounts');
await apps.button('Account').click();
await apps.dialog.getByText('i have saved my mnemonic seed safely').click();
await apps.picture('account', 500);
const address = (await apps.dialog.innerText()).match(/5\w{46,47}/)[0];
await apps.button('Next', apps.dialog).click();
await apps.dialog.locator('input').nth(0).fill('Ana');
await apps.dialog.locator('input').nth(1).fill(PASSWORD);
await apps.dialog.locator('input').nth(2).fill(PASSWORD);
await apps.button('Next', apps.dialog).click();
const backup = await apps.download(() => apps.button('Save', apps.dialog).click());
assert.equal(backup, `${address}.json`);

// --- register ------------------------------------------------------------------------------------

medblock('ana', 'account', 'import', 'me', '--address', address);
await apps.follow(medblock('ana', 'patient', 'register', '--hospital', '0', '--prepare').link);
await apps.picture('register', 560);
await apps.text('Submission').click();
await apps.account(0, 'ANA');
const registered = await apps.submit(PASSWORD, () => apps.shot('sign', 580));
happened(registered, 'PatientRegistered');
const { patient } = await once(() => medblock('north', 'hospital', 'pending').patients.find(({ account }) => account === address));
medblock('north', 'hospital', 'verify', 'patient', String(patient));

// --- look oneself up, and the doctors ------------------------------------------------------------

await apps.go('/runtime');
await apps.choose(0, /^medicalRecordsApi/);
await apps.choose(1, /^patientOf\(/);
await apps.account(2, 'ANA');
await apps.button('Submit Runtime call').click();
await apps.text(/medicalrecordsapi\.patientof/i).waitFor();
const entry = await apps.ask('medicalRecordsApi', 'patient', String(patient));
assert.match(entry, /standing: Verified/);
await apps.picture('entry', 700);
await apps.go('/runtime');
const directoryOfDoctors = await apps.ask('medicalRecordsApi', 'doctors', '10');
assert.match(directoryOfDoctors, /name: Dr\. Bones[^]*name: Dr\. Carla/);
await apps.picture('directory', 780);

// --- grant, and add a record ---------------------------------------------------------------------

await apps.follow(medblock('ana', 'patient', 'grant', '1', '--append', '--until', '2030-12-31', '--prepare').link);
await apps.picture('grant', 645);
await apps.text('Submission').click();
await apps.account(0, 'ANA');
happened(await apps.submit(PASSWORD), 'AccessGranted');
await apps.shot('granted', 480);
await once(() => medblock('ana', 'patient', 'grants').some(({ doctor }) => doctor === 1));

writeFileSync(`${directory}/allergies.txt`, 'Allergic to penicillin.\n');
await apps.go('/signing');
await apps.account(0, 'ANA');
await apps.press('Unlock account');
await apps.dialog.locator('input[type=password]').fill(PASSWORD);
await apps.button('Unlock', apps.dialog).click();
await apps.dialog.waitFor({ state: 'detached' });
const record = await medblockSigning(
	async (line) => {
		await apps.main.getByTestId('sign the following data').fill(line);
		await apps.button('Sign message').click();
		const signature = apps.main.getByText(/^0x[0-9a-f]{128}$/);
		await signature.waitFor();
		await apps.picture('sign-in', 450);
		return signature.innerText();
	},
	'record', 'add', `${directory}/allergies.txt`, '--prepare',
);
await apps.follow(record.link);
await apps.text('Submission').click();
await apps.account(0, 'ANA');
happened(await apps.submit(PASSWORD), 'RecordsAdded');

// --- take it back --------------------------------------------------------------------------------

const explorer = await apps.tab('/explorer');
await apps.go('/extrinsics');
await apps.account(0, 'ANA');
await apps.choose(1, /^medicalRecords/);
await apps.choose(2, /^revokeAccess\(/);
await apps.fill('1');
await apps.picture('revoke', 660);
happened(await apps.submit(PASSWORD), 'AccessRevoked');
await once(() => medblock('ana', 'patient', 'grants').length === 0);

const event = explorer.text('medicalRecords.AccessRevoked').first();
await event.waitFor();
await event.click();
await explorer.main.getByText('doctor: u32').waitFor();
await explorer.picture('events', 620);

await apps.close();
