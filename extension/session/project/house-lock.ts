import type { HouseLock } from "../../../schema/generated/folder-files.ts";
import type { Problem } from "../../../schema/problem.ts";
import { Sha256 } from "../../../schema/sha256.ts";
import { liesIn } from "../media-path.ts";
import type { House } from "./houses.ts";
import type { ProjectFile, ProjectReader } from "./project-reader.ts";

export type LockedHouse = HouseLock["houses"][number];

/** "sha256-" and the digest in base64, as npm and browsers write it. */
export const integrityOf = (bytes: Uint8Array): string =>
  `sha256-${btoa(String.fromCharCode(...new Sha256().update(bytes).digestBytes()))}`;

const update = "Look at what changed, then accept it with premix house update.";

const changed = (house: House, what: string, file: string): Problem => ({
  code: "changed-house",
  message: `The house ${house.name} ${what}, so this mix would sound different. ${update}`,
  file,
});

const problemsOf = (house: House, locked: LockedHouse, reader: ProjectReader): readonly Problem[] => {
  if (locked.version !== house.version)
    return [changed(house, `is version ${house.version}, the lock says ${locked.version}`, house.folder)];
  const files = new Map(locked.files.map(({ path, integrity }) => [path, integrity]));
  return [...reader.read.values()]
    .filter(({ path }) => liesIn(path, house.folder))
    .flatMap(({ path, bytes }) => {
      const inside = path.slice(house.folder.length + 1);
      const integrity = files.get(inside);
      if (integrity === integrityOf(bytes)) return [];
      return [changed(house, integrity === undefined ? `has the new file ${inside}` : `has another ${inside}`, path)];
    });
};

/** What differs from house.lock.json, and the houses that it does not hold yet. */
export const checkLock = (
  houses: readonly House[],
  lock: ProjectFile<"houseLock"> | undefined,
  reader: ProjectReader,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } => {
  const known = new Map((lock?.value.houses ?? []).map((house) => [house.name, house]));
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const house of houses) {
    const locked = known.get(house.name);
    if (locked !== undefined) problems.push(...problemsOf(house, locked, reader));
    else {
      const message = `The house ${house.name} is not in house.lock.json, so a later version of it may sound different. Write the lock with premix house update.`;
      warnings.push({ code: "meaning", message, file: house.folder });
    }
  }
  return { problems, warnings };
};
