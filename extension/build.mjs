#!/usr/bin/env node
/** `npm run build`: engine.wasm, host scripts, command line, panel and demo, all into dist/. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "vite";
import { buildWasm } from "../engine/build-wasm.mjs";
import { joinHostScripts } from "../host-scripts/join.mjs";
import { makeDemo } from "./cli/demo/make-demo.mjs";
import { root } from "./root.mjs";
import { cliConfig, panelConfigs } from "./vite.config.mjs";

/** A classic script that leaves a text on the page: the one way to hand a file to a page on file://. */
const textScript = (name, text) => `globalThis.${name} = ${JSON.stringify(text)};\n`;

const finishPanel = (dist, hostScript) => {
  const panel = join(dist, "panel");
  const worker = join(panel, "engine-worker.js");
  writeFileSync(
    join(panel, "engine-worker.text.js"),
    textScript("premixEngineWorkerText", readFileSync(worker, "utf8")),
  );
  rmSync(worker);
  writeFileSync(join(panel, "host-script.text.js"), textScript("premixHostScriptText", hostScript));
  copyFileSync(join(root, "extension/panel/index.html"), join(panel, "index.html"));
};

const hostScriptText = () => joinHostScripts((name) => readFileSync(join(root, "host-scripts", name), "utf8"));

export const build = async () => {
  const dist = join(root, "dist");
  for (const folder of ["cli", "panel", "demo"]) rmSync(join(dist, folder), { recursive: true, force: true });
  await buildWasm();
  const hostScript = hostScriptText();
  mkdirSync(join(dist, "host-scripts"), { recursive: true });
  writeFileSync(join(dist, "host-scripts", "host.jsx"), hostScript);
  for (const config of [cliConfig(), ...panelConfigs()]) await bundle(config);
  finishPanel(dist, hostScript);
  makeDemo(join(dist, "demo"));
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();
