#!/usr/bin/env node
// What the restoration is worth beside its peers, on mixtures made here: node test/bench/quality.mjs
// With PREMIX_MATERIAL also on read speech and real ambience; ffmpeg and sox take part where they are installed.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

await runnerImport(fileURLToPath(new URL("quality/main.ts", import.meta.url)), {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
});
