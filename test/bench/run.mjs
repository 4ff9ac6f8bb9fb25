#!/usr/bin/env node
/**
 * `npm run bench`: every processor and the reference job beside their peers, on the same files in one run, and a long document. Absolute seconds are notes;
 * ratios are the figures.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../../extension/prepare.mjs";
import { root } from "../../extension/root.mjs";

await ensureBuild();
await import("./processors.mjs");
console.log();
await import("./layers.mjs");
console.log();
const bench = process.env.PREMIX_BENCH ?? join(root, "../shared/bench");
if (existsSync(join(bench, "reference-job.mjs"))) {
  const { benchReferenceJob } = await import("./reference-job.mjs");
  await benchReferenceJob(bench);
} else {
  console.log(
    "The reference job needs its generator and its peer script: set PREMIX_BENCH to the folder that has reference-job.mjs and ffmpeg-reference.sh.",
  );
}
await (await import("./documents.mjs")).benchDocuments();
