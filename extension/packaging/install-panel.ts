import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileError } from "../../engine/node/file-problem.ts";
import { ProblemError } from "../../schema/problem.ts";
import type { PackageFile } from "./package-signature.ts";
import { PANEL_ID, readFolder, readManifest } from "./panel-files.ts";

/** Writes files below a folder that is not there yet. */
const writeFiles = (folder: string, files: readonly PackageFile[]): void => {
  for (const { path, bytes } of files) {
    const target = join(folder, ...path.split("/"));
    fs.mkdirSync(dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes, { flush: true });
  }
};

const isLink = (path: string): boolean => fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** Nothing is replaced or removed but a panel of ours, or a link. */
const refuseForeign = (place: string): void => {
  if (isLink(place) || !fs.existsSync(place)) return;
  if (fs.statSync(place).isDirectory() && readManifest(readFolder(join(place, "CSXS"), "CSXS"))?.id === PANEL_ID)
    return;
  const message = `${place} is no Premix panel. Move it away, then try again.`;
  throw new ProblemError({ code: "path-refused", message, file: place });
};

const removeAt = (place: string): void => {
  if (isLink(place)) fs.unlinkSync(place);
  else fs.rmSync(place, { recursive: true, force: true });
};

const attempt = <T>(place: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw fileError(error, place, "write");
  }
};

const exists = (path: string): boolean => fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Moves what stands at `place` aside until its successor is there; comes back when that fails. */
const swap = (place: string, next: string, aside: string): void => {
  const isTaken = exists(place);
  if (isTaken) fs.renameSync(place, aside);
  try {
    fs.renameSync(next, place);
  } catch (error) {
    if (isTaken) fs.renameSync(aside, place);
    throw error;
  }
  removeAt(aside);
};

/** Puts a whole tree in place of another: what stands under the name is the old one or the new one, never a part. */
const replace = (place: string, make: (temporary: string) => void): void => {
  const temporary = join(dirname(place), `.${basename(place)}.${process.pid}`);
  try {
    fs.mkdirSync(dirname(place), { recursive: true });
    make(temporary);
    swap(place, temporary, `${temporary}.old`);
  } finally {
    removeAt(temporary);
  }
};

/** Writes a signed panel to `place`, in the stead of the one that is there. */
export const writePanelFolder = (place: string, files: readonly PackageFile[]): void =>
  attempt(place, () => {
    refuseForeign(place);
    replace(place, (temporary) => writeFiles(temporary, files));
  });

/** Puts the panel into an extensions folder: its files, or a link to a folder that holds them. */
export const installPanel = (
  extensionsFolder: string,
  from: { readonly files: readonly PackageFile[] } | { readonly linkTo: string },
): string => {
  const place = join(extensionsFolder, PANEL_ID);
  if (place.includes("#")) {
    const message = `CEP loads no panel from a path with #: ${place}. Choose another folder.`;
    throw new ProblemError({ code: "path-refused", message, file: place });
  }
  if ("files" in from) writePanelFolder(place, from.files);
  else
    attempt(place, () => {
      refuseForeign(place);
      // A junction, which Windows makes without special rights; other systems make a link of it.
      replace(place, (temporary) => fs.symlinkSync(from.linkTo, temporary, "junction"));
    });
  return place;
};

/** Takes the panel out of an extensions folder; false when it was not there. */
export const removePanel = (extensionsFolder: string): boolean => {
  const place = join(extensionsFolder, PANEL_ID);
  return attempt(place, () => {
    if (!isLink(place) && !fs.existsSync(place)) return false;
    refuseForeign(place);
    removeAt(place);
    return true;
  });
};
