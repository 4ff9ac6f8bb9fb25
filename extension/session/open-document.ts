import type { FilePort } from "../../engine/files.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { parseDocumentData } from "../../schema/json-text.ts";
import type { LayerSource } from "../../schema/layers/layer.ts";
import { resolveDocument } from "../../schema/layers/resolve.ts";
import { locateProblems } from "../../schema/locate-problems.ts";
import { fail, LISTED_PROBLEMS, ok, type Problem, type Result } from "../../schema/problem.ts";
import { checkDocument, upgradeDocument } from "../../schema/validate.ts";
import { openBundle, readChunk } from "./bundle.ts";
import { placeNotes, placeProblems } from "./project/layer-places.ts";
import { type LayeredFile, type Layers, type LoadOptions, loadLayers } from "./project/load-layers.ts";
import { settle } from "./settle.ts";

/** A document file, its layers, and the document that they make. */
export type OpenedDocument = {
  readonly file: LayeredFile;
  readonly layers: Layers;
  /** From the lowest layer to the document itself. */
  readonly sources: readonly LayerSource[];
  /** Complete and checked: what is rendered. */
  readonly document: MixDocument;
};

export const documentSource = (file: LayeredFile): LayerSource => ({
  kind: "document",
  name: "document",
  layer: file.value,
  file: file.path,
  inFile: (pointer) => pointer,
  locked: [],
});

/** Format and version of a document's file are checked before anything is looked for beside it. */
const parseFile = (bytes: Uint8Array, path: string): Result<LayeredFile> => {
  const data = parseDocumentData(bytes, path);
  if (!data.ok) return data;
  const { value, text } = data.value;
  const upgraded = upgradeDocument(value);
  const located = (problems: readonly Problem[]) =>
    text === null ? problems.map((problem) => ({ ...problem, file: path })) : locateProblems(problems, text, path);
  return upgraded.ok
    ? ok({ path, text, value: upgraded.value }, located(upgraded.warnings))
    : fail(...located(upgraded.problems));
};

/** A document's file on its layers: complete and checked, every problem told in the file that causes it. */
export const resolveFile = (file: LayeredFile, layers: Layers): Result<OpenedDocument> => {
  const { reader, warnings } = layers;
  const sources = [...layers.sources, documentSource(file)];
  const { document, notes } = resolveDocument(sources);
  const placed = (problems: readonly Problem[]) => placeProblems(problems, sources, document, file, reader);
  const checked = checkDocument(document);
  if (!checked.ok) return { ...checked, problems: placed(checked.problems) };
  const hints = [...warnings, ...placeNotes(notes, file, reader), ...placed(checked.warnings)];
  return ok({ file, layers, sources, document: checked.value }, hints.slice(0, LISTED_PROBLEMS));
};

const readDocumentBytes = async (files: FilePort, path: string): Promise<Uint8Array> => {
  const bundle = await openBundle(files, path);
  if (!bundle) return files.readBytes(path, MAX_BYTES);
  try {
    return await readChunk(bundle, bundle.document);
  } finally {
    await bundle.source.close();
  }
};

/** Reads a document file, JSON, MessagePack or a bundle, with every layer below it. A file that cannot be read is thrown as a ProblemError. */
export const openLayered = async (
  files: FilePort,
  path: string,
  options: LoadOptions = {},
): Promise<Result<OpenedDocument>> => {
  const read = parseFile(await readDocumentBytes(files, path), path);
  if (!read.ok) return read;
  const opened = await settle(async () => resolveFile(read.value, await loadLayers(files, read.value, options)));
  return opened.ok ? ok(opened.value, [...read.warnings, ...opened.warnings]) : opened;
};

/** The complete and checked document in a file: what its own words and its layers make; problems carry file, line and column. */
export const openDocument = async (files: FilePort, path: string): Promise<Result<MixDocument>> => {
  const opened = await openLayered(files, path);
  return opened.ok ? ok(opened.value.document, opened.warnings) : opened;
};
