// Tries the server in the official TypeScript clients, the newest of either line.
// Arguments: the server's program, the server's URL.
import * as v1 from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1HTTP } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';
import { assert, Checks } from './checks.mjs';
import {
	checkAnswer, checkContents, checkPrompt, checkRefusal, checkResources, checkTools,
	missingResource, promptCalls, readCalls, refusedCalls, refusedPrompts, stdioCommand,
} from './questions.mjs';

const [program, url] = process.argv.slice(2);
const us = { name: 'clients', version: '0' };
const [command, ...args] = stdioCommand(program);
const started = { command, args, stderr: 'inherit' };
const legacy = '2025-11-25';
const modern = '2026-07-28';

const runs = [
	{ name: 'sdk 1, stdio', client: () => new v1.Client(us), transport: () => new V1Stdio(started), revision: legacy },
	{ name: 'sdk 1, HTTP', client: () => new v1.Client(us), transport: () => new V1HTTP(new URL(url)), revision: legacy },
	...['legacy', 'auto'].flatMap((mode) => {
		const client = () => new v2.Client(us, { versionNegotiation: { mode } });
		const revision = mode === 'auto' ? modern : legacy;
		return [
			{ name: `client 2 ${mode}, stdio`, client, transport: () => new V2Stdio(started), revision },
			{ name: `client 2 ${mode}, HTTP`, client, transport: () => new v2.StreamableHTTPClientTransport(new URL(url)), revision },
		];
	}),
];

const checks = new Checks('TypeScript clients');

async function tell(call) {
	try {
		await call;
	} catch (error) {
		return error;
	}
	assert.fail('no error');
}

async function useTools(name, client, transport) {
	const tools = await checks.check(`${name}: tools`, async () => {
		const listed = (await client.listTools()).tools;
		checkTools(listed);
		return listed;
	});
	for (const { tool, args } of await checks.check(`${name}: a call for each`, () => readCalls(tools)) ?? []) {
		// The client itself holds the answer against the output schema.
		await checks.check(`${name}: ${tool}`, async () => checkAnswer(tool, await client.callTool({ name: tool, arguments: args })));
	}
	await checks.check(`${name}: an answer against its schema is noticed`, async () => {
		const receive = transport.onmessage;
		transport.onmessage = (message, extra) => {
			delete message.result?.structuredContent?.summary;
			receive(message, extra);
		};
		const error = await tell(client.callTool({ name: 'weekly_report', arguments: {} }));
		transport.onmessage = receive;
		assert.match(error.message, /schema/i);
	});
	for (const refused of refusedCalls) {
		await checks.check(`${name}: ${refused.tool} ${JSON.stringify(refused.args)}`, async () => {
			checkRefusal(refused, await client.callTool({ name: refused.tool, arguments: refused.args }));
		});
	}
	await checks.check(`${name}: no such tool`, async () => {
		assert.equal((await tell(client.callTool({ name: 'nope', arguments: {} }))).code, -32602);
	});
	return tools;
}

async function usePrompts(name, client, tools) {
	const asked = await checks.check(`${name}: prompts`, async () => promptCalls((await client.listPrompts()).prompts));
	for (const { prompt, args } of asked ?? []) {
		await checks.check(`${name}: ${prompt}`, async () => checkPrompt(await client.getPrompt({ name: prompt, arguments: args }), tools));
	}
	for (const { prompt, args, says } of refusedPrompts) {
		await checks.check(`${name}: ${prompt} ${JSON.stringify(args)}`, async () => {
			const error = await tell(client.getPrompt({ name: prompt, arguments: args }));
			assert.equal(error.code, -32602);
			assert.ok(error.message.includes(says), error.message);
		});
	}
	for (const [prompt, values] of Object.entries({ monthly_review: ['Europe/Paris'], nope: [] })) {
		await checks.check(`${name}: completion for ${prompt}`, async () => {
			const { completion } = await client.complete({ ref: { type: 'ref/prompt', name: prompt }, argument: { name: 'timezone', value: 'Europe/Par' } });
			assert.deepEqual(completion.values, values);
		});
	}
}

async function useResources(name, client) {
	const resources = await checks.check(`${name}: resources`, async () => {
		const listed = (await client.listResources()).resources;
		checkResources(listed);
		return listed;
	});
	for (const resource of resources ?? []) {
		await checks.check(`${name}: ${resource.uri}`, async () => checkContents(resource, await client.readResource({ uri: resource.uri })));
	}
	await checks.check(`${name}: ${missingResource.uri}`, async () => {
		const error = await tell(client.readResource({ uri: missingResource.uri }));
		// The second client knows the legacy code with the address beside it, too.
		if (client instanceof v1.Client) assert.equal(error.code, -32002);
		else assert.ok(error instanceof v2.ResourceNotFoundError, error.stack);
		assert.equal(error.data.uri, missingResource.uri);
		assert.ok(error.message.includes(missingResource.says), error.message);
	});
}

for (const { name, client: newClient, transport: newTransport, revision } of runs) {
	const noise = [];
	const client = newClient();
	client.onerror = (error) => noise.push(error);
	const transport = newTransport();
	// The first client tells nobody else which version was agreed.
	let agreed;
	const told = transport.setProtocolVersion;
	transport.setProtocolVersion = (version) => {
		agreed = version;
		told?.call(transport, version);
	};
	const connected = await checks.check(`${name}: connects`, async () => {
		await client.connect(transport);
		assert.equal(agreed, revision);
		assert.equal(client.getServerVersion().name, 'asleep-mcp');
		return true;
	});
	if (!connected) continue;
	const tools = await useTools(name, client, transport);
	await usePrompts(name, client, tools ?? []);
	await useResources(name, client);
	await checks.check(`${name}: nothing but messages came, and it ends`, async () => {
		await client.close();
		assert.deepEqual(noise, []);
	});
}
checks.end('tools with structured answers checked against their schemas, prompts, completions and resources over stdio and HTTP in both eras');
