import { ChunkFileWriter, type ChunkPart, copyRange, partOfSource, readAt } from "../../engine/chunk-file-writer.ts";
import type { ByteSource, FilePort } from "../../engine/files.ts";
import {
  type Chunk,
  chunkFileBytes,
  FILE_HEADER_BYTES,
  isChunkFile,
  MAX_CHUNK_FILE_BYTES,
  readChunks,
} from "../../schema/chunk-file.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { fail, ok, ProblemError, type Result } from "../../schema/problem.ts";
import { take } from "./settle.ts";

/** The chunk that holds the document as MessagePack; a bundle has exactly one. */
export const DOCUMENT_CHUNK = "DOC ";

/** An opened `.mixb`. */
export type Bundle = { readonly source: ByteSource; readonly chunks: readonly Chunk[]; readonly document: Chunk };

const documentChunk = (chunks: readonly Chunk[], file: string): Result<Chunk> => {
  const [document, ...more] = chunks.filter(({ type }) => type === DOCUMENT_CHUNK);
  if (document && more.length === 0 && document.bytes <= MAX_BYTES) return ok(document);
  const message = `A .mixb holds one document of at most ${MAX_BYTES} bytes; this one ${document ? (more.length > 0 ? "has several" : "is larger") : "has none"}.`;
  return fail({ code: "syntax", message, file });
};

/** Opens a bundle; null when the file is something else. The caller closes its source. */
export const openBundle = async (files: FilePort, path: string): Promise<Bundle | null> => {
  const source = await files.open(path);
  try {
    if (isChunkFile(await readAt(source, 0, FILE_HEADER_BYTES))) {
      const chunks = take(await readChunks((at, bytes) => readAt(source, at, bytes), source.sizeBytes, path));
      return { source, chunks, document: take(documentChunk(chunks, path)) };
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  await source.close();
  return null;
};

export const readChunk = ({ source }: Bundle, { at, bytes }: Chunk): Promise<Uint8Array> => readAt(source, at, bytes);

/** Writes the content of a chunk to a file of its own. */
export const copyChunk = async (files: FilePort, { source }: Bundle, chunk: Chunk, path: string): Promise<void> => {
  const sink = await files.create(path);
  try {
    await copyRange(source, chunk.at, chunk.bytes, sink, 0);
  } catch (error) {
    await sink.abort();
    throw error;
  }
  await sink.commit();
};

/** Everything of a bundle but its document, to be kept as it stands. */
export const otherParts = ({ source, chunks }: Bundle): ChunkPart[] =>
  chunks
    .filter(({ type }) => type !== DOCUMENT_CHUNK)
    .map(({ type, at, bytes }) => partOfSource(type, source, at, bytes));

/** Writes a bundle under a temporary name, lets go of what it was copied from, then moves it to `path`. Gives its length. */
export const writeBundle = async (
  files: FilePort,
  path: string,
  parts: readonly ChunkPart[],
  release: () => Promise<void>,
): Promise<number> => {
  const total = chunkFileBytes(parts.map(({ bytes }) => bytes));
  if (total > MAX_CHUNK_FILE_BYTES) {
    const message = `The bundle would have ${total} bytes; a .mixb has at most ${MAX_CHUNK_FILE_BYTES} (4 GiB). Hand the media over in a folder beside it.`;
    throw new ProblemError({ code: "too-large", message, file: path });
  }
  const sink = await files.create(path);
  try {
    const writer = new ChunkFileWriter(sink, "MIXB");
    for (const part of parts) await writer.add(part);
    await writer.finish();
    await release();
  } catch (error) {
    await sink.abort();
    throw error;
  }
  await sink.commit();
  return total;
};
