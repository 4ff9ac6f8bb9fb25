import { fail, ok, type Result } from "./problem.ts";

/** One part of a chunk file, by its place. */
export type Chunk = { readonly type: string; readonly at: number; readonly bytes: number };

/** Magic of the two kinds of files: a bundle (.mixb) hands a document over, a sidecar (.mixa) keeps what was heard of a medium. */
export type ChunkFileKind = "MIXB" | "MIXA";

const VERSION = 1;
/** Magic, u32 version, u32 length of the file. */
export const FILE_HEADER_BYTES = 12;
/** u32 length of the content, four characters. */
export const CHUNK_HEADER_BYTES = 8;
const ALIGNMENT = 8;
const MAX_CHUNKS = 65_536;
/** What 32 bits can count. */
export const MAX_CHUNK_FILE_BYTES = 0xffff_ffff;

/** Zero bytes behind a chunk, so that the next one starts at a multiple of 8 bytes behind the file's header. */
export const paddingOf = (bytes: number): number => (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;

/** Length of a file that holds chunks of these contents. */
export const chunkFileBytes = (contents: readonly number[]): number =>
  contents.reduce((sum, bytes) => sum + CHUNK_HEADER_BYTES + bytes + paddingOf(bytes), FILE_HEADER_BYTES);

export const isChunkFile = (head: Uint8Array, kind: ChunkFileKind = "MIXB"): boolean =>
  [...kind].every((letter, index) => head[index] === letter.charCodeAt(0));

/** `totalBytes` is the length of the whole file. */
export const fileHeader = (totalBytes: number, kind: ChunkFileKind = "MIXB"): Uint8Array => {
  const header = new Uint8Array(FILE_HEADER_BYTES);
  header.set([...kind].map((letter) => letter.charCodeAt(0)));
  const view = new DataView(header.buffer);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, totalBytes, true);
  return header;
};

export const chunkHeader = (type: string, bytes: number): Uint8Array => {
  const header = new Uint8Array(CHUNK_HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, bytes, true);
  for (let index = 0; index < 4; index += 1) header[4 + index] = type.charCodeAt(index);
  return header;
};

type Read = (position: number, bytes: number) => Promise<Uint8Array>;

/** A file on its way through the reader, with the words for what is wrong with it. */
type Opened = { readonly read: Read; readonly sizeBytes: number; readonly name: string; readonly kind: ChunkFileKind };

const extensionOf = ({ kind }: Pick<Opened, "kind">): string => `.${kind.toLowerCase()}`;

const damaged = (what: string, file: Opened): Result<never> =>
  fail({
    code: "syntax",
    message: `${what}: the ${extensionOf(file)} file is damaged or cut off. Ask for it again.`,
    file: file.name,
  });

const checkHeader = async (file: Opened): Promise<Result<null>> => {
  const head = await file.read(0, FILE_HEADER_BYTES);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < FILE_HEADER_BYTES || !isChunkFile(head, file.kind))
    return damaged("The header is incomplete", file);
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    const message = `The ${extensionOf(file)} file has container version ${version}; this program reads ${VERSION}. Update Premix.`;
    return fail({ code: "unsupported", message, file: file.name });
  }
  const total = view.getUint32(8, true);
  return total === file.sizeBytes
    ? ok(null)
    : damaged(`The header says ${total} bytes, the file has ${file.sizeBytes}`, file);
};

/** Places of all chunks in order; only headers are read, whatever the file holds. */
export const readChunks = async (
  read: Read,
  sizeBytes: number,
  name: string,
  kind: ChunkFileKind = "MIXB",
): Promise<Result<Chunk[]>> => {
  const file: Opened = { read, sizeBytes, name, kind };
  const checked = await checkHeader(file);
  if (!checked.ok) return checked;
  const chunks: Chunk[] = [];
  for (let at = FILE_HEADER_BYTES; at < sizeBytes; ) {
    const header = await read(at, CHUNK_HEADER_BYTES);
    if (header.length < CHUNK_HEADER_BYTES) return damaged(`A chunk is cut off at byte ${at}`, file);
    const bytes = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
    const type = String.fromCharCode(...header.subarray(4));
    const end = at + CHUNK_HEADER_BYTES + bytes + paddingOf(bytes);
    if (!/^[\x20-\x7e]{4}$/.test(type) || end > sizeBytes) return damaged(`The chunk at byte ${at} is none`, file);
    if (chunks.length === MAX_CHUNKS) return damaged(`It has more than ${MAX_CHUNKS} chunks`, file);
    chunks.push({ type, at: at + CHUNK_HEADER_BYTES, bytes });
    at = end;
  }
  return ok(chunks);
};
