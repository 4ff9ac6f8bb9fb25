import { encode } from "@msgpack/msgpack";
import { ChunkFileWriter, partOfBytes } from "../chunk-file-writer.ts";
import type { ByteSink, FilePort } from "../files.ts";
import { covers, type Peaks } from "../media-peaks.ts";
import { ARRAY_CHUNK, DIGEST_CHUNK, digestHex, INDEX_CHUNK, type Sidecar } from "./open-sidecar.ts";
import { encodeArray, MAX_ARRAY_BYTES, type SidecarArray } from "./sidecar-array.ts";
import type { Hearing, HearingEntry, PeaksEntry, SidecarIndex } from "./sidecar-index.ts";

/** Hearings that a sidecar keeps: several sequences and some cuts of each. */
const MAX_HEARINGS = 1000;

/** Writes a sidecar array by array, so that no more than one is in memory. The file gets its name with `finish`. */
export class SidecarWriter {
  private readonly files: FilePort;
  private readonly sink: ByteSink;
  private readonly chunks: ChunkFileWriter;
  private readonly identity: Pick<SidecarIndex, "medium" | "engine">;
  private readonly arrays: string[] = [];
  private readonly hearings: HearingEntry[] = [];
  private readonly peaks: PeaksEntry[] = [];

  constructor(files: FilePort, sink: ByteSink, identity: Pick<SidecarIndex, "medium" | "engine">) {
    this.files = files;
    this.sink = sink;
    this.chunks = new ChunkFileWriter(sink, "MIXA");
    this.identity = identity;
  }

  async addHearing(stretch: string, hearing: Hearing, meanSquares: SidecarArray, speech: SidecarArray): Promise<void> {
    if (this.hearings.length >= MAX_HEARINGS || !this.hasRoomFor(meanSquares) || !this.hasRoomFor(speech)) return;
    const entry = { meanSquares: await this.addArray(meanSquares), speech: await this.addArray(speech) };
    this.hearings.push({ stretch, hearing, ...entry });
  }

  async addPeaks(state: string, { firstHop, hops, channels, values }: Peaks): Promise<void> {
    const array = { values, shape: [hops, channels, 2] };
    if (this.peaks.length >= MAX_HEARINGS || !this.hasRoomFor(array)) return;
    this.peaks.push({ state, channels, firstHop, hops, values: await this.addArray(array) });
  }

  /** Takes over what an older sidecar holds and is whole; call it last, so that the newest hearings have the room. */
  async addAll(old: Sidecar): Promise<void> {
    for (const { stretch, hearing, meanSquares, speech } of old.index.hearings) {
      if (this.hearings.some((entry) => entry.stretch === stretch)) continue;
      const [squares, decisions] = [await old.array(meanSquares), await old.array(speech)];
      if (squares && decisions) await this.addHearing(stretch, hearing, squares, decisions);
    }
    for (const { state, values, ...range } of old.index.peaks) {
      if (this.peaks.some((entry) => entry.state === state && covers(entry, range))) continue;
      const array = await old.array(values);
      if (array?.values instanceof Float32Array) await this.addPeaks(state, { ...range, values: array.values });
    }
  }

  async finish(): Promise<void> {
    const { arrays, hearings, peaks } = this;
    const index = encode({ ...this.identity, arrays, hearings, peaks } satisfies SidecarIndex);
    await this.chunks.add(partOfBytes(INDEX_CHUNK, index));
    await this.chunks.add(partOfBytes(DIGEST_CHUNK, new TextEncoder().encode(digestHex(this.files, index))));
    await this.chunks.finish();
    await this.sink.commit();
  }

  abort(): Promise<void> {
    return this.sink.abort();
  }

  private hasRoomFor({ values }: SidecarArray): boolean {
    // The index and the next arrays of the same entry are small beside what is left.
    return values.byteLength + 16 <= MAX_ARRAY_BYTES && this.chunks.hasRoomFor(2 * MAX_ARRAY_BYTES);
  }

  private async addArray(array: SidecarArray): Promise<number> {
    const content = encodeArray(array);
    await this.chunks.add(partOfBytes(ARRAY_CHUNK, content));
    this.arrays.push(digestHex(this.files, content));
    return this.arrays.length - 1;
  }
}
