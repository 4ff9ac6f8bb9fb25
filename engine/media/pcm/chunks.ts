import { fourCharacters, type HeaderWindow } from "../header-window.ts";

/** One chunk of an IFF-like file; `dataBytes` is clamped to the file, `declaredBytes` is what the header claims. */
export type Chunk = {
  readonly id: string;
  readonly dataOffset: number;
  readonly declaredBytes: number;
  readonly dataBytes: number;
};

/** How chunk headers of one container look. */
export type ChunkForm = {
  readonly headerBytes: number;
  /** Chunks start at multiples of this, counted from the first. */
  readonly alignBytes: 1 | 2 | 8;
  parse(header: DataView, bytes: Uint8Array): { readonly id: string; readonly declaredBytes: number };
};

/** Bytes of the chunk's data to skip before the next header, or "stop". */
export type Step = number | "stop";

const MAX_CHUNKS = 10_000;
const MIN_ADVANCE_BYTES = 8;

/** RIFF, RIFX and IFF headers: four characters and a 32-bit size. */
export const riffForm = (bigEndian: boolean): ChunkForm => ({
  headerBytes: 8,
  alignBytes: 2,
  parse: (header, bytes) => ({ id: fourCharacters(bytes, 0), declaredBytes: header.getUint32(4, !bigEndian) }),
});

/** Walks the chunks from `start`; every step advances, so neither a loop nor a forged size can hang it. */
export const walkChunks = async (
  window: HeaderWindow,
  start: number,
  form: ChunkForm,
  visit: (chunk: Chunk) => Promise<Step>,
): Promise<void> => {
  let at = start;
  for (let count = 0; count < MAX_CHUNKS && at + form.headerBytes <= window.sizeBytes; ++count) {
    const bytes = await window.bytes(at, form.headerBytes);
    if (bytes.length < form.headerBytes) return;
    const { id, declaredBytes } = form.parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes);
    const dataOffset = at + form.headerBytes;
    const dataBytes = Math.max(0, Math.min(declaredBytes, window.sizeBytes - dataOffset));
    const step = await visit({ id, dataOffset, declaredBytes, dataBytes });
    if (step === "stop") return;
    at = Math.max(nextHeader(start, dataOffset + step, form.alignBytes), at + MIN_ADVANCE_BYTES);
  }
};

const nextHeader = (start: number, end: number, alignBytes: number): number =>
  end + ((alignBytes - ((end - start) % alignBytes)) % alignBytes);

/** True where a plausible chunk header stands at `at` that ends inside the file: printable id, fitting size. */
export const isChunkHeader = async (window: HeaderWindow, at: number, form: ChunkForm): Promise<boolean> => {
  const bytes = await window.bytes(at, form.headerBytes);
  if (bytes.length < form.headerBytes) return false;
  const { id, declaredBytes } = form.parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes);
  return /^[ -~]{4}$/.test(id) && at + form.headerBytes + declaredBytes <= window.sizeBytes;
};
