import type { FilePort } from "../../../engine/files.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { normalise } from "../media-path.ts";
import type { ProjectFile, ProjectReader } from "./project-reader.ts";

/** How far above a project its workspace file may lie. */
const WORKSPACE_LEVELS = 4;
const workspaceName = /\.mix-workspace\.jsonc$/;

/** The `mix/` folder of a document that lies in its documents/; null for a document that stands alone. */
export const mixFolderOf = (files: FilePort, documentFile: string): string | null => {
  const folder = files.folderOf(documentFile);
  return files.baseName(folder) === "documents" ? files.folderOf(folder) : null;
};

/** The folder whose sound it is: the one around a `mix/` folder, else the mix folder itself. */
export const projectFolderAround = (files: FilePort, mixFolder: string): string =>
  files.baseName(mixFolder) === "mix" ? files.folderOf(mixFolder) : mixFolder;

const namesIn = async (files: FilePort, folder: string): Promise<readonly string[]> => {
  try {
    return [...(await files.list(folder))].filter((name) => workspaceName.test(name)).sort();
  } catch (error) {
    // A folder above that may not be read holds nothing for us.
    if (error instanceof ProblemError) return [];
    throw error;
  }
};

const lists = (
  reader: ProjectReader,
  { path, value }: ProjectFile<"workspace">,
  folders: readonly string[],
): boolean => {
  const places = value.folders.map((folder) => reader.join(reader.folderOf(path), folder.path));
  return folders.some((folder) => places.includes(normalise(folder)));
};

/** The nearest workspace file above a project that lists it; its folder may be read from then on. */
export const findWorkspace = async (
  files: FilePort,
  reader: ProjectReader,
  mixFolder: string,
): Promise<ProjectFile<"workspace"> | undefined> => {
  const project = projectFolderAround(files, mixFolder);
  let folder = project;
  for (let level = 0; level < WORKSPACE_LEVELS; level += 1) {
    for (const name of await namesIn(files, folder)) {
      const path = reader.join(folder, name);
      reader.allow(path);
      const file = await reader.file(path, "workspace");
      if (file === undefined || !lists(reader, file, [mixFolder, project])) continue;
      reader.allow(folder);
      return file;
    }
    folder = files.folderOf(folder);
  }
  return undefined;
};
