// Signs people in with a real OpenID provider that is set up as docs/service.md says, and that
// knows its client only by a client id metadata document: somebody new signs up, a member is
// known by their verified e-mail, and tokens for others are refused.
// Arguments: the program, the page with the configuration, and a folder.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Provider } from 'oidc-provider';
import { assert, Checks } from './checks.mjs';

const [program, page, folder] = process.argv.slice(2);
const checks = new Checks('oidc');
const publicURL = 'https://sleep.example.org', client = 'https://client.example.org/client.json', callback = 'http://127.0.0.1:9/callback';
const emails = { carl: 'carl@example.org', anna: 'anna@example.org' };

// The configuration of the page, with accounts, and with the client's document at its address.
async function startProvider() {
	writeFileSync('oidc-configuration.mjs', /```js\n(.*?)```/s.exec(readFileSync(page, 'utf8'))[1]);
	const { configuration } = await import('./oidc-configuration.mjs');
	const document = { client_id: client, redirect_uris: [callback], application_type: 'native', token_endpoint_auth_method: 'none' };
	const server = createServer();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		...configuration,
		cookies: { keys: [randomBytes(16).toString('hex')] },
		findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
		extraTokenClaims: (_, token) => ({ email: emails[token.accountId], email_verified: true }),
		fetch: async (url) => {
			assert.equal(String(url), client);
			return new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } });
		},
	});
	server.on('request', provider.callback());
	return issuer;
}

async function freePort() {
	const server = createSocket();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

const children = [];

// start runs the program until it has written something.
async function start(args, env, ready) {
	const child = spawn(program, args, { env: { ...process.env, ...env } });
	children.push(child);
	let said = '';
	await new Promise((done, failed) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (text) => { said += text; if (ready.test(said)) done(); });
		}
		child.on('exit', (code) => failed(new Error(`${args[0]} ended with ${code}: ${said}`)));
	});
	return said;
}

const issuer = await startProvider();
const said = await start(['sandbox', '--addr', '127.0.0.1:0'], {}, /ASLEEP_USER_ID=\S+/);
const env = {
	ASLEEP_BASE_URL: /ASLEEP_BASE_URL=(\S+)/.exec(said)[1], ASLEEP_API_KEY: 'any', ASLEEP_MCP_DATABASE_URL: join(folder, 'people.db'),
	ASLEEP_MCP_TOOLSETS: 'sleep,cohort,manage',
};
const run = (...args) => promisify(execFile)(program, args, { env: { ...process.env, ...env } });
const people = join(folder, 'people.csv');
writeFileSync(people, 'email,role\ncarl@example.org,coach\n');
await run('call', 'create_organization', 'organization=acme', 'name=Acme');
await run('import-members', people, '--organization', 'acme', '--yes');
const port = await freePort();
await start(['http', '--addr', `127.0.0.1:${port}`, '--public-url', publicURL, '--oidc-issuer', issuer, '--oidc-audience', `${publicURL}/mcp`, '--oidc-join-email'],
	env, /serving|listening/i);

function ask(method, path, token, body) {
	return new Promise((done, failed) => {
		const headers = { Host: 'sleep.example.org', Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json' };
		if (token) headers.Authorization = `Bearer ${token}`;
		const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
			let text = '';
			response.on('data', (part) => { text += part; });
			response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
		});
		sent.on('error', failed);
		sent.end(body && JSON.stringify(body));
	});
}

async function rpc(token, method, params = {}) {
	const { status, text } = await ask('POST', '/mcp', token, { jsonrpc: '2.0', id: 1, method, params });
	assert.equal(status, 200, text);
	return JSON.parse(text).result;
}

const toolsOf = async (token) => (await rpc(token, 'tools/list')).tools.map((tool) => tool.name);
const call = async (token, name, args) => (await rpc(token, 'tools/call', { name, arguments: args })).content[0].text;

