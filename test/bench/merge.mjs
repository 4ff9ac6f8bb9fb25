#!/usr/bin/env node
// Ten thousand random pairs of concurrent edits: npm run test:merge [-- <pairs>]
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("merge/pairs.ts", import.meta.url)), {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
});
process.exitCode = module.tryPairs(Number(process.argv[2] ?? 10_000)) ? 0 : 1;
