#!/usr/bin/env node
/** `npm start`: installs what is missing, builds what is stale, mixes the demo (or whatever stands behind `--`). */
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Premix needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(3);
}
const { ensureBuild } = await import("../prepare.mjs");
await ensureBuild();
const { run } = await import(new URL("../../dist/cli/premix.mjs", import.meta.url).href);
process.chdir(process.env.INIT_CWD ?? process.cwd());
await run(["mix", ...process.argv.slice(2)]);
