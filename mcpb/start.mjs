#!/usr/bin/env node
// Starts a packed bundle the way a desktop client does, and fails unless it
// works:
//
//   node mcpb/start.mjs BUNDLE
//
// The bundle is unpacked, the command made from its manifest by the code that
// such clients use, and run with the variables of the manifest and no others:
// once as it is right after installing, where the tools must answer from made-up
// nights, once with a key, where they must not. Needs mcpb.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [bundle] = process.argv.slice(2);
if (!bundle) {
  console.error("usage: node mcpb/start.mjs BUNDLE");
  process.exit(2);
}

const requests = [
  { method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "start", version: "0" } } },
  { method: "tools/list" },
  { method: "prompts/list" },
  { method: "tools/call", params: { name: "weekly_report", arguments: {} } },
];

/** The library beside the mcpb command on the path. */
async function library() {
  const command = process.env.PATH.split(delimiter).map((folder) => join(folder, "mcpb")).find(existsSync);
  if (!command) {
    throw new Error("there is no mcpb on the path");
  }
  return import(pathToFileURL(join(dirname(realpathSync(command)), "..", "node.js")));
}

/** Runs the bundle's command until it has answered all requests; returns the answers and what it logged. */
function converse({ command, args, env }, asked) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { env, stdio: "pipe", timeout: 20_000 });
    let out = "";
    let log = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (log += chunk));
    child.on("error", failed);
    child.on("close", (code, signal) => {
      if (code !== 0) {
        failed(new Error(`it ended with ${code ?? signal}:\n${log}`));
        return;
      }
      const answers = out.trimEnd().split("\n").filter(Boolean).map(JSON.parse);
      done({ answers: new Map(answers.map((answer) => [answer.id, answer.result])), log });
    });
    asked.forEach((request, id) => child.stdin.write(JSON.stringify({ jsonrpc: "2.0", id, ...request }) + "\n"));
    child.stdin.end();
  });
}

function expect(what, got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(wanted)}`);
  }
}

const { getMcpConfigForManifest } = await library();
const folder = mkdtempSync(join(tmpdir(), "asleep-mcp-"));
try {
  execFileSync("mcpb", ["unpack", bundle, folder], { stdio: ["ignore", "ignore", "inherit"] });
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  const commandWith = (userConfig) =>
    getMcpConfigForManifest({ manifest, extensionPath: folder, systemDirs: {}, userConfig, pathSeparator: "/" });

  const fresh = await converse(await commandWith({}), requests);
  const [welcome, list, prompts, report] = requests.map((_, id) => fresh.answers.get(id));
  expect("name", welcome?.serverInfo?.name, manifest.name);
  expect("version", welcome?.serverInfo?.version, manifest.version);
  expect("tools", list?.tools?.map(({ name }) => name).sort(), manifest.tools.map(({ name }) => name).sort());
  expect("prompts are there", prompts?.prompts?.length > 0, manifest.prompts_generated);
  expect("answer", [report?.isError ?? false, report?.structuredContent?.data_source], [false, "demo"]);

  const withKey = await commandWith({ api_key: "a-key", user_id: "G-1" });
  withKey.env.ASLEEP_MCP_LOG_LEVEL = "info"; // by default it logs nothing when all is well
  const keyed = await converse(withKey, requests.slice(0, 1));
  expect("demo in the log, with a key", /demo=\w+/.exec(keyed.log)?.[0], "demo=false");
  console.log(`${manifest.name} ${manifest.version}: ${report.structuredContent.summary}`);
} catch (error) {
  console.error(`${bundle}: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
