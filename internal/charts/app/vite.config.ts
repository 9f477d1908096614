import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

// sources are all files that the page is built from. app_test.go lists them the same way.
const sources = [
  "index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts",
  ...readdirSync("src").map((name) => `src/${name}`),
].sort();

// stamp writes into the page which sources it was built from, so that a test without Node
// finds one that is older than its source.
function stamp(): Plugin {
  return {
    name: "stamp",
    enforce: "post",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const hash = createHash("sha256");
        for (const file of sources) hash.update(file + "\0").update(readFileSync(file)).update("\0");
        return html.replace("SOURCES", hash.digest("hex"));
      },
    },
  };
}

export default defineConfig({
  plugins: [stamp(), viteSingleFile({ removeViteModuleLoader: true })],
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], reportCompressedSize: false, license: { fileName: "licenses.md" } },
});
