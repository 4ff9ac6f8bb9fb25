#!/usr/bin/env node
/** `npm run build`: engine.wasm, host scripts, command line, panel and demo, all into dist/. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "vite";
import { buildWasm } from "../engine/build-wasm.mjs";
import { joinHostScripts } from "../host-scripts/join.mjs";
import { makeDemo } from "./cli/demo/make-demo.mjs";
import { root } from "./root.mjs";
import { cliConfig, panelConfigs } from "./vite.config.mjs";

export const build = async () => {
  const dist = join(root, "dist");
  for (const folder of ["cli", "panel", "demo"]) rmSync(join(dist, folder), { recursive: true, force: true });
  await buildWasm();
  joinHostScripts(join(dist, "host-scripts", "host.jsx"));
  for (const config of [cliConfig(), ...panelConfigs()]) await bundle(config);
  makeDemo(join(dist, "demo"));
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();
