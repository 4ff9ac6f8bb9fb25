/** What every npm script needs first: packages installed, build fresh. Plain Node without packages, for it runs before they are there. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const hashOf = (paths) => {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest("hex");
};

const isMarked = (marker, hash) => existsSync(join(root, marker)) && readFileSync(join(root, marker), "utf8") === hash;

/** Installs the locked packages when they are missing or another lock file was used; runs no install scripts. */
export const ensurePackages = () => {
  const marker = "node_modules/.premix-lock";
  const hash = hashOf(["package-lock.json"]);
  if (isMarked(marker, hash)) return;
  console.error("Installing packages (npm ci --ignore-scripts) ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  writeFileSync(join(root, marker), hash);
};

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

/** Hash of everything the build reads. */
export const sourceHash = () =>
  hashOf([
    "package-lock.json",
    "package.json",
    ...["schema", "engine", "extension", "host-scripts", "CSXS"].flatMap((folder) => filesBelow(folder)),
  ]);

/** Builds when a source changed since the last build. */
export const ensureBuild = async () => {
  ensurePackages();
  const marker = "dist/sources.sha256";
  const hash = sourceHash();
  if (isMarked(marker, hash)) return;
  console.error("Building ...");
  const { build } = await import("./build.mjs");
  await build();
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, marker), sourceHash());
};
