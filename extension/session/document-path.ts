import { mediaNameOf } from "../interchange/media-path.ts";
import { liesIn, normalise, partsOf, relativeTo } from "./media-path.ts";

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
  if (native === null) return `${mediaVariable}/${mediaNameOf(hostPath)}`;
  for (const folder of mediaFolders) {
    const inside = liesIn(native, folder) ? relativeTo(native, folder) : null;
    if (inside) return `${mediaVariable}/${inside}`;
  }
  const inProject = liesIn(native, projectFolderOf(documentFolder)) ? relativeTo(native, documentFolder) : null;
  return inProject ?? `${mediaVariable}/${mediaNameOf(native)}`;
};
