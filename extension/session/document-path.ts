import { mediaNameOf } from "../interchange/media-path.ts";
import { kindOfPath, liesIn, normalise, partsOf, relativeTo } from "./media-path.ts";

/** The path variable that stands for whichever media folder the reader has. */
const mediaVariable = ["$", "{media}"].join("");

/** The folder beside which a `mix/` folder lies, when `documentFolder` is `<project>/mix/documents`; else the folder itself. */
export const projectFolderOf = (documentFolder: string): string => {
  const parts = partsOf(documentFolder);
  const isMixFolder = parts.at(-1) === "documents" && parts.at(-2) === "mix" && parts.length > 2;
  return isMixFolder ? normalise(documentFolder).split("/").slice(0, -2).join("/") : normalise(documentFolder);
};

/**
 * How a document names a medium: relative to itself inside the project, else below a media folder, else by name alone. Never an
 * absolute path: documents are shared, and paths are private.
 */
export const documentPathOf = (
  native: string | null,
  hostPath: string,
  mediaFolders: readonly string[],
  documentFolder: string,
): string => {
  if (native === null) {
    const isShareable = kindOfPath(hostPath) === "relative" && !hostPath.includes("..");
    return `${mediaVariable}/${isShareable ? normalise(hostPath) : mediaNameOf(hostPath)}`;
  }
  for (const folder of mediaFolders) {
    const inside = liesIn(native, folder) ? relativeTo(native, folder) : null;
    if (inside) return `${mediaVariable}/${inside}`;
  }
  const inProject = liesIn(native, projectFolderOf(documentFolder)) ? relativeTo(native, documentFolder) : null;
  return inProject ?? `${mediaVariable}/${mediaNameOf(native)}`;
};

/** Variables that mean the deepest folder first. */
const byDepth = (variables: ReadonlyMap<string, string>) =>
  [...variables].sort(([, a], [, b]) => partsOf(b).length - partsOf(a).length);

/**
 * How a document names a medium that was found again: relative inside the project, else behind a path variable, else below a media
 * folder. What was relative to the document needs no variable on any machine.
 */
export const relinkedPathOf = (
  native: string,
  variables: ReadonlyMap<string, string>,
  mediaFolders: readonly string[],
  documentFolder: string,
): string => {
  const inProject = liesIn(native, projectFolderOf(documentFolder)) ? relativeTo(native, documentFolder) : null;
  if (inProject) return inProject;
  for (const [name, folder] of byDepth(variables)) {
    const inside = liesIn(native, folder) ? relativeTo(native, folder) : null;
    if (inside) return `${["$", `{${name}}`].join("")}/${inside}`;
  }
  return documentPathOf(native, native, mediaFolders, documentFolder);
};
