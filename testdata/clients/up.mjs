// Is the server up? What judges it later would take a dead port for many passes.
// Arguments: URL.
import { assert, Checks } from './checks.mjs';

const [url] = process.argv.slice(2);
const checks = new Checks('server');

async function ask(method, params, headers = {}) {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
		body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
		signal: AbortSignal.timeout(20_000),
	});
	assert.equal(response.status, 200);
	assert.match(response.headers.get('Content-Type'), /^application\/json/);
	const answer = await response.json();
	assert.ok(answer.result, JSON.stringify(answer.error));
	return answer.result;
}

const legacy = '2025-11-25';
const modern = '2026-07-28';

await checks.check('initialize', async () => {
	const result = await ask('initialize', { protocolVersion: legacy, capabilities: {}, clientInfo: { name: 'up', version: '0' } });
	assert.equal(result.protocolVersion, legacy);
	assert.equal(result.serverInfo.name, 'asleep-mcp');
	for (const capability of ['tools', 'prompts', 'resources', 'completions']) assert.ok(result.capabilities[capability], capability);
});
await checks.check('server/discover', async () => {
	const result = await ask('server/discover', {
		_meta: { 'io.modelcontextprotocol/protocolVersion': modern, 'io.modelcontextprotocol/clientCapabilities': {} },
	}, { 'MCP-Protocol-Version': modern, 'Mcp-Method': 'server/discover' });
	assert.ok(result.supportedVersions.includes(modern));
});
await checks.check('tools/list', async () => {
	const { tools } = await ask('tools/list', {}, { 'MCP-Protocol-Version': legacy });
	assert.ok(tools.some((tool) => tool.name === 'weekly_report'));
});
checks.end('answers initialize, server/discover and tools/list');
