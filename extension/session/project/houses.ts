import { didYouMean } from "../../../schema/did-you-mean.ts";
import type { FolderFormat } from "../../../schema/folder-file.ts";
import type { LayerSource } from "../../../schema/layers/layer.ts";
import { locateProblems } from "../../../schema/locate-problems.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { guessSentence, shown } from "../../../schema/shown.ts";
import { kindOfPath, partsOf } from "../media-path.ts";
import { layerIn, presetLayer } from "./layer-files.ts";
import type { ProjectFile, ProjectReader } from "./project-reader.ts";

/** A house package that took part, and where it lies. */
export type House = { readonly name: string; readonly version: string; readonly folder: string };

/** Where names of houses are looked up, in this order. */
export type HouseGround = {
  readonly reader: ProjectReader;
  /** `mix/house`, and node_modules folders. */
  readonly folders: readonly string[];
  /** Folders that project.jsonc names, by house. */
  readonly named: ReadonlyMap<string, string>;
};

/** A file that builds on others. */
export type ExtendingFile = {
  readonly path: string;
  readonly text: string;
  readonly value: { readonly extends?: readonly string[] };
};

const isFormat = <Format extends FolderFormat>(file: ProjectFile, format: Format): file is ProjectFile<Format> =>
  file.format === format;

const packageName = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)((?:\/[a-z0-9][\w.-]*)*)$/i;

type WrittenFile = Pick<ExtendingFile, "path" | "text">;

const wrongSpec = (message: string, pointer: string, from: WrittenFile, more: Partial<Problem> = {}): ProblemError =>
  new ProblemError(...locateProblems([{ code: "meaning", message, pointer, ...more }], from.text, from.path));

/** Follows `extends`, left to right, bases first. Holds the houses that it met. */
export class HouseLayers {
  readonly houses = new Map<string, House>();
  private readonly ground: HouseGround;

  constructor(ground: HouseGround) {
    this.ground = ground;
  }

  /** The layers that a file extends, lowest first. */
  async of(from: ExtendingFile, chain: readonly string[] = [from.path]): Promise<readonly LayerSource[]> {
    const sources: LayerSource[] = [];
    for (const [index, spec] of (from.value.extends ?? []).entries()) {
      const file = await this.find(spec, `/extends/${index}`, from);
      if (chain.includes(file.path)) throw cycle([...chain, file.path], `/extends/${index}`, from);
      if (isFormat(file, "preset")) sources.push(...(await this.of(file, [...chain, file.path])), presetLayer(file));
      else if (isFormat(file, "house")) sources.push(await this.houseLayer(file));
      else sources.push(layerIn("house", file.path, file, ""));
    }
    return sources;
  }

  private async houseLayer(file: ProjectFile<"house">): Promise<LayerSource> {
    const { reader } = this.ground;
    const { name, version, layer, locked = [] } = file.value;
    const folder = reader.folderOf(file.path);
    this.houses.set(folder, { name, version, folder });
    const title = `${name}@${version}`;
    if (typeof layer !== "string") return layerIn("house", title, file, "layer", locked);
    if (kindOfPath(layer) !== "relative" || partsOf(layer).includes(".."))
      throw wrongSpec(`/layer is ${shown(layer)}; it names a file inside the house.`, "/layer", file);
    const settings = await reader.file(reader.join(folder, layer), "settings");
    if (settings !== undefined) return layerIn("house", title, settings, "", locked);
    throw wrongSpec(`/layer names ${shown(layer)}, which is not in the house.`, "/layer", file);
  }

  private async find(spec: string, pointer: string, from: ExtendingFile): Promise<ProjectFile> {
    const isPath = /^\.\.?[/\\]/.test(spec);
    const parts = packageName.exec(spec);
    if (isPath && kindOfPath(spec) === "relative") {
      const path = this.ground.reader.join(this.ground.reader.folderOf(from.path), spec);
      const file = await this.read(path);
      if (file !== undefined) return file;
      throw wrongSpec(`${pointer} names ${shown(spec)}, but nothing is at "${path}".`, pointer, from, {
        code: "missing-file",
      });
    }
    if (parts === null) {
      const message = `${pointer} is ${shown(spec)}; allowed are a path that starts with ./ or ../ and the name of a house such as "@acme/mix-house" or "@acme/mix-house/dialogue-tv".`;
      throw wrongSpec(message, pointer, from, { code: "path-refused" });
    }
    return this.findByName(parts[1]!, parts[2]!.slice(1), pointer, from);
  }

  private async findByName(name: string, preset: string, pointer: string, from: ExtendingFile): Promise<ProjectFile> {
    const { reader, folders, named } = this.ground;
    const [own, ...others] = folders.map((folder) => reader.join(folder, name));
    const candidates = [own, named.get(name), ...others].filter((place) => place !== undefined);
    for (const folder of candidates) {
      if ((await reader.kind(folder)) !== "folder") continue;
      const path = preset === "" ? folder : reader.join(folder, "presets", `${preset}.mixpreset.jsonc`);
      const file = await this.read(path);
      if (file !== undefined) return file;
      const what = preset === "" ? "house.jsonc" : `presets/${preset}.mixpreset.jsonc`;
      throw wrongSpec(`${pointer} names the house ${name}, but "${folder}" has no ${what}.`, pointer, from);
    }
    throw await this.unknown(name, candidates, pointer, from);
  }

  private async unknown(name: string, places: readonly string[], pointer: string, from: ExtendingFile) {
    const { reader, folders, named } = this.ground;
    const there = (await reader.kind(folders[0]!)) === "folder" ? await reader.list(folders[0]!) : [];
    const guess = didYouMean(name, [...there, ...named.keys()]);
    const message = `${pointer} names the house ${name}, which is not here; looked in ${places.join(", ")}.${guessSentence(guess)}`;
    const more = guess === undefined ? {} : { didYouMean: guess };
    return wrongSpec(message, pointer, from, { code: "missing-file", ...more });
  }

  /** A preset, a house folder, its house.jsonc, or a settings file. */
  private async read(path: string): Promise<ProjectFile | undefined> {
    const { reader } = this.ground;
    if ((await reader.kind(path)) === "folder") return reader.file(reader.join(path, "house.jsonc"), "house");
    if (path.endsWith(".mixpreset.jsonc")) return reader.file(path, "preset");
    return reader.file(path, path.endsWith("/house.jsonc") ? "house" : "settings");
  }
}

const cycle = (chain: readonly string[], pointer: string, from: ExtendingFile): ProblemError =>
  wrongSpec(`${pointer} leads in a circle: ${chain.join(" -> ")}. Take one of these extends away.`, pointer, from);

/** The houses that project.jsonc names with their folders; `folderOf` says where a written path lies. */
export const namedHouses = (
  project: ProjectFile<"project"> | undefined,
  folderOf: (path: string, pointer: string) => string,
): ReadonlyMap<string, string> =>
  new Map(
    (project?.value.houses ?? []).map(({ name, path }, index) => [name, folderOf(path, `/houses/${index}/path`)]),
  );
