#!/usr/bin/env node
// Milliseconds to parse, resolve and check the document of a long film: 2 h, 40 tracks, 4,000 clips, 40,000 automation points.
// Bundled first, so that the figures are those of the program. Usage: node test/bench/layers.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const outDir = mkdtempSync(join(tmpdir(), "premix-bench-"));
try {
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL("layers/main.ts", import.meta.url)),
      outDir,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "main.mjs" } },
    },
  });
  await import(pathToFileURL(join(outDir, "main.mjs")).href);
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
