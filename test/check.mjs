#!/usr/bin/env node
/** `npm run check`: format, lint and import rules, types (three programs), dead code, generated files fresh. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuild } from "../extension/prepare.mjs";
import { root } from "../extension/root.mjs";

await ensureBuild();
const bin = (name) => join(root, "node_modules/.bin", name);
const checks = [
  ["format, lint, imports", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["types", bin("tsc"), ["-p", "."]],
  ["types of the host scripts", bin("tsc"), ["-p", "host-scripts"]],
  ["dead code", bin("knip"), []],
  ["generated files", process.execPath, ["schema/generate.mjs", "--check"]],
];
const failed = checks.filter(([name, command, args]) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name}`);
  return status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
