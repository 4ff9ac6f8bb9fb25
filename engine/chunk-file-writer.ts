import {
  CHUNK_HEADER_BYTES,
  type ChunkFileKind,
  chunkHeader,
  FILE_HEADER_BYTES,
  fileHeader,
  MAX_CHUNK_FILE_BYTES,
  paddingOf,
} from "../schema/chunk-file.ts";
import type { ByteSink, ByteSource } from "./files.ts";

/** What a chunk of a new file is copied from. */
export type ChunkPart = { readonly type: string; readonly bytes: number; readonly copy: CopyInto };
type CopyInto = (sink: ByteSink, at: number) => Promise<void>;

const PIECE_BYTES = 1 << 20;

/** The bytes at a place of a file, fewer where it ends. */
export const readAt = async (source: ByteSource, position: number, bytes: number): Promise<Uint8Array> => {
  const into = new Uint8Array(Math.max(0, Math.min(bytes, source.sizeBytes - position)));
  return into.subarray(0, await source.read(position, into));
};

/** Copies a stretch of a file piece by piece: it may be larger than memory. */
export const copyRange = async (
  source: ByteSource,
  from: number,
  bytes: number,
  sink: ByteSink,
  to: number,
): Promise<void> => {
  const buffer = new Uint8Array(Math.min(bytes, PIECE_BYTES));
  for (let done = 0; done < bytes; ) {
    const piece = buffer.subarray(0, Math.min(buffer.length, bytes - done));
    const read = await source.read(from + done, piece);
    if (read === 0) throw new TypeError(`${source.name} became shorter`);
    await sink.write(to + done, piece.subarray(0, read));
    done += read;
  }
};

export const partOfBytes = (type: string, content: Uint8Array): ChunkPart => ({
  type,
  bytes: content.length,
  copy: async (sink, at) => void (await sink.write(at, content)),
});

export const partOfSource = (type: string, source: ByteSource, from = 0, bytes = source.sizeBytes): ChunkPart => ({
  type,
  bytes,
  copy: (sink, at) => copyRange(source, from, bytes, sink, at),
});

/** Writes a chunk file part by part; the file's header, which holds its length, comes last. The caller commits or aborts the sink. */
export class ChunkFileWriter {
  private readonly sink: ByteSink;
  private readonly kind: ChunkFileKind;
  private at = FILE_HEADER_BYTES;

  constructor(sink: ByteSink, kind: ChunkFileKind) {
    this.sink = sink;
    this.kind = kind;
  }

  async add({ type, bytes, copy }: ChunkPart): Promise<void> {
    await this.sink.write(this.at, chunkHeader(type, bytes));
    await copy(this.sink, this.at + CHUNK_HEADER_BYTES);
    this.at += CHUNK_HEADER_BYTES + bytes;
    await this.sink.write(this.at, new Uint8Array(paddingOf(bytes)));
    this.at += paddingOf(bytes);
  }

  /** Whether another chunk of `bytes` bytes still leaves a file that 32 bits can count. */
  hasRoomFor(bytes: number): boolean {
    return this.at + CHUNK_HEADER_BYTES + bytes + paddingOf(bytes) <= MAX_CHUNK_FILE_BYTES;
  }

  /** Gives the file's length. */
  async finish(): Promise<number> {
    await this.sink.write(0, fileHeader(this.at, this.kind));
    return this.at;
  }
}
