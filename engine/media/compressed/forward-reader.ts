import type { ByteSource } from "../../files.ts";

const READ_BYTES = 262_144;

/** Forward reading through one growing window; memory stays at the largest stretch that was asked for. */
export class ForwardReader {
  /** File position of the first byte of the window. */
  position: number;
  private readonly source: ByteSource;
  private buffer = new Uint8Array(READ_BYTES);
  private start = 0;
  private end = 0;
  private filePosition: number;

  constructor(source: ByteSource, position: number) {
    this.source = source;
    this.position = position;
    this.filePosition = position;
  }

  /** The window with at least `length` bytes, fewer only at the end of the file. The view dies with the next call. */
  async need(length: number): Promise<Uint8Array> {
    while (this.end - this.start < length && this.filePosition < this.source.sizeBytes) {
      this.makeRoom(Math.max(length, READ_BYTES));
      const got = await this.source.read(this.filePosition, this.buffer.subarray(this.end));
      if (got === 0) break;
      this.end += got;
      this.filePosition += got;
    }
    return this.buffer.subarray(this.start, this.end);
  }

  /** Gives up the first `length` bytes; beyond the window it jumps without reading. */
  skip(length: number): void {
    const inWindow = Math.min(length, this.end - this.start);
    this.start += inWindow;
    this.filePosition += length - inWindow;
    this.position += length;
  }

  private makeRoom(length: number): void {
    const rest = this.end - this.start;
    const target = this.buffer.length < length ? new Uint8Array(2 * length) : this.buffer;
    if (this.start === 0 && target === this.buffer) return;
    target.set(this.buffer.subarray(this.start, this.end));
    this.buffer = target;
    this.start = 0;
    this.end = rest;
  }
}
