import type { FilePort } from "../../engine/files.ts";
import { didYouMean } from "../../schema/did-you-mean.ts";
import { editorSchemas } from "../../schema/editor-schemas.ts";
import { type ShippedHouse, shippedHouses } from "../../schema/houses/index.ts";
import { fail, ok, type Result } from "../../schema/problem.ts";
import { guessSentence, shown } from "../../schema/shown.ts";
import { projectFiles, projectFolders } from "./project-template.ts";
import { updateHouseLock } from "./update-house-lock.ts";

/** What `initProject` did, by path as seen from the folder. */
export type InitReport = {
  readonly written: readonly string[];
  /** Was there before and stayed as it was. */
  readonly kept: readonly string[];
};

/** The house of a name that comes with Premix. */
export const findShippedHouse = (name: string): Result<ShippedHouse> => {
  const found = shippedHouses.find((house) => house.name === name);
  if (found !== undefined) return ok(found);
  const allowed = shippedHouses.map((house) => house.name);
  const guess = didYouMean(name, allowed);
  return fail({
    code: "usage",
    message: `No house ${shown(name)} comes with Premix; there are ${allowed.join(", ")}.${guessSentence(guess)}`,
    allowed,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  });
};

/** Schemas belong to the program, not to people: a newer program brings newer ones. */
const isOurs = (path: string): boolean => path.startsWith("mix/schema/");

const sameBytes = async (files: FilePort, path: string, bytes: Uint8Array): Promise<boolean> => {
  const present = await files.readBytes(path, bytes.length + 1);
  return present.length === bytes.length && present.every((byte, index) => byte === bytes[index]);
};

/** True when the file is to be written: it is not there, or is an older schema of ours. */
const isWanted = async (files: FilePort, path: string, bytes: Uint8Array, ours: boolean): Promise<boolean> => {
  const facts = await files.facts(path);
  if (facts === null) return true;
  if (!ours || facts.kind !== "file") return false;
  return facts.sizeBytes !== bytes.length || !(await sameBytes(files, path, bytes));
};

const houseFiles = (houses: readonly ShippedHouse[]): readonly (readonly [string, string])[] =>
  houses.flatMap(({ name, files }) => files.map(({ path, text }) => [`mix/house/${name}/${path}`, text] as const));

/**
 * Makes the folder of a project: settings, schemas for editors, places for documents and presets, copies of houses that come with
 * Premix and their lock. What people own is never overwritten, so a second run changes nothing.
 */
export const initProject = async (
  files: FilePort,
  folder: string,
  { name, houses }: { readonly name: string; readonly houses: readonly ShippedHouse[] },
): Promise<Result<InitReport>> => {
  for (const place of [...projectFolders, ".vscode"]) await files.makeFolder(files.join(folder, place));
  const schemas = [...editorSchemas()].map(([file, text]) => [`mix/schema/${file}`, text] as const);
  const own = projectFiles({ name, houses: houses.map((house) => house.name) });
  const written: string[] = [];
  const kept: string[] = [];
  for (const [place, text] of [...own, ...houseFiles(houses), ...schemas]) {
    const path = files.join(folder, place);
    const bytes = new TextEncoder().encode(text);
    if (await isWanted(files, path, bytes, isOurs(place))) {
      await files.makeFolder(files.folderOf(path));
      await files.writeAtomic(path, bytes);
      written.push(place);
    } else kept.push(place);
  }
  if (!written.some((place) => place.startsWith("mix/house/"))) return ok({ written, kept });
  const locked = await updateHouseLock(files, files.join(folder, "mix"));
  return locked.ok ? ok({ written: [...written, "mix/house.lock.json"], kept }, locked.warnings) : locked;
};
