#!/usr/bin/env node
// Every processor of the registry beside its counterpart in ffmpeg or sox, on the same file in one run: node test/bench/processors.mjs
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

await runnerImport(fileURLToPath(new URL("processors/main.ts", import.meta.url)), {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
});
