import type { MaybePromise } from "../../files.ts";
import type { DecodedStream, MediaInfo } from "../media.ts";

/** A stretch of decoded sound, one array a channel, all of `frames` samples. */
export type PlanarBlock = { readonly channels: readonly Float32Array[]; readonly frames: number };

/** Decodes one packet after another; the first may give nothing. */
export type PacketDecoder = {
  decode(packets: readonly Uint8Array[]): MaybePromise<PlanarBlock>;
  close(): void;
};

/** Frames `from` to `to` of a block, as views. */
export const sliceBlock = (block: PlanarBlock, from: number, to: number): PlanarBlock => ({
  channels: block.channels.map((samples) => samples.subarray(from, to)),
  frames: Math.max(0, to - from),
});

/** Drops the first `skipFrames` of a stream (encoder delay) and everything from `endFrame` on (padding). */
export async function* trimBlocks(
  blocks: AsyncIterable<PlanarBlock>,
  skipFrames: number,
  endFrame = Number.POSITIVE_INFINITY,
): AsyncGenerator<PlanarBlock> {
  let position = 0;
  for await (const block of blocks) {
    const from = Math.min(block.frames, Math.max(0, skipFrames - position));
    const to = Math.max(from, Math.min(block.frames, endFrame - position));
    position += block.frames;
    if (to > from) yield sliceBlock(block, from, to);
  }
}

/** Drops the last `frames` of a stream, holding back no more than that and a block. */
export async function* dropLast(blocks: AsyncIterable<PlanarBlock>, frames: number): AsyncGenerator<PlanarBlock> {
  const held: PlanarBlock[] = [];
  let heldFrames = 0;
  for await (const block of blocks) {
    held.push(block);
    heldFrames += block.frames;
    while (held.length > 0 && heldFrames - held[0]!.frames >= frames) {
      heldFrames -= held[0]!.frames;
      yield held.shift()!;
    }
  }
  for (const block of held) {
    const kept = Math.min(block.frames, heldFrames - frames);
    heldFrames -= block.frames;
    if (kept > 0) yield sliceBlock(block, 0, kept);
  }
}

/** For each channel of a file in Vorbis order, the place in WAVE order (RFC 7845 5.1.1.2); null where both agree. */
const VORBIS_TO_WAVE: Readonly<Record<number, readonly number[]>> = {
  3: [0, 2, 1],
  5: [0, 2, 1, 3, 4],
  6: [0, 2, 1, 5, 3, 4],
  7: [0, 2, 1, 6, 5, 3, 4],
  8: [0, 2, 1, 7, 5, 6, 3, 4],
};

/** Source channel of each WAVE-ordered channel of a Vorbis or Opus stream. */
export const waveOrder = (channels: number): readonly number[] | null => VORBIS_TO_WAVE[channels] ?? null;

/** Interleaves, putting channel `order[n]` of the block into place n. */
const interleave = (block: PlanarBlock, channels: number, order: readonly number[] | null): Float32Array => {
  const into = new Float32Array(block.frames * channels);
  for (let channel = 0; channel < channels; ++channel) {
    const samples = block.channels[order === null ? channel : order[channel]!]!;
    for (let frame = 0; frame < block.frames; ++frame) into[frame * channels + channel] = samples[frame]!;
  }
  return into;
};

/** Makes the public stream of a decoder's blocks; `close` frees the decoder, also when the stream was not read out. */
export const decodedStream = (
  info: MediaInfo,
  blocks: AsyncGenerator<PlanarBlock>,
  close: () => void,
  order: readonly number[] | null = null,
): DecodedStream => {
  let open = true;
  const end = async () => {
    if (!open) return;
    open = false;
    await blocks.return(undefined);
    close();
  };
  return {
    info,
    next: async () => {
      if (!open) return null;
      const block = await blocks.next();
      if (block.done === true) {
        await end();
        return null;
      }
      return interleave(block.value, info.channels, order);
    },
    close: end,
  };
};

/** MediaInfo of a stream whose frames have not been counted. */
export const streamInfo = (
  container: string,
  codec: string,
  sampleRate: number,
  channels: number,
  bitDepth: number | null = null,
): MediaInfo => ({
  container,
  codec,
  sampleRate,
  channels,
  frames: null,
  bitDepth,
  timeReference: null,
  pcm: null,
});
