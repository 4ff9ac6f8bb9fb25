#!/usr/bin/env node
/** `npm run package`: the panel's folder as Premiere's extensions folder wants it, in dist/package. Not signed yet. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuild } from "../prepare.mjs";
import { root } from "../root.mjs";

await ensureBuild();
const folder = join(root, "dist/package/app.premix.panel");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, "CSXS"), join(folder, "CSXS"), { recursive: true });
for (const part of ["panel", "host-scripts"]) cpSync(join(root, "dist", part), join(folder, part), { recursive: true });
for (const text of ["LICENSE", "DEPENDENCIES.md", "NOTICE.md"]) cpSync(join(root, text), join(folder, text));
console.log(`The panel's folder is ${folder}. It is not signed: see "Install the panel" in the README.`);
