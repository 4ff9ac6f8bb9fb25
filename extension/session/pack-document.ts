import { decode, encode } from "@msgpack/msgpack";
import { type ChunkPart, partOfBytes, partOfSource } from "../../engine/chunk-file-writer.ts";
import type { ByteSource, FilePort } from "../../engine/files.ts";
import { canonicalText } from "../../schema/canonical.ts";
import { encodeMessagePack } from "../../schema/codec.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import type { Members } from "../../schema/layers/layer.ts";
import { guardMessagePack } from "../../schema/msgpack-guard.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { type Bundle, copyChunk, DOCUMENT_CHUNK, openBundle, readChunk, writeBundle } from "./bundle.ts";
import { documentMedia } from "./document-media.ts";
import { type OpenedDocument, openDocument, openLayered } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, take } from "./settle.ts";

/** A list of what the `FILE` chunks hold, in their order. */
const INDEX_CHUNK = "INDX";
const FILE_CHUNK = "FILE";

/** One file in a bundle. `media`: what the document plays, by id; `stem`: what was rendered from it. */
export type PackedFile = { readonly kind: "media" | "stem"; readonly id: string; readonly name: string };

export type PackRequest = {
  readonly documentFile: string;
  readonly outputFile: string;
  /** Where the sources are; empty = leave them out. */
  readonly mediaFolders: readonly string[];
  /** A folder of rendered stems to put in. */
  readonly stemsFolder?: string;
};

export type PackReport = { readonly file: string; readonly bytes: number; readonly packed: readonly PackedFile[] };

type Found = PackedFile & { readonly path: string };

const findMedia = async (
  ports: SessionPorts,
  document: MixDocument,
  { documentFile, mediaFolders }: PackRequest,
  warnings: Problem[],
): Promise<Found[]> => {
  if (mediaFolders.length === 0) return [];
  const paths = take(await documentMedia(ports, document, documentFile, mediaFolders), warnings);
  return Object.entries(paths)
    .map(([id, path]): Found => ({ kind: "media", id, name: ports.files.baseName(path), path }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};

const findStems = async (files: FilePort, folder: string | undefined): Promise<Found[]> => {
  if (folder === undefined) return [];
  const names = (await files.list(folder)).filter((name) => /\.wav$/i.test(name));
  return names.map((name) => ({ kind: "stem", id: name, name, path: files.join(folder, name) }));
};

/** A house or project is not at hand elsewhere: what its layers give goes into the document. */
const handedOver = ({ file, layers, document }: OpenedDocument): Members => {
  if (layers.sources.length === 0) return file.value;
  const { extends: _, ...complete } = document;
  return complete;
};

/** Puts a document, and with it its sources and stems where asked, into one file. */
export const packDocument = (ports: SessionPorts, request: PackRequest): Promise<Result<PackReport>> =>
  settle(async () => {
    const { files } = ports;
    const warnings: Problem[] = [];
    const opened = take(await openLayered(files, request.documentFile), warnings);
    const { document } = opened;
    const found = [
      ...(await findMedia(ports, document, request, warnings)),
      ...(await findStems(files, request.stemsFolder)),
    ];
    const packed = found.map(({ kind, id, name }): PackedFile => ({ kind, id, name }));
    const sources: ByteSource[] = [];
    const release = async () => {
      for (const source of sources.splice(0)) await source.close();
    };
    try {
      for (const { path } of found) sources.push(await files.open(path));
      const parts: ChunkPart[] = [partOfBytes(DOCUMENT_CHUNK, take(encodeMessagePack(handedOver(opened))))];
      if (packed.length > 0) parts.push(partOfBytes(INDEX_CHUNK, encode(packed)));
      parts.push(...sources.map((source) => partOfSource(FILE_CHUNK, source)));
      const bytes = await writeBundle(files, request.outputFile, parts, release);
      return ok({ file: request.outputFile, bytes, packed }, warnings);
    } finally {
      await release();
    }
  });

const refusedIndex = (file: string): ProblemError =>
  new ProblemError({
    code: "syntax",
    message: "The list of the files in this .mixb is damaged. Ask for it again.",
    file,
  });

/** A name that stays in the folder it is written to, on any system. */
const isPlainName = (name: unknown): name is string =>
  typeof name === "string" && /^[^\p{Cc}/\\:*?"<>|]{1,255}$/u.test(name) && !/^\.+$/.test(name);

const isPackedFile = (value: unknown): value is PackedFile => {
  if (typeof value !== "object" || value === null) return false;
  const { kind, id, name } = value as { readonly [key: string]: unknown };
  return (kind === "media" || kind === "stem") && typeof id === "string" && isPlainName(name);
};

const readIndex = async (bundle: Bundle, file: string): Promise<readonly PackedFile[]> => {
  const chunk = bundle.chunks.find(({ type }) => type === INDEX_CHUNK);
  if (!chunk) return [];
  const guarded = guardMessagePack(await readChunk(bundle, chunk));
  const list: unknown = guarded.ok ? decode(guarded.value) : null;
  if (!Array.isArray(list) || !list.every(isPackedFile)) throw refusedIndex(file);
  return list;
};

const folderNames = { media: "media", stem: "stems" } as const;

/** Where each file goes: under its own name, and where two share one, in a folder of its number. */
const placesOf = (index: readonly PackedFile[]): string[][] => {
  const taken = new Set<string>();
  return index.map(({ kind, name }, number) => {
    const key = `${kind}/${name.toLowerCase()}`;
    const isFree = !taken.has(key);
    taken.add(key);
    return [folderNames[kind], ...(isFree ? [] : [String(number)]), name];
  });
};

export type UnpackReport = { readonly document: string; readonly files: readonly string[] };

/** Takes a bundle apart: the document as text, its sources in `media/`, its stems in `stems/`. Nothing that is there is replaced. */
export const unpackDocument = (files: FilePort, bundleFile: string, folder: string): Promise<Result<UnpackReport>> =>
  settle(async () => {
    const warnings: Problem[] = [];
    const document = take(await openDocument(files, bundleFile), warnings);
    const bundle = await openBundle(files, bundleFile);
    const name = files.baseName(bundleFile).replace(/\.(mixb|msgpack)$|\.mix\.json$/i, "");
    const documentFile = files.join(folder, `${name}.mix.json`);
    const index = bundle ? await readIndex(bundle, bundleFile) : [];
    const targets = placesOf(index).map((parts) => files.join(folder, ...parts));
    try {
      await requireFree(files, [documentFile, ...targets]);
      const contents = bundle?.chunks.filter(({ type }) => type === FILE_CHUNK) ?? [];
      if (contents.length !== index.length) throw refusedIndex(bundleFile);
      for (const [number, target] of targets.entries()) {
        await files.makeFolder(files.folderOf(target));
        await copyChunk(files, bundle!, contents[number]!, target);
      }
    } finally {
      await bundle?.source.close();
    }
    await files.makeFolder(folder);
    await files.writeAtomic(documentFile, new TextEncoder().encode(canonicalText(document)));
    return ok({ document: documentFile, files: targets }, warnings);
  });

const requireFree = async (files: FilePort, paths: readonly string[]): Promise<void> => {
  const problems: Problem[] = [];
  for (const file of paths)
    if (await files.facts(file))
      problems.push({
        code: "path-refused",
        message: `${file} is there already and is not replaced; choose another folder.`,
        file,
      });
  if (problems.length > 0) throw new ProblemError(...problems);
};
