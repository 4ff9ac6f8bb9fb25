#!/usr/bin/env node
/** `npm test`: installs what is missing, builds what is stale, then runs every suite. Further arguments go to vitest. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuild } from "../extension/prepare.mjs";
import { root } from "../extension/root.mjs";

await ensureBuild();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--config", "test/vitest.config.ts", ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = status ?? 1;
