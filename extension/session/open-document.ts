import type { FilePort } from "../../engine/files.ts";
import { validateFolderFile } from "../../schema/folder-file.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { parseDocumentData } from "../../schema/json-text.ts";
import { isTemplateKey } from "../../schema/layers/ladder.ts";
import { type LayerSource, pick } from "../../schema/layers/layer.ts";
import { resolveDocument } from "../../schema/layers/resolve.ts";
import { locateProblems } from "../../schema/locate-problems.ts";
import { CURRENT_VERSION } from "../../schema/migrations.ts";
import { fail, failMany, LISTED_PROBLEMS, ok, type Problem, type Result } from "../../schema/problem.ts";
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

const locatedIn = ({ path, text }: Pick<LayeredFile, "path" | "text">, problems: readonly Problem[]) =>
  text === null ? problems.map((problem) => ({ ...problem, file: path })) : locateProblems(problems, text, path);

/** Format and version of a document's file are checked before anything is looked for beside it. */
const parseFile = (bytes: Uint8Array, path: string): Result<LayeredFile> => {
  const data = parseDocumentData(bytes, path);
  if (!data.ok) return data;
  const { value, text } = data.value;
  const upgraded = upgradeDocument(value);
  const located = (problems: readonly Problem[]) => locatedIn({ path, text }, problems);
  return upgraded.ok
    ? ok({ path, text, value: upgraded.value }, located(upgraded.warnings))
    : fail(...located(upgraded.problems));
};

/** What a document says of its tracks and clips by kind is held to the same schema as a project's settings. */
const checkTemplates = (file: LayeredFile): Result<unknown> => {
  const templates = pick(file.value, Object.keys(file.value).filter(isTemplateKey));
  if (Object.keys(templates).length === 0) return ok(null);
  const checked = validateFolderFile({ format: "settings", formatVersion: CURRENT_VERSION, ...templates }, "settings");
  const located = (problems: readonly Problem[]) => locatedIn(file, problems);
  return checked.ok ? ok(null, located(checked.warnings)) : failMany(located(checked.problems), checked.total);
};

/** A document's file on its layers: complete and checked, every problem told in the file that causes it. */
export const resolveFile = (file: LayeredFile, layers: Layers): Result<OpenedDocument> => {
  const { reader, warnings } = layers;
  const templates = checkTemplates(file);
  if (!templates.ok) return templates;
  const sources = [...layers.sources, documentSource(file)];
  const { document, notes } = resolveDocument(sources);
  const placed = (problems: readonly Problem[]) => placeProblems(problems, sources, document, file, reader);
  const checked = checkDocument(document);
  if (!checked.ok) return { ...checked, problems: placed(checked.problems) };
  const hints = [...warnings, ...templates.warnings, ...placeNotes(notes, file, reader), ...placed(checked.warnings)];
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
