// Opens the pictures in the inspector's page, in a real browser: a result from the running
// server is drawn, and a control inside the picture asks the server again. The inspector is a
// host that does not say which tool was called, and the server, over HTTP, does not know that
// it shows apps.
// Arguments: the inspector's script, the server's URL, the browser's program, and a folder for
// screenshots of what failed.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { assert, Checks } from './checks.mjs';

const [script, url, browserPath, folder] = process.argv.slice(2);
const patience = { timeout: 120_000 };
const checks = new Checks('apps');

// What is opened, a text that must be drawn, and a control with a text that is there after it.
const apps = [
	{ tool: 'get_session', args: { night: '2026-11-21' }, title: 'Night of 2026-11-21', press: 'Night before', then: 'Night of 2026-11-20' },
	{ tool: 'weekly_report', args: { week_ending: '2026-11-21' }, title: 'Week of 2026-11-15', press: 'Week before', then: 'Week of 2026-11-08' },
	{ tool: 'monthly_trends', args: {}, title: 'Sleep by month' },
	{ tool: 'find_nights', args: { where: 'asleep_minutes < 400' }, title: 'Nights' },
	{ tool: 'compare_nights', args: { where: 'weekend' }, title: 'Nights where weekend' },
	{ tool: 'organization_statistics', args: { organization: 'demo-team' }, title: 'Sleep of a group' },
];

async function freePort() {
	const server = createServer();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

async function startInspector(token) {
	const port = await freePort();
	const child = spawn(process.execPath, [script, '--web'], {
		env: {
			...process.env, HOST: '127.0.0.1', CLIENT_PORT: String(port), MCP_SANDBOX_PORT: String(await freePort()),
			MCP_AUTO_OPEN_ENABLED: 'false', MCP_INSPECTOR_API_TOKEN: token, MCP_INSPECTOR_SECRET_STORE: 'memory',
		},
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	await new Promise((done, failed) => {
		let said = '';
		child.stdout.on('data', (text) => { said += text; if (said.includes('up and running')) done(); });
		child.on('exit', (code) => failed(new Error(`the inspector ended with ${code}: ${said}`)));
	});
	return { child, page: `http://127.0.0.1:${port}/` };
}

// open follows a link to an app, and presses what opens it. Connecting takes the inspector too
// long where everything does: then it is asked again.
async function open(page, link) {
	for (let tries = 5; ; tries--) {
		await page.goto(link, patience);
		const button = await page.waitForSelector('::-p-xpath(//button[contains(., "Open App")] | //*[text()="Failed"])', patience);
		if (await button.evaluate((element) => element.textContent !== 'Failed')) return button.click();
		if (tries === 1) throw new Error('the inspector does not connect');
	}
}

// drawn waits until a frame of the page shows a picture with a title, and returns the frame.
async function drawn(page, title) {
	const until = Date.now() + patience.timeout;
	let seen = [];
	while (Date.now() < until) {
		seen = [];
		for (const frame of page.frames()) {
			const shown = await frame.evaluate(() => ({
				title: document.querySelector('#title')?.textContent ?? '',
				subtitle: document.querySelector('#subtitle')?.textContent ?? '',
				figure: Boolean(document.querySelector('#figure:not([hidden]) svg')),
			})).catch(() => undefined); // a frame that goes
			if (shown?.title) seen.push(shown);
			if (shown?.figure && shown.title.startsWith(title)) return frame;
		}
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error(`no picture "${title}" in ${JSON.stringify(seen)}`);
}

const browser = await puppeteer.launch({ executablePath: browserPath, args: ['--no-sandbox'], protocolTimeout: patience.timeout });
try {
	const page = await browser.newPage();
	const thrown = [];
	page.on('pageerror', (error) => thrown.push(error.message));
	for (const { tool, args, title, press, then } of apps) {
		await checks.check(tool, async () => {
			const token = randomBytes(24).toString('hex');
			const inspector = await startInspector(token); // a third connection waits for a minute
			try {
				const query = new URLSearchParams({
					serverUrl: url, transport: 'http', autoConnect: token, openApp: tool,
					appArgs: Buffer.from(JSON.stringify(args)).toString('base64url'),
				});
				await open(page, `${inspector.page}?${query}`);
				const frame = await drawn(page, title);
				if (press) {
					await (await frame.waitForSelector(`::-p-xpath(//button[contains(., "${press}")])`, patience)).click();
					await drawn(page, then);
				}
				assert.deepEqual(thrown, []);
			} catch (error) {
				await page.screenshot({ path: join(folder, `app_${tool}.png`) });
				throw error;
			} finally {
				inspector.child.kill();
			}
		});
	}
} finally {
	await browser.close();
}
checks.end('the inspector draws what the server answers, and its controls ask again');
