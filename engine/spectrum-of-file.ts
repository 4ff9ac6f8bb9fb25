import { ok, type Result } from "../schema/problem.ts";
import { type AverageSpectrum, createSpectrumMeter } from "./average-spectrum.ts";
import type { FilePort } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { listenToFile } from "./measure-file.ts";
import type { ExternalDecoder, MediaInfo } from "./media/media.ts";

/** A stretch of a file; Infinity is its end. */
export type SecondsRange = { readonly fromSeconds: number; readonly toSeconds: number };

const WHOLE: SecondsRange = { fromSeconds: 0, toSeconds: Number.POSITIVE_INFINITY };

/** A spectrum meter that hears nothing before and behind a range. */
const createRangeMeter = (
  instance: EngineInstance,
  { sampleRate, channels }: MediaInfo,
  { fromSeconds, toSeconds }: SecondsRange,
) => {
  const meter = createSpectrumMeter(instance, sampleRate, channels);
  const pairs = (channels + 1) >> 1;
  const [first, end] = [Math.round(fromSeconds * sampleRate), Math.round(toSeconds * sampleRate)];
  let position = 0;
  /** Moves the pairs of a block together that shall begin later or end earlier. */
  const cut = (ptr: number, frames: number, skip: number, count: number) => {
    const block = instance.floats(ptr, frames * pairs * 2);
    for (let pair = 0; pair < pairs; pair += 1) {
      const from = (pair * frames + skip) * 2;
      block.copyWithin(pair * count * 2, from, from + count * 2);
    }
  };
  return {
    spectrum: () => meter.spectrum(),
    feed: (ptr: number, frames: number) => {
      const skip = Math.min(Math.max(first - position, 0), frames);
      const count = Math.min(Math.max(end - position, 0), frames) - skip;
      position += frames;
      if (count <= 0) return;
      if (count < frames) cut(ptr, frames, skip, count);
      meter.feed(ptr, count);
    },
  };
};

/** Average spectrum of a stretch of a file, for `matchBands`; null when nothing in it is louder than -70 dBFS. */
export const spectrumOfFile = async (
  files: FilePort,
  instance: EngineInstance,
  path: string,
  range: SecondsRange = WHOLE,
  external?: ExternalDecoder,
  signal?: AbortSignal,
): Promise<Result<AverageSpectrum | null>> => {
  const createEar = (info: MediaInfo) => createRangeMeter(instance, info, range);
  const heard = await listenToFile(files, instance, path, createEar, external, signal);
  return heard.ok ? ok(heard.value.spectrum(), heard.warnings) : heard;
};
