import { decode } from "@msgpack/msgpack";
import { type Chunk, readChunks } from "../../schema/chunk-file.ts";
import { guardMessagePack } from "../../schema/msgpack-guard.ts";
import { ProblemError } from "../../schema/problem.ts";
import { Sha256 } from "../../schema/sha256.ts";
import { readAt } from "../chunk-file-writer.ts";
import type { ByteSource, FilePort } from "../files.ts";
import { decodeArray, MAX_ARRAY_BYTES, type SidecarArray } from "./sidecar-array.ts";
import { asSidecarIndex, type SidecarIndex } from "./sidecar-index.ts";

/** Chunks of a sidecar: arrays in the index's order, the index as MessagePack, and the index's SHA-256. */
export const ARRAY_CHUNK = "ARRY";
export const INDEX_CHUNK = "INDX";
export const DIGEST_CHUNK = "SHA2";

/** 1,000 hearings make 400 kB. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

/** An opened sidecar, its index verified; the caller closes it. */
export type Sidecar = {
  readonly index: SidecarIndex;
  /** An array by its number; null when it is not what was written. */
  array(number: number): Promise<SidecarArray | null>;
  close(): Promise<void>;
};

/** "absent": there is none; "stale": of another medium or engine; "damaged": not what was written. */
export type SidecarState = Sidecar | "absent" | "stale" | "damaged";

export const digestHex = (files: Pick<FilePort, "createSha256">, bytes: Uint8Array): string => {
  const hash = files.createSha256?.() ?? new Sha256();
  hash.update(bytes);
  return hash.digestHex();
};

const readIndex = async (files: FilePort, source: ByteSource, chunks: readonly Chunk[]) => {
  const contentOf = async (type: string): Promise<Uint8Array | null> => {
    const [chunk, ...more] = chunks.filter((one) => one.type === type);
    if (chunk === undefined || more.length > 0 || chunk.bytes > MAX_INDEX_BYTES) return null;
    return readAt(source, chunk.at, chunk.bytes);
  };
  const [content, digest] = [await contentOf(INDEX_CHUNK), await contentOf(DIGEST_CHUNK)];
  if (content === null || digest === null) return null;
  if (new TextDecoder().decode(digest) !== digestHex(files, content)) return null;
  return guardMessagePack(content).ok ? asSidecarIndex(decode(content)) : null;
};

const arrayReader = (files: FilePort, source: ByteSource, { arrays }: SidecarIndex, chunks: readonly Chunk[]) => {
  const places = chunks.filter(({ type }) => type === ARRAY_CHUNK);
  return async (number: number): Promise<SidecarArray | null> => {
    const place = places[number];
    if (place === undefined || place.bytes > MAX_ARRAY_BYTES) return null;
    const content = await readAt(source, place.at, place.bytes);
    return digestHex(files, content) === arrays[number] ? decodeArray(content) : null;
  };
};

const examine = async (
  files: FilePort,
  source: ByteSource,
  { medium, engine }: Pick<SidecarIndex, "medium" | "engine">,
): Promise<Sidecar | "stale" | "damaged"> => {
  const chunks = await readChunks((at, bytes) => readAt(source, at, bytes), source.sizeBytes, source.name, "MIXA");
  const index = chunks.ok ? await readIndex(files, source, chunks.value) : null;
  if (!chunks.ok || index === null) return "damaged";
  if (index.medium !== medium || index.engine !== engine) return "stale";
  return {
    index,
    array: arrayReader(files, source, index, chunks.value),
    close: async () => void (await source.close()),
  };
};

/** Opens the sidecar of a medium. Only its index is read, and nothing of it is taken before its digest has shown that it is whole. */
export const openSidecar = async (
  files: FilePort,
  path: string,
  expected: Pick<SidecarIndex, "medium" | "engine">,
): Promise<SidecarState> => {
  if ((await files.facts(path)) === null) return "absent";
  let source: ByteSource | null = null;
  try {
    source = await files.open(path);
    const found = await examine(files, source, expected);
    if (typeof found === "string") await source.close();
    return found;
  } catch (error) {
    await source?.close();
    if (error instanceof ProblemError) return "damaged";
    throw error;
  }
};
