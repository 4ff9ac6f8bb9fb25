#!/usr/bin/env node
/** `npm run install-panel`: builds what is stale, then `premix install-panel`. */
import { ensureBuild } from "../prepare.mjs";

await ensureBuild();
const { run } = await import("../../dist/cli/premix.mjs");
await run(["install-panel", ...process.argv.slice(2)]);
