#!/usr/bin/env node
// Packs one built binary as a bundle that desktop clients install with a click:
//
//   node mcpb/pack.mjs BINARY OS ARCH FOLDER
//
// writes FOLDER/asleep-mcp_VERSION_OS_ARCH.mcpb. OS and ARCH are Go's names; the
// version is the one stamped into the binary. ARCH "all" is a universal binary,
// which macOS gets instead of one bundle an architecture. Needs go and mcpb.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const platforms = { linux: "linux", darwin: "darwin", windows: "win32" };
const windows = process.platform === "win32";

/** The module's version in a binary of any platform, as all the metadata write it: without "v". */
function versionOf(binary) {
  const info = execFileSync("go", ["version", "-m", binary], { encoding: "utf8" });
  const version = /^\tmod\t\S+\tv(\S+)/m.exec(info)?.[1];
  if (!version) {
    throw new Error(`${binary} carries no version: build it from a git checkout with -buildvcs=true`);
  }
  return version;
}

/** Fills the folder with what the bundle holds. */
function stage(folder, binary, os, version) {
  const program = os === "windows" ? "server/asleep-mcp.exe" : "server/asleep-mcp";
  mkdirSync(join(folder, "server"));
  copyFileSync(binary, join(folder, program));
  chmodSync(join(folder, program), 0o755);
  copyFileSync(join(here, "icon.png"), join(folder, "icon.png"));
  copyFileSync(join(here, "..", "LICENSE"), join(folder, "LICENSE"));

  const manifest = JSON.parse(readFileSync(join(here, "manifest.json"), "utf8"));
  manifest.version = version;
  manifest.server.entry_point = program;
  manifest.compatibility.platforms = [platforms[os]];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
}

function pack(binary, os, arch, out) {
  const version = versionOf(binary);
  const bundle = resolve(out, `asleep-mcp_${version}_${os}${arch === "all" ? "" : `_${arch}`}.mcpb`);
  const folder = mkdtempSync(join(tmpdir(), "asleep-mcp-"));
  try {
    stage(folder, binary, os, version);
    execFileSync(windows ? "mcpb.cmd" : "mcpb", ["pack", folder, bundle], { stdio: ["ignore", "pipe", "inherit"], shell: windows });
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(bundle);
}

const [binary, os, arch, out] = process.argv.slice(2);
if (!out || !(os in platforms)) {
  console.error(`usage: node mcpb/pack.mjs BINARY ${Object.keys(platforms).join("|")} ARCH FOLDER`);
  process.exit(2);
}
if (os === "darwin" && arch !== "all") {
  console.log(`${binary}: macOS gets the universal binary`);
} else {
  pack(binary, os, arch, out);
}
