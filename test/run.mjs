#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, builds what is stale, then runs every suite. Further arguments go to vitest. With `--long`
 * the suites that `npm test` takes a share of run whole.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../extension/prepare.mjs";
import { root } from "../extension/root.mjs";

/** Those that ask `effort` how much they shall do. */
const longSuites = () =>
  readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("test", name))
    .filter((file) => readFileSync(join(root, file), "utf8").includes("support/effort.ts"));

const given = process.argv.slice(2);
const isLong = given[0] === "--long";
const wanted = isLong ? [...longSuites(), ...given.slice(1)] : given;

await ensureBuild();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--config", "test/vitest.config.ts", ...wanted], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...(isLong ? { PREMIX_LONG: "1" } : {}) },
});
process.exitCode = status ?? 1;
