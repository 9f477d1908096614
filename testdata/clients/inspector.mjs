// Tries the server in the inspector's command line, a process for each question. What is
// listed is asked for in every way, over each door and in each era; the other questions
// take turns, as typescript.mjs asks each of them in every way.
// Arguments: the inspector's script, the server's program, the server's URL.
import { execFile } from 'node:child_process';
import { assert, Checks, parallel } from './checks.mjs';
import {
	checkAnswer, checkContents, checkPrompt, checkRefusal, checkResources, checkTools,
	missingResource, promptCalls, readCalls, refusedCalls, refusedPrompts, skillAddresses, stdioCommand,
} from './questions.mjs';

const [script, program, url] = process.argv.slice(2);
const doors = {
	stdio: stdioCommand(program),
	HTTP: [url, '--transport', 'http'],
};
const eras = { legacy: '2025-11-25', modern: '2026-07-28' };
const failed = 1; // exit codes of the inspector
const toolFailed = 5;

const checks = new Checks('inspector');

// inspect returns what the inspector printed, after it has exited as expected.
function inspect(door, era, expectedCode, ...question) {
	const args = [script, '--cli', ...doors[door], '--protocol-era', era, '--format', 'json', '--quiet', '--stored-auth-only', '--method', ...question];
	return new Promise((resolve, reject) => {
		execFile(process.execPath, args, { timeout: 60_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
			const code = error ? (error.code ?? error.signal) : 0;
			if (code !== expectedCode) reject(new Error(`exit code ${code} in the place of ${expectedCode}\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`));
			else resolve({ get result() { return JSON.parse(stdout).result; }, stdout, stderr });
		});
	});
}

function questions(door, era) {
	const at = `${door}, ${era}: `;
	const ask = (code, ...question) => inspect(door, era, code, ...question);
	return {
		async lists() {
			await checks.check(`${at}initialize`, async () => {
				const { result } = await ask(0, 'initialize');
				assert.equal(result.protocolVersion, eras[era]);
				assert.equal(result.serverInfo.name, 'asleep-mcp');
				assert.match(result.instructions, /^asleep-mcp answers/);
			});
			const tools = await checks.check(`${at}tools/list --strict`, async () => {
				const { result, stderr } = await ask(0, 'tools/list', '--strict');
				checkTools(result.tools);
				assert.equal(stderr, '');
				return result.tools;
			});
			const prompts = await checks.check(`${at}prompts/list`, async () => (await ask(0, 'prompts/list')).result.prompts);
			const resources = await checks.check(`${at}resources/list`, async () => {
				const { result } = await ask(0, 'resources/list');
				checkResources(result.resources);
				return result.resources;
			});
			if (era === 'modern') { // the extension is of this era
				await checks.check(`${at}skills/list --verify`, async () => {
					const { stdout } = await ask(0, 'skills/list', '--verify');
					const judged = stdout.trim().split('\n').map((line) => JSON.parse(line));
					assert.deepEqual(judged.map((skill) => [skill.uri, skill.outcome]), skillAddresses.map((uri) => [uri, 'verified']));
				});
			}
			return { tools, prompts, resources };
		},
		jobs: ({ tools, prompts, resources }) => [
			...readCalls(tools).map(({ tool, args }) => [`tools/call ${tool}`, async () => {
				checkAnswer(tool, (await ask(0, 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args))).result);
			}]),
			...refusedCalls.map((refused) => [`tools/call ${refused.tool} ${JSON.stringify(refused.args)}`, async () => {
				const question = ['tools/call', '--tool-name', refused.tool, '--tool-args-json', JSON.stringify(refused.args)];
				checkRefusal(refused, (await ask(toolFailed, ...question)).result);
			}]),
			...promptCalls(prompts).map(({ prompt, args }) => [`prompts/get ${prompt}`, async () => {
				checkPrompt((await ask(0, 'prompts/get', '--prompt-name', prompt, ...pairs(args))).result, tools);
			}]),
			...refusedPrompts.map(({ prompt, args, says }) => [`prompts/get ${prompt} ${JSON.stringify(args)}`, async () => {
				checkError((await ask(failed, 'prompts/get', '--prompt-name', prompt, ...pairs(args))).stderr, says);
			}]),
			...resources.map((resource) => [`resources/read ${resource.uri}`, async () => {
				checkContents(resource, (await ask(0, 'resources/read', '--uri', resource.uri)).result);
			}]),
			[`resources/read ${missingResource.uri}`, async () => {
				checkError((await ask(failed, 'resources/read', '--uri', missingResource.uri)).stderr, missingResource.says);
			}],
		].map(([name, run]) => () => checks.check(at + name, run)),
	};
}

const pairs = (args) => Object.entries(args).flatMap(([name, value]) => ['--prompt-args', `${name}=${value}`]);

function checkError(stderr, says) {
	const { message } = JSON.parse(stderr).error;
	assert.ok(message.includes(says), message);
}

const jobs = [];
const ways = Object.keys(doors).flatMap((door) => Object.keys(eras).map((era) => [door, era]));
await parallel(ways.map(([door, era], turn) => async () => {
	const asked = questions(door, era);
	const lists = await asked.lists();
	if (!Object.values(lists).every(Boolean)) return;
	await checks.check(`${door}, ${era}: there is a call for each`, () => {
		jobs.push(...asked.jobs(lists).filter((_, place) => place % ways.length === turn));
	});
}), 2);
await parallel(jobs, 2);
checks.end('lists over stdio and HTTP in both eras, schemas --strict; each tool, prompt, resource and mistake in one of them');
