#!/usr/bin/env node
// Time and memory to read a Premiere project of 200 MB of XML: node test/bench/project-scan.mjs [megabytes]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../../extension/root.mjs";
import { measureProcess } from "./measure-process.mjs";

const [megabytes = "200"] = process.argv.slice(2);
const outDir = mkdtempSync(join(tmpdir(), "premix-bench-"));
try {
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL("project-scan/main.ts", import.meta.url)),
      outDir,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "main.mjs" } },
    },
  });
  const program = join(outDir, "main.mjs");
  const project = join(outDir, "large.prproj");
  const { writeProject } = await import(pathToFileURL(program).href);
  await writeProject(root, project, Number(megabytes));
  const call = `import(${JSON.stringify(pathToFileURL(program).href)}).then((it) => it.scanProject(process.argv[1]))`;
  const { cpuSeconds, wallSeconds, peakMiB } = await measureProcess(process.execPath, ["-e", call, project]);
  console.log(`A project of ${megabytes} MB of XML, ${(statSync(project).size / 1e6).toFixed(0)} MB on disk:`);
  console.log(`  wall ${wallSeconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s (goal 5 s)`);
  console.log(`  memory ${peakMiB.toFixed(0)} MiB (goal 150 MB)`);
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
