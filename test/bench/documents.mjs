#!/usr/bin/env node
// How long comparing and merging a long document takes: node test/bench/documents.mjs
import { fileURLToPath, pathToFileURL } from "node:url";
import { runnerImport } from "vite";

export const benchDocuments = async () => {
  const { module } = await runnerImport(fileURLToPath(new URL("documents/main.ts", import.meta.url)), {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
  });
  module.benchDocuments();
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await benchDocuments();
