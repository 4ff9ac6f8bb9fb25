import { Sha256 } from "../schema/sha256.ts";
import type { ByteSink, FilePort, MaybePromise, RunningSha256 } from "./files.ts";
import { bytesPerFrame, RF64_ABOVE_BYTES, type WaveFacts, type WaveLoudness, waveHeader } from "./wave-header.ts";

export type WaveWriterOptions = WaveFacts & {
  /** Frames that will be written. When known, the header is final from the start and the file is hashed while it is written. */
  readonly totalFrames?: number;
  /** Whole files larger than this become RF64. Defaults to what 32 bits can count. */
  readonly rf64AboveBytes?: number;
};

export type WrittenWave = {
  /** Of the whole file as it lies on disk, lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
};

/** A WAV file (BWF version 2; RF64 when it is larger than 4 GiB) on its way to disk. */
export type WaveWriter = {
  /** Whole frames, interleaved, little-endian, in the file's own bit depth and in `waveChannelOrder`. The bytes are not kept. */
  write(bytes: Uint8Array): MaybePromise<void>;
  /** Finishes the header, with the loudness when given, and moves the file to its final name. */
  finish(loudness?: WaveLoudness): Promise<WrittenWave>;
  /** Leaves nothing behind; a file that was there before stays. */
  abort(): Promise<void>;
};

const REREAD_BYTES = 1 << 20;

const hashFile = async (files: FilePort, path: string, hash: RunningSha256): Promise<string> => {
  const source = await files.open(path);
  try {
    const buffer = new Uint8Array(REREAD_BYTES);
    for (let position = 0; position < source.sizeBytes; ) {
      const read = await source.read(position, buffer);
      hash.update(buffer.subarray(0, read));
      position += read;
    }
  } finally {
    await source.close();
  }
  return hash.digestHex();
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

class FileWaveWriter implements WaveWriter {
  private readonly files: FilePort;
  private readonly sink: ByteSink;
  private readonly options: WaveWriterOptions;
  private readonly newHash: () => RunningSha256;
  private readonly firstHeader: Uint8Array;
  private readonly hash: RunningSha256 | null;
  private dataBytes = 0;

  constructor(files: FilePort, sink: ByteSink, options: WaveWriterOptions, newHash: () => RunningSha256) {
    const { totalFrames } = options;
    this.files = files;
    this.sink = sink;
    this.options = options;
    this.newHash = newHash;
    this.firstHeader = this.header((totalFrames ?? 0) * bytesPerFrame(options), options.loudness);
    this.hash = totalFrames === undefined ? null : newHash();
    this.hash?.update(this.firstHeader);
  }

  /** Gives the first bytes to the disk, so that a full one is known at once. */
  begin(): MaybePromise<void> {
    return this.sink.write(0, this.firstHeader);
  }

  write(bytes: Uint8Array): MaybePromise<void> {
    if (bytes.length % bytesPerFrame(this.options) !== 0) {
      throw new TypeError(`${bytes.length} bytes are not whole frames of ${bytesPerFrame(this.options)} bytes`);
    }
    this.hash?.update(bytes);
    const position = this.firstHeader.length + this.dataBytes;
    this.dataBytes += bytes.length;
    return this.sink.write(position, bytes);
  }

  async finish(loudness?: WaveLoudness): Promise<WrittenWave> {
    const padding = new Uint8Array(this.dataBytes % 2);
    const header = this.header(this.dataBytes, loudness ?? this.options.loudness);
    const headerStands = sameBytes(header, this.firstHeader);
    if (padding.length > 0) await this.sink.write(header.length + this.dataBytes, padding);
    if (!headerStands) await this.sink.write(0, header);
    await this.sink.commit();
    this.hash?.update(padding);
    const running = headerStands ? this.hash : null;
    const sha256 = running ? running.digestHex() : await hashFile(this.files, this.sink.path, this.newHash());
    return { sha256, bytes: header.length + this.dataBytes + padding.length };
  }

  async abort(): Promise<void> {
    await this.sink.abort();
  }

  private header(dataBytes: number, loudness: WaveLoudness | undefined): Uint8Array {
    const facts = loudness === undefined ? this.options : { ...this.options, loudness };
    return waveHeader(facts, dataBytes, this.options.rf64AboveBytes ?? RF64_ABOVE_BYTES);
  }
}

/** Opens a WAV for streaming under `path`. No byte of it depends on the time, the machine or the user. */
export const createWaveWriter = async (
  files: FilePort,
  path: string,
  options: WaveWriterOptions,
): Promise<WaveWriter> => {
  const sink = await files.create(path);
  const writer = new FileWaveWriter(files, sink, options, () => files.createSha256?.() ?? new Sha256());
  try {
    await writer.begin();
  } catch (error) {
    await sink.abort();
    throw error;
  }
  return writer;
};
