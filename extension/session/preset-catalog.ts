import type { FilePort } from "../../engine/files.ts";
import { didYouMean } from "../../schema/did-you-mean.ts";
import type { Preset } from "../../schema/generated/folder-files.ts";
import { parsePreset } from "../../schema/preset.ts";
import { shippedPresets } from "../../schema/presets/index.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { guessSentence, shown } from "../../schema/shown.ts";
import { ProjectReader } from "./project/project-reader.ts";

/** A preset, and where it was found. */
export type FoundPreset = {
  readonly preset: Preset;
  /** "Premix", "project", or the name of the house's folder. */
  readonly source: string;
  /** null for a preset that comes with Premix. */
  readonly file: string | null;
};

const ending = ".mixpreset.jsonc";

type Place = { readonly source: string; readonly folder: string };

/** Names in a folder, sorted; none where there is no folder. */
const namesIn = async (reader: ProjectReader, folder: string): Promise<readonly string[]> =>
  (await reader.kind(folder)) === "folder" ? [...(await reader.list(folder))].sort() : [];

/** House packages lie in `house/<name>` or `house/@scope/<name>`. */
const houseNames = async (reader: ProjectReader, mixFolder: string): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const name of await namesIn(reader, reader.join(mixFolder, "house"))) {
    if (!name.startsWith("@")) names.push(name);
    else
      for (const inner of await namesIn(reader, reader.join(mixFolder, "house", name))) names.push(`${name}/${inner}`);
  }
  return names;
};

/** Folders that may hold presets, nearest first. */
const placesOf = async (reader: ProjectReader, mixFolder: string): Promise<readonly Place[]> => [
  { source: "project", folder: reader.join(mixFolder, "presets") },
  ...(await houseNames(reader, mixFolder)).map((name) => ({
    source: name,
    folder: reader.join(mixFolder, "house", name, "presets"),
  })),
];

/** Reads one preset; an `extends` of its own makes sense only in a layer. */
const readPreset = async (reader: ProjectReader, path: string, source: string): Promise<Result<FoundPreset>> => {
  const file = await reader.file(path, "preset");
  if (file === undefined) return fail({ code: "missing-file", message: `"${path}" is not there.`, file: path });
  const parsed = parsePreset(file.text, path);
  if (!parsed.ok) return parsed;
  if (parsed.value.extends !== undefined && parsed.value.extends.length > 0) {
    const message = `The preset ${parsed.value.name} builds on others; name it under "extends" of project.jsonc, where they are followed.`;
    return fail({ code: "unsupported", message, file: path, pointer: "/extends" });
  }
  return ok({ preset: parsed.value, source, file: path }, parsed.warnings);
};

const shipped = ({ name, text }: (typeof shippedPresets)[number]): FoundPreset => {
  const parsed = parsePreset(text, `${name}${ending}`);
  if (!parsed.ok) throw new TypeError(`the shipped preset ${name} is broken: ${parsed.problems[0]?.message}`);
  return { preset: parsed.value, source: "Premix", file: null };
};

/** Every preset of a project, its houses and Premix itself; what cannot be read is a warning. */
export const listAllPresets = async (
  files: FilePort,
  mixFolder: string | null,
): Promise<Result<readonly FoundPreset[]>> => {
  const found: FoundPreset[] = [];
  const warnings: Problem[] = [];
  const reader = new ProjectReader(files, mixFolder === null ? [] : [mixFolder]);
  for (const { source, folder } of mixFolder === null ? [] : await placesOf(reader, mixFolder)) {
    for (const name of (await namesIn(reader, folder)).filter((one) => one.endsWith(ending))) {
      const read = await settled(readPreset(reader, reader.join(folder, name), source));
      if (read.ok) found.push(read.value);
      else warnings.push(...read.problems);
    }
  }
  return ok([...found, ...shippedPresets.map(shipped)], warnings);
};

const settled = async <T>(work: Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

const noSuchPreset = (name: string, presets: readonly FoundPreset[]): Problem => {
  const allowed = [...new Set(presets.map(({ preset }) => preset.name))];
  const guess = didYouMean(name, allowed);
  return {
    code: "missing-file",
    message: `There is no preset ${shown(name)}; the presets are ${allowed.join(", ")}.${guessSentence(guess)}`,
    allowed,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

/**
 * The preset of a name: the project's own before those of its houses before Premix's; `house/name` chooses one house. `path` is what
 * the name means as a file, for names that end in .mixpreset.jsonc.
 */
export const findPreset = async (
  files: FilePort,
  mixFolder: string | null,
  name: string,
  path: string,
): Promise<Result<FoundPreset>> => {
  if (name.endsWith(ending)) {
    return settled(readPreset(new ProjectReader(files, [files.folderOf(path)]), path, "file"));
  }
  const listed = await listAllPresets(files, mixFolder);
  if (!listed.ok) return listed;
  const found = listed.value.find(({ preset, source }) => name === preset.name || name === `${source}/${preset.name}`);
  if (found !== undefined) return ok(found);
  const broken = listed.warnings.filter(({ file }) => file?.endsWith(`/${name.split("/").at(-1)}${ending}`));
  return fail(...(broken.length > 0 ? broken : [noSuchPreset(name, listed.value)]));
};
