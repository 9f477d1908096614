#!/usr/bin/env node
// Prints the entry of a release in the MCP registry:
//
//   node mcpb/entry.mjs VERSION FOLDER
//
// is server.json with the version in place of 0.0.0, and with one package for
// every platform's bundle that FOLDER/checksums.txt names, in place of the one that
// stands there as a pattern.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const placeholder = "0.0.0";

const [version, folder] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+/.test(version ?? "") || !folder) {
  console.error('usage: node mcpb/entry.mjs VERSION FOLDER, the version without "v"');
  process.exit(2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const entry = JSON.parse(readFileSync(join(root, "server.json"), "utf8").replaceAll(placeholder, version));

const sums = readFileSync(join(folder, "checksums.txt"), "utf8");
const bundles = [...sums.matchAll(/^([a-f0-9]{64}) {2}(asleep-mcp_\S+\.mcpb)$/gm)].map(([, fileSha256, file]) => ({ fileSha256, file }));
if (bundles.length === 0 || bundles.some(({ file }) => !file.startsWith(`asleep-mcp_${version}_`))) {
  console.error(`${folder}/checksums.txt names no bundles of version ${version}`);
  process.exit(1);
}

entry.packages = entry.packages.flatMap((pattern) =>
  pattern.registryType !== "mcpb"
    ? [pattern]
    : bundles.map(({ fileSha256, file }) => ({ ...pattern, identifier: new URL(file, pattern.identifier).href, fileSha256 })),
);
console.log(JSON.stringify(entry, null, 2));
