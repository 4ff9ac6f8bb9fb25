#!/usr/bin/env node
/** `npx premix ...` in a checkout: the built command line. */
import { existsSync } from "node:fs";

const bundle = new URL("../../dist/cli/premix.mjs", import.meta.url);
if (!existsSync(bundle)) {
  console.error("Premix is not built yet. Run `npm start` or `npm run build` once, then try again.");
  process.exitCode = 3;
} else {
  const { run } = await import(bundle.href);
  await run(process.argv.slice(2));
}