// signIn is what a client does that nobody has registered, with a person at the browser.
async function signIn(login, scope, resource) {
	const verifier = randomBytes(32).toString('base64url');
	const cookies = new Map();
	const visit = async (url, init = {}) => {
		const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
		for (const line of response.headers.getSetCookie()) {
			const [name, value] = line.split(';')[0].split('=');
			if (value) cookies.set(name, value); else cookies.delete(name);
		}
		return response;
	};
	const known = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
	assert.equal(known.client_id_metadata_document_supported, true);
	let at = `${known.authorization_endpoint}?${new URLSearchParams({
		client_id: client, redirect_uri: callback, response_type: 'code', scope: `openid ${scope}`, resource,
		code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
	})}`;
	for (let step = 0; step < 12; step++) {
		const response = await visit(at);
		const to = response.headers.get('location');
		if (to?.startsWith(callback)) {
			const code = new URL(to).searchParams.get('code');
			assert.ok(code, to);
			const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback, client_id: client, code_verifier: verifier, resource });
			return (await (await fetch(known.token_endpoint, { method: 'POST', body })).json()).access_token;
		}
		if (to) {
			at = new URL(to, issuer).href;
			continue;
		}
		const text = await response.text();
		const form = new URL(/action="([^"]+)"/.exec(text)[1], issuer);
		const posted = await visit(form, { method: 'POST', body: new URLSearchParams({ prompt: /name="prompt" value="(\w+)"/.exec(text)[1], login, password: 'x' }) });
		at = new URL(posted.headers.get('location'), issuer).href;
	}
	throw new Error('the sign-in has no end');
}

let resource;
await checks.check('without a token a client is led to the provider', async () => {
	const { status, headers } = await ask('POST', '/mcp', '', { jsonrpc: '2.0', id: 1, method: 'tools/list' });
	assert.equal(status, 401);
	const where = new URL(/resource_metadata="([^"]+)"/.exec(headers['www-authenticate'])[1]);
	const metadata = JSON.parse((await ask('GET', where.pathname)).text);
	assert.deepEqual(metadata.authorization_servers, [issuer]);
	assert.deepEqual(metadata.scopes_supported, ['sleep:read', 'sleep:write']);
	({ resource } = metadata);
});

await checks.check('somebody new signs in and signs up, once', async () => {
	const anna = await signIn('anna', 'sleep:read sleep:write', resource);
	assert.ok((await toolsOf(anna)).includes('sign_up'));
	assert.match(await call(anna, 'get_session', {}), /no Asleep user yet/);
	assert.match(await call(anna, 'sign_up', {}), /was created/);
	assert.ok(!(await toolsOf(anna)).includes('sign_up'));
	assert.match(await call(anna, 'get_session', {}), /not recorded/);
	assert.equal((await ask('GET', '/api/sessions?date_gte=2026-11-01&date_lte=2026-11-20', anna)).status, 200);
});

await checks.check('a scope that is missing is named', async () => {
	const { status, headers } = await ask('POST', '/api/users', await signIn('ben', 'sleep:read', resource), {});
	assert.equal(status, 403);
	assert.match(headers['www-authenticate'], /error="insufficient_scope", scope="sleep:write"/);
});

await checks.check('a member is known by the e-mail that the provider verified', async () => {
	const carl = await signIn('carl', 'sleep:read org:read org:members', resource);
	assert.ok((await toolsOf(carl)).includes('organization_statistics'));
	assert.match(await call(carl, 'organization_statistics', { organization: 'acme' }), /Acme/);
});

await checks.check('what was not issued for this server is refused', async () => {
	await assert.rejects(signIn('anna', 'sleep:read', 'https://other.example.org/mcp'));
	assert.equal((await ask('POST', '/mcp', 'x.y.z', {})).status, 401);
});

for (const child of children) child.kill();
checks.end('oidc-provider, set up as docs/service.md says, with a client id metadata document');
