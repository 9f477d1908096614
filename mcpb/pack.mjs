#!/usr/bin/env node
// Packs built binaries as bundles that clients install with a click:
//
//   node mcpb/pack.mjs BINARY OS ARCH FOLDER
//
// writes FOLDER/asleep-mcp_VERSION_OS_ARCH.mcpb. OS and ARCH are Go's names; the
// version is the one stamped into the binary. ARCH "all" is a universal binary,
// which macOS gets instead of one bundle an architecture.
//
//   node mcpb/pack.mjs --every FOLDER
//
// writes FOLDER/asleep-mcp.mcpb with every binary that GoReleaser built into FOLDER:
// the Claude Code plugin is the same on all platforms. Needs go and mcpb.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const platforms = { linux: "linux", darwin: "darwin", windows: "win32" };
const onWindows = process.platform === "win32";

/** Where a bundle for one platform has its program. */
const programOf = (os) => (os === "windows" ? "server/asleep-mcp.exe" : "server/asleep-mcp");

/** The module's version in a binary of any platform, as all the metadata write it: without "v". */
function versionOf(binary) {
  const info = execFileSync("go", ["version", "-m", binary], { encoding: "utf8" });
  const version = /^\tmod\t\S+\tv(\S+)/m.exec(info)?.[1];
  if (!version) {
    throw new Error(`${binary} carries no version: build it from a git checkout with -buildvcs=true`);
  }
  return version;
}

/** Writes a bundle of programs: where each stands in it, and the file that goes there. */
function pack(bundle, programs, version, systems, entryPoint) {
  const folder = mkdtempSync(join(tmpdir(), "asleep-mcp-"));
  try {
    for (const [place, file] of Object.entries(programs)) {
      mkdirSync(dirname(join(folder, place)), { recursive: true });
      copyFileSync(file, join(folder, place));
      chmodSync(join(folder, place), 0o755);
    }
    copyFileSync(join(here, "icon.png"), join(folder, "icon.png"));
    for (const file of ["LICENSE", "THIRD-PARTY-LICENSES.txt"]) {
      copyFileSync(join(here, "..", file), join(folder, file));
    }

    const manifest = JSON.parse(readFileSync(join(here, "manifest.json"), "utf8"));
    manifest.version = version;
    manifest.server.entry_point = entryPoint;
    manifest.compatibility.platforms = systems.map((os) => platforms[os]);
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

    execFileSync(onWindows ? "mcpb.cmd" : "mcpb", ["pack", folder, bundle], { stdio: ["ignore", "pipe", "inherit"], shell: onWindows });
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${bundle}: ${Object.keys(programs).sort().join(", ")}`);
}

function packOne(binary, os, arch, out) {
  const version = versionOf(binary);
  const bundle = resolve(out, `asleep-mcp_${version}_${os}${arch === "all" ? "" : `_${arch}`}.mcpb`);
  pack(bundle, { [programOf(os)]: binary }, version, [os], programOf(os));
}

/**
 * Packs what GoReleaser built. Windows has one place for its program and runs the one for
 * amd64 on Arm, too; elsewhere launch.sh takes the one of the machine.
 */
function packEvery(out) {
  const programs = { [programOf("linux")]: join(here, "launch.sh") };
  const systems = new Set();
  for (const name of readdirSync(out)) {
    const [, os, arch] = /_(linux|darwin|windows)_(amd64|arm64|all)/.exec(name) ?? [];
    const binary = join(out, name, os === "windows" ? "asleep-mcp.exe" : "asleep-mcp");
    if (!os || !existsSync(binary) || (os === "darwin" && arch !== "all") || (os === "windows" && arch !== "amd64")) {
      continue;
    }
    systems.add(os);
    programs[os === "windows" ? programOf(os) : `server/${os}_${arch}/asleep-mcp`] = binary;
  }
  if (systems.size === 0) {
    throw new Error(`${out} holds no built binary`);
  }
  const version = versionOf(Object.values(programs).at(-1));
  pack(resolve(out, "asleep-mcp.mcpb"), programs, version, [...systems], programOf("linux"));
}

const [binary, os, arch, out] = process.argv.slice(2);
if (binary === "--every" && os && !arch) {
  packEvery(os);
} else if (!out || !(os in platforms)) {
  console.error(`usage: node mcpb/pack.mjs BINARY ${Object.keys(platforms).join("|")} ARCH FOLDER, or --every FOLDER`);
  process.exit(2);
} else if (os === "darwin" && arch !== "all") {
  console.log(`${binary}: macOS gets the universal binary`);
} else {
  packOne(binary, os, arch, out);
}
