// Checks with names. Each part of .ci/clients ends with end(), whose line says
// what was checked, and fails when anything did not hold or nothing was tried.
import assert from 'node:assert/strict';

export { assert };

export class Checks {
	#part;
	#passed = 0;
	#failed = [];

	constructor(part) {
		this.#part = part;
	}

	// check runs one check; it returns what the check returned, undefined if it failed.
	async check(name, run) {
		try {
			const got = await run();
			this.#passed++;
			return got;
		} catch (error) {
			this.#failed.push(name);
			console.error(`FAILED ${this.#part}: ${name}: ${error.stack ?? error}`);
			return undefined;
		}
	}

	end(what) {
		console.log(`${this.#part}: ${what}: ${this.#passed} passed, ${this.#failed.length} failed`);
		process.exit(this.#failed.length > 0 || this.#passed === 0 ? 1 : 0);
	}
}

// parallel runs the jobs, so many at a time.
export async function parallel(jobs, atATime) {
	const waiting = [...jobs];
	const worker = async () => {
		for (let job = waiting.shift(); job; job = waiting.shift()) await job();
	};
	await Promise.all(Array.from({ length: atATime }, worker));
}
