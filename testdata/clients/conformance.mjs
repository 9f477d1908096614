// Judges what the conformance suite wrote, by the names of scenarios and checks.
// Arguments: a revision and the folder of its results.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, Checks } from './checks.mjs';

const [revision, folder] = process.argv.slice(2);
const load = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))[revision];
const named = load('conformance.json');
const expected = load('expected-failures.json');
const harmless = ['SUCCESS', 'INFO', 'SKIPPED'];

// results maps a scenario to its checks, which are missing where it broke off; a
// folder is named server-SCENARIO-TIME.
const results = Object.fromEntries(readdirSync(folder).map((name) => {
	const file = join(folder, name, 'checks.json');
	return [
		name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
		existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [],
	];
}));

const checks = new Checks(`conformance ${revision}`);
const explain = (found) => found.map((one) => `${one.status} ${one.errorMessage ?? ''} ${JSON.stringify(one.details ?? {})}`).join('\n');

for (const [scenario, required] of Object.entries(named)) {
	const excused = expected[scenario] ?? {};
	const found = (id) => (results[scenario] ?? []).filter((one) => one.id === id);
	for (const id of required) {
		await checks.check(`${scenario}:${id} passes`, () => {
			assert.ok(found(id).length > 0, 'the suite did not check it');
			assert.ok(found(id).every((one) => one.status === 'SUCCESS'), explain(found(id)));
		});
	}
	for (const [id, { status, untestable = false }] of Object.entries(excused)) {
		await checks.check(`${scenario}:${id} is ${status}`, () => {
			const got = found(id).map((one) => ({ status: one.status, untestable: one.details?.untestable === true }));
			assert.ok(got.length > 0, 'the suite did not check it');
			for (const one of got) assert.deepEqual(one, { status, untestable }, `expected-failures.json is out of date\n${explain(found(id))}`);
		});
	}
	for (const one of results[scenario] ?? []) {
		if (required.includes(one.id) || one.id in excused) continue;
		await checks.check(`${scenario}:${one.id} does not fail`, () => assert.ok(harmless.includes(one.status), explain([one])));
	}
}
for (const scenario of Object.keys(expected)) {
	await checks.check(`${scenario} is among the named`, () => assert.ok(scenario in named));
}
// The other scenarios want tools of their own, which this server has not; that
// every message is of the protocol holds for those, too.
for (const [scenario, found] of Object.entries(results)) {
	for (const one of found.filter((each) => each.id === 'wire-schema-valid' && !(scenario in named))) {
		await checks.check(`${scenario}:wire-schema-valid passes`, () => assert.equal(one.status, 'SUCCESS', explain([one])));
	}
}
checks.end(`${Object.keys(named).length} named scenarios and the shape of every message`);
