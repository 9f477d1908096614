// What is asked of the demo and what must come back, whatever the client.
import { assert } from './checks.mjs';

// serverFlags are those of every server that is tried: all tools, a stopped clock.
export const serverFlags = ['--demo', '--now', '2026-11-23T09:00:00+01:00', '--toolsets', 'sleep,cohort,manage'];

// stdioCommand makes a server for one client; only what went wrong is logged.
export const stdioCommand = (program) => [program, 'stdio', ...serverFlags, '--log-level', 'error'];

const sleeper = 'G-20250318162239-AsleepDemoSleeper000';
const organization = 'demo-team';

// calls are the arguments of one call of every tool that reads.
const calls = {
	list_sessions: { days: 14, limit: 5 },
	get_session: { detail: 'stages' },
	average_stats: { days: 30, timezone: 'Asia/Seoul' },
	sleep_score: { user_id: sleeper },
	weekly_report: {},
	monthly_trends: { months: 3 },
	find_nights: { days: 60, where: 'asleep_minutes < 420', by: 'weekday' },
	compare_nights: { days: 180, where: 'weekend' },
	compare_periods: { first_from: '2026-09-01', first_to: '2026-09-30', second_from: '2026-10-01', second_to: '2026-10-31' },
	cohort_analysis: { organization },
	organization_statistics: { organization },
	list_organizations: {},
	get_user: { user_id: sleeper },
};

// made of recorded nights: these answers must say that they are the demo's.
const aboutNights = Object.keys(calls).filter((tool) => !['list_organizations', 'get_user'].includes(tool));

// readCalls pairs every tool that reads, as the server lists it, with its call.
export function readCalls(tools) {
	const reading = tools.filter((tool) => tool.annotations.readOnlyHint).map((tool) => tool.name);
	assert.deepEqual(reading.toSorted(), Object.keys(calls).toSorted(), 'tools that read, beside the calls in questions.mjs');
	return reading.map((tool) => ({ tool, args: calls[tool] }));
}

export function checkTools(tools) {
	assert.ok(tools.length >= Object.keys(calls).length, `only ${tools.length} tools`);
	for (const tool of tools) {
		assert.ok(tool.title && tool.description, `${tool.name} has no title or no description`);
		assert.equal(tool.inputSchema.type, 'object');
		assert.equal(tool.outputSchema.type, 'object');
		for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
			assert.equal(typeof tool.annotations[hint], 'boolean', `${tool.name}: ${hint}`);
		}
	}
}

export function checkAnswer(tool, result) {
	assert.ok(!result.isError, result.content?.[0]?.text);
	assert.equal(result.content.length, 1);
	assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent, 'both halves of an answer say the same');
	if (aboutNights.includes(tool)) {
		assert.equal(result.structuredContent.data_source, 'demo');
		assert.match(result.structuredContent.summary, /\d/);
	}
}

// refusedCalls are answered with a text that a model can learn from.
export const refusedCalls = [
	{ tool: 'sleep_score', args: { dayz: 14 }, says: 'Did you mean "days"?' },
	{ tool: 'weekly_report', args: { week_ending: 'yesterday' }, says: '"week_ending" must be' },
	{ tool: 'get_session', args: { session_id: 'nope' }, says: '"session_id" must be' },
	{ tool: 'list_sessions', args: { cursor: 'from elsewhere' }, says: 'Leave it out to start again.' },
	{ tool: 'compare_periods', args: {}, says: '"second_from" and "second_to" are missing' },
	{ tool: 'get_session', args: { user_id: '../sessions' }, says: '"user_id" must be' },
];

export function checkRefusal({ says }, result) {
	assert.equal(result.isError, true);
	assert.ok(result.content[0].text.includes(says), result.content[0].text);
	assert.ok(!('structuredContent' in result), 'a refusal has no structured half');
}

const promptArguments = { organization };

// promptCalls gives every prompt what it requires and nothing else.
export function promptCalls(prompts) {
	assert.ok(prompts.length >= 5, `only ${prompts.length} prompts`);
	return prompts.map(({ name, title, description, arguments: declared = [] }) => {
		assert.ok(title && description, `${name} has no title or no description`);
		const required = declared.filter((argument) => argument.required);
		return { prompt: name, args: Object.fromEntries(required.map((argument) => [argument.name, promptArguments[argument.name]])) };
	});
}

// checkPrompt sees to it that the text sends a model to tools that are there.
export function checkPrompt(result, tools) {
	assert.equal(result.messages.length, 1);
	assert.equal(result.messages[0].role, 'user');
	const named = [...result.messages[0].content.text.matchAll(/`([a-z_]+) \{/g)].map((match) => match[1]);
	assert.ok(named.length > 0, 'the text names no call');
	for (const name of named) assert.ok(tools.some((tool) => tool.name === name), `there is no tool ${name}`);
}

export const refusedPrompts = [
	{ prompt: 'nope', args: {}, says: 'There is no prompt "nope". Known: ' },
	{ prompt: 'cohort_briefing', args: {}, says: '"organization" is missing.' },
	{ prompt: 'monthly_review', args: { month: 'last' }, says: '"month" must be a month written YYYY-MM' },
	{ prompt: 'monthly_review', args: { moth: '2026-10' }, says: 'has no argument "moth"' },
];

export const skillAddresses = ['doctor-visit-preparation', 'fair-sleep-experiment', 'last-night-explained', 'weekly-sleep-coaching']
	.map((name) => `skill://${name}/SKILL.md`);

export function checkResources(resources) {
	const [skills, others] = [true, false].map((is) => resources.map((resource) => resource.uri).filter((uri) => uri.startsWith('skill://') === is));
	assert.deepEqual(others.toSorted(), ['asleep://guide/metrics', 'asleep://me/last-night', 'asleep://me/weekly-report']);
	assert.deepEqual(skills.filter((uri) => uri.endsWith('/SKILL.md')).toSorted(), skillAddresses);
}

export function checkContents({ uri, mimeType }, result) {
	assert.equal(result.contents.length, 1);
	const content = result.contents[0];
	assert.equal(content.uri, uri);
	assert.equal(content.mimeType, mimeType);
	if (mimeType === 'application/json') assert.equal(JSON.parse(content.text).data_source, 'demo');
	else assert.match(content.text, uri.endsWith('/SKILL.md') ? /^---\nname: / : /^# /);
}

export const missingResource = { uri: 'asleep://user/other', says: 'There is no resource "asleep://user/other". Known: ' };
