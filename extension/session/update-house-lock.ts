import type { FilePort } from "../../engine/files.ts";
import { CURRENT_VERSION } from "../../schema/migrations.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { relativeTo } from "./media-path.ts";
import { openLayered } from "./open-document.ts";
import { integrityOf, type LockedHouse } from "./project/house-lock.ts";
import type { House } from "./project/houses.ts";
import { type Layers, loadLayers } from "./project/load-layers.ts";
import type { ProjectReader } from "./project/project-reader.ts";
import { settle, take } from "./settle.ts";

/** What house.lock.json holds from now on, and what that changed. */
export type UpdatedLock = {
  readonly file: string;
  readonly houses: readonly LockedHouse[];
  /** Sentences, one a house that came, went or is another. */
  readonly changes: readonly string[];
};

/** A house is a handful of text files; a folder with more is something else. */
const MAX_HOUSE_FILES = 1000;
const MAX_LEVELS = 8;

const tooMany = (folder: string): Problem => ({
  code: "too-large",
  message: `The house in "${folder}" holds more than ${MAX_HOUSE_FILES} files or ${MAX_LEVELS} levels of folders; a house is a folder of its own.`,
  file: folder,
});

/** Every file of a house, as seen from its folder, in order; hidden ones and packages of its own are left out. */
const filesIn = async (reader: ProjectReader, folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  const walk = async (inside: readonly string[]): Promise<void> => {
    for (const name of [...(await reader.list(reader.join(folder, ...inside)))].sort()) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const path = [...inside, name];
      const kind = await reader.kind(reader.join(folder, ...path));
      if (found.length === MAX_HOUSE_FILES || path.length > MAX_LEVELS) throw new ProblemError(tooMany(folder));
      if (kind === "folder") await walk(path);
      else if (kind === "file") found.push(path.join("/"));
    }
  };
  await walk([]);
  return found;
};

const lockedHouse = async (reader: ProjectReader, house: House, mixFolder: string): Promise<LockedHouse> => {
  const files: LockedHouse["files"] = [];
  for (const path of await filesIn(reader, house.folder)) {
    files.push({ path, integrity: integrityOf(await reader.bytes(reader.join(house.folder, path))) });
  }
  const source = relativeTo(house.folder, mixFolder) ?? house.folder;
  return { name: house.name, version: house.version, source, files };
};

const documentsOf = async (files: FilePort, mixFolder: string): Promise<readonly string[]> => {
  const folder = files.join(mixFolder, "documents");
  if ((await files.facts(folder))?.kind !== "folder") return [];
  const names = await files.list(folder);
  return names.filter((name) => /\.(mix\.json|mixb)$/.test(name)).map((name) => files.join(folder, name));
};

/** The layers of every document of a project, and of the project without any. */
const everyLayers = async (files: FilePort, mixFolder: string): Promise<readonly Layers[]> => {
  const isLocked = false;
  const blank = { path: files.join(mixFolder, "documents", "none.mix.json"), text: null, value: {} };
  const all = [await loadLayers(files, blank, { isLocked })];
  for (const path of await documentsOf(files, mixFolder))
    all.push(take(await openLayered(files, path, { isLocked })).layers);
  return all;
};

const changesBetween = (before: readonly LockedHouse[], after: readonly LockedHouse[]): readonly string[] => {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const old = before.find((house) => house.name === name);
    const now = after.find((house) => house.name === name);
    if (now === undefined) return [`${name} ${old!.version} is not used any more.`];
    if (old === undefined) return [`${name} ${now.version} is new.`];
    const paths = [...new Set([...old.files, ...now.files].map(({ path }) => path))].sort();
    const digest = (house: LockedHouse, path: string) => house.files.find((file) => file.path === path)?.integrity;
    const differing = paths.filter((path) => digest(old, path) !== digest(now, path));
    const version = old.version === now.version ? now.version : `${old.version} -> ${now.version}`;
    return differing.length === 0 && old.version === now.version
      ? []
      : [`${name} ${version}: ${differing.join(", ")}.`];
  });
};

/** Writes house.lock.json of a `mix/` folder anew: every house that the project or one of its documents uses, as it is now. */
export const updateHouseLock = (files: FilePort, mixFolder: string): Promise<Result<UpdatedLock>> =>
  settle(async () => {
    const all = await everyLayers(files, mixFolder);
    const used = new Map(all.flatMap(({ houses, reader }) => houses.map((house) => [house.folder, { house, reader }])));
    const houses: LockedHouse[] = [];
    for (const { house, reader } of used.values()) houses.push(await lockedHouse(reader, house, mixFolder));
    houses.sort((a, b) => (a.name < b.name ? -1 : 1));
    const file = files.join(mixFolder, "house.lock.json");
    const before = await all[0]!.reader.file(all[0]!.reader.join(mixFolder, "house.lock.json"), "houseLock");
    const text = `${JSON.stringify({ format: "houseLock", formatVersion: CURRENT_VERSION, houses }, null, 2)}\n`;
    const changes = changesBetween(before?.value.houses ?? [], houses);
    await files.writeAtomic(file, new TextEncoder().encode(text));
    return ok({ file, houses, changes });
  });
