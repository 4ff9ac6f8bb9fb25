import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const sha256Of = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Every path below a folder with a hash of what it holds (pipes and the like by kind): equal before and after = nothing was written. */
export const contentsOf = (folder: string): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const stats = lstatSync(path);
      if (stats.isDirectory()) walk(path);
      found[relative(folder, path)] = stats.isFile() ? sha256Of(path) : stats.isDirectory() ? "folder" : "other";
    }
  };
  walk(folder);
  return found;
};
