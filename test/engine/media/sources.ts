import type { ByteSource } from "../../../engine/files.ts";
import type { DecodedStream, MediaInfo } from "../../../engine/media/media.ts";
import type { OpenedMedia } from "../../../engine/media/probe.ts";
import type { Result } from "../../../schema/problem.ts";

/** Bytes as a source that answers at once, as in Node, or later, as in a browser; counts its reads. */
export const sourceOf = (bytes: Uint8Array, isAsync = false): ByteSource & { readonly reads: () => number } => {
  let reads = 0;
  return {
    name: "test",
    sizeBytes: bytes.length,
    read: (position, into) => {
      reads += 1;
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      return isAsync ? Promise.resolve(piece.length) : piece.length;
    },
    close: () => undefined,
    reads: () => reads,
  };
};

/** "wav 8000 Hz 1 ch s16 16 bit 4 frames", or the code of the problem. */
export const verdict = (opened: Result<OpenedMedia>): string => {
  if (!opened.ok) return opened.problems[0]!.code;
  const { container, sampleRate, channels, pcm, bitDepth, frames }: MediaInfo = opened.value.info;
  return `${container} ${sampleRate} Hz ${channels} ch ${pcm?.encoding} ${bitDepth} bit ${frames} frames`;
};

/** All samples of a stream, interleaved. */
export const readOut = async (stream: DecodedStream): Promise<Float32Array> => {
  const blocks: Float32Array[] = [];
  for (let block = await stream.next(); block !== null; block = await stream.next()) blocks.push(block);
  await stream.close();
  const whole = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
};

/** Largest difference of two signals; NaN when their lengths differ. */
export const largestDifference = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) return Number.NaN;
  let largest = 0;
  for (let at = 0; at < a.length; ++at) largest = Math.max(largest, Math.abs(a[at]! - b[at]!));
  return largest;
};
