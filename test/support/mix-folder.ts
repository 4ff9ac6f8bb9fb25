import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files by their paths below a folder; objects are written as JSON. */
export type FolderContent = Readonly<Record<string, unknown>>;

/** Writes files below a folder. Gives the folder. */
export const writeFolder = (root: string, content: FolderContent): string => {
  for (const [name, value] of Object.entries(content)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    const isData = typeof value === "string" || value instanceof Uint8Array;
    writeFileSync(path, isData ? value : `${JSON.stringify(value, null, 2)}\n`);
  }
  return root;
};

const envelope = (format: string) => ({ format, formatVersion: "1.0" });

/** The content of a settings.jsonc. */
export const settingsFile = (layer: object): object => ({ ...envelope("settings"), ...layer });

/** The content of a project.jsonc. */
export const projectFile = (more: object): object => ({ ...envelope("project"), name: "Film", ...more });

/** The content of a house.jsonc. */
export const houseFile = (layer: object, more: object = {}): object => ({
  ...envelope("house"),
  name: "@acme/mix-house",
  version: "2.1.0",
  title: "Acme",
  description: "",
  layer,
  ...more,
});
