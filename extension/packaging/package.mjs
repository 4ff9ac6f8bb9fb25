#!/usr/bin/env node
/** `npm run package`: builds what is stale, then `premix package`. */
import { ensureBuild } from "../prepare.mjs";

await ensureBuild();
const { run } = await import("../../dist/cli/premix.mjs");
await run(["package", ...process.argv.slice(2)]);
