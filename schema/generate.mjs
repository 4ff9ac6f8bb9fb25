// Writes every derived file of the schema, or with --check names those that are stale (exit 1); --into DIR takes another checkout.
// Node 20 cannot run TypeScript, so vite's module runner loads the sources.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const into = process.argv.includes("--into") ? process.argv[process.argv.indexOf("--into") + 1] : root;

const present = async (path) => {
  try {
    return await readFile(join(into, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
};

const { module } = await runnerImport(join(root, "schema/generate/outputs.ts"), {
  root,
  configFile: false,
  logLevel: "error",
});

const stale = [];
for (const [path, content] of module.outputs()) {
  if ((await present(path)) !== content) stale.push([path, content]);
}

if (process.argv.includes("--check")) {
  for (const [path] of stale) console.error(`${path} is stale: run npm run generate.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, content] of stale) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await writeFile(join(into, path), content);
    console.log(`wrote ${path}`);
  }
}
