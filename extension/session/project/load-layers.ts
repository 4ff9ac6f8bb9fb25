import type { FilePort } from "../../../engine/files.ts";
import type { FolderFormat } from "../../../schema/folder-file.ts";
import { lockHints } from "../../../schema/layers/explain.ts";
import type { LayerSource, Members } from "../../../schema/layers/layer.ts";
import { locateProblems } from "../../../schema/locate-problems.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { shown } from "../../../schema/shown.ts";
import { kindOfPath, normalise } from "../media-path.ts";
import { checkLock } from "./house-lock.ts";
import { type House, HouseLayers, namedHouses } from "./houses.ts";
import { layerIn } from "./layer-files.ts";
import { findWorkspace, mixFolderOf, projectFolderAround } from "./mix-folder.ts";
import { type ProjectFile, ProjectReader } from "./project-reader.ts";
import { localVariables, throughVariable } from "./variables.ts";

/** Everything below a document, and what it was read from. */
export type Layers = {
  /** From the lowest up, without the document. */
  readonly sources: readonly LayerSource[];
  readonly houses: readonly House[];
  readonly reader: ProjectReader;
  /** null for a document that stands alone. */
  readonly mixFolder: string | null;
  /** Folders of this machine, by variable. */
  readonly variables: ReadonlyMap<string, string>;
  readonly warnings: readonly Problem[];
};

/** A document as far as its layers are concerned. */
export type LayeredFile = { readonly path: string; readonly text: string | null; readonly value: Members };

export type LoadOptions = {
  /** false: differences from house.lock.json are what the caller is about to accept. */
  readonly isLocked?: boolean;
};

type ProjectFiles = {
  readonly project: ProjectFile<"project"> | undefined;
  readonly settings: ProjectFile<"settings"> | undefined;
  readonly local: ProjectFile<"localSettings"> | undefined;
  readonly lock: ProjectFile<"houseLock"> | undefined;
  readonly workspace: ProjectFile<"workspace"> | undefined;
};

const noFiles: ProjectFiles = {
  project: undefined,
  settings: undefined,
  local: undefined,
  lock: undefined,
  workspace: undefined,
};

const readFiles = async (files: FilePort, reader: ProjectReader, mixFolder: string): Promise<ProjectFiles> => {
  const read = <Format extends FolderFormat>(name: string, format: Format) =>
    reader.file(reader.join(mixFolder, name), format);
  return {
    project: await read("project.jsonc", "project"),
    settings: await read("settings.jsonc", "settings"),
    local: await read("settings.local.jsonc", "localSettings"),
    lock: await read("house.lock.json", "houseLock"),
    workspace: await findWorkspace(files, reader, mixFolder),
  };
};

/** The folder that an entry of "houses" means; one behind a variable may be read from then on. */
const houseFolder =
  (reader: ProjectReader, project: ProjectFile<"project"> | undefined, variables: ReadonlyMap<string, string>) =>
  (path: string, pointer: string): string => {
    const refuse = (message: string): never => {
      throw new ProblemError(
        ...locateProblems([{ code: "path-refused", message, pointer }], project!.text, project!.path),
      );
    };
    const through = throughVariable(path, variables);
    if (through === "unknown")
      return refuse(`${pointer} is ${shown(path)}, whose variable settings.local.jsonc does not define.`);
    if (through !== undefined && !through.rest.includes("..")) {
      const folder = reader.join(through.folder, ...through.rest);
      reader.allow(folder);
      return folder;
    }
    if (kindOfPath(path) === "relative") return reader.join(reader.folderOf(project!.path), path);
    return refuse(`${pointer} is ${shown(path)}; allowed are a path inside the project and one behind a variable.`);
  };

/** `mix/house`, then the node_modules folders up to the highest that may be read. */
const packageFolders = (reader: ProjectReader, mixFolder: string, top: string): readonly string[] => {
  const folders = [reader.join(mixFolder, "house")];
  for (let at = normalise(mixFolder); at.length >= top.length && at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    folders.push(`${at}/node_modules`);
  }
  return folders;
};

const rootsOf = (files: FilePort, document: string, mixFolder: string | null): readonly string[] =>
  mixFolder === null ? [files.folderOf(document)] : [mixFolder, projectFolderAround(files, mixFolder)];

/** What a document's file names as its bases; what is no text is told when the document is checked. */
const extendsOf = ({ value }: LayeredFile): { readonly extends: readonly string[] } => {
  const specs = value["extends"];
  return { extends: Array.isArray(specs) ? specs.filter((spec) => typeof spec === "string") : [] };
};

/** Reads every layer of a document: houses, workspace, project. Throws ProblemErrors; touches nothing outside the project. */
export const loadLayers = async (
  files: FilePort,
  document: LayeredFile,
  { isLocked = true }: LoadOptions = {},
): Promise<Layers> => {
  const mixFolder = mixFolderOf(files, document.path);
  const roots = rootsOf(files, document.path, mixFolder);
  const reader = new ProjectReader(files, roots);
  const found = mixFolder === null ? noFiles : await readFiles(files, reader, mixFolder);
  const { project, settings, local, lock, workspace } = found;
  const variables = localVariables(local);
  const named = namedHouses(project, houseFolder(reader, project, variables));
  const top = workspace === undefined ? roots.at(-1)! : reader.folderOf(workspace.path);
  const folders = packageFolders(reader, mixFolder ?? roots[0]!, normalise(top));
  const followed = new HouseLayers({ reader, folders, named });
  const asked = { path: document.path, text: document.text ?? "", value: extendsOf(document) };
  const extended: LayerSource[] = [];
  for (const from of [workspace, project, asked]) {
    if (from !== undefined) extended.push(...(await followed.of(from)));
  }
  const sources = [
    ...extended.filter(({ file }, index) => !extended.slice(index + 1).some((later) => later.file === file)),
    ...(workspace ? [layerIn("workspace", "workspace", workspace, "settings")] : []),
    ...(settings ? [layerIn("project", "project", settings, "")] : []),
  ];
  const used = [...followed.houses.values()];
  const locking = isLocked ? checkLock(used, lock, reader) : { problems: [], warnings: [] };
  if (locking.problems.length > 0) throw new ProblemError(...locking.problems);
  const warnings = [...reader.hints, ...locking.warnings, ...sources.flatMap(lockHints)];
  return { sources, houses: used, reader, mixFolder, variables, warnings };
};
