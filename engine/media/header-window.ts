import type { ByteSource } from "../files.ts";

const WINDOW_BYTES = 65_536;
const EMPTY = new Uint8Array(0);

/** Small reads of a header through one 64 KiB window, so that a walk over many chunks costs few calls. */
export class HeaderWindow {
  readonly sizeBytes: number;
  private readonly source: ByteSource;
  private start = 0;
  private window: Uint8Array = EMPTY;

  constructor(source: ByteSource) {
    this.source = source;
    this.sizeBytes = source.sizeBytes;
  }

  /** The bytes at `position`, fewer only at the end of the file; at most 64 KiB. The view dies with the next call. */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    if (length > WINDOW_BYTES) throw new TypeError(`A header read takes at most ${WINDOW_BYTES} bytes, not ${length}.`);
    const wanted = Math.min(length, this.sizeBytes - position);
    if (!(wanted > 0)) return EMPTY;
    if (position < this.start || position + wanted > this.start + this.window.length) await this.fill(position);
    return this.window.subarray(position - this.start, position - this.start + wanted);
  }

  async view(position: number, length: number): Promise<DataView> {
    const bytes = await this.bytes(position, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private async fill(position: number): Promise<void> {
    const window = new Uint8Array(Math.min(WINDOW_BYTES, this.sizeBytes - position));
    const got = await this.source.read(position, window);
    this.window = window.subarray(0, got);
    this.start = position;
  }
}

/** Four characters of a chunk id, each byte one character. */
export const fourCharacters = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));
