import { createBreath } from "./cancel.ts";
import type { FilePeaks, SecondsRange } from "./engine.ts";
import type { FilePort } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { contentKey } from "./media/content-key.ts";
import type { ExternalDecoder } from "./media/media.ts";
import { openMedia } from "./media/probe.ts";
import { type HopRange, MAX_PEAK_BYTES, PEAK_HOPS_PER_SECOND, PeakReader, peakBytes } from "./media-peaks.ts";
import type { PlanMedia } from "./render-plan.ts";
import { mediumState, type ShelfPlace, shelvedPeaks, sidecarPath } from "./sidecar/analysis-shelf.ts";
import { openSidecar } from "./sidecar/open-sidecar.ts";

/** The hops that a stretch in seconds touches. */
const hopsOf = ({ fromSeconds, toSeconds }: SecondsRange): HopRange => {
  const firstHop = Math.floor(fromSeconds * PEAK_HOPS_PER_SECOND);
  return { firstHop, hops: Math.ceil(toSeconds * PEAK_HOPS_PER_SECOND) - firstHop };
};

const checkRange = ({ hops }: HopRange, channels: number): void => {
  if (!(hops >= 0 && peakBytes(channels, hops) <= MAX_PEAK_BYTES))
    throw new TypeError(`Peaks of ${hops} hops of ${channels} channels were asked for; draw fewer at a time.`);
};

/** Peaks that an analysis left of a file; null when there are none: only the file's edges are read, and nothing is decoded. */
export const shelvedFilePeaks = async (
  files: FilePort,
  path: string,
  range: SecondsRange,
  { folder, engine }: ShelfPlace,
  external?: ExternalDecoder,
): Promise<FilePeaks | null> => {
  const facts = await files.facts(path);
  const source = await files.open(path);
  try {
    const opened = await openMedia(source, path, external);
    if (!opened.ok || facts === null) return null;
    const medium = `sha256:${await contentKey(source, files.createSha256?.())}`;
    const sidecar = await openSidecar(files, sidecarPath(files, folder, medium), { medium, engine });
    if (typeof sidecar === "string") return null;
    try {
      const peaks = await shelvedPeaks(sidecar, mediumState(facts), hopsOf(range));
      return peaks && { ...peaks, sampleRate: opened.value.info.sampleRate };
    } finally {
      await sidecar.close();
    }
  } finally {
    await source.close();
  }
};

/** Peaks of a stretch of a file that can be read at any position; nothing else of it is read. */
export const readFilePeaks = async (
  files: FilePort,
  media: PlanMedia,
  range: SecondsRange,
  load: () => Promise<EngineInstance>,
  signal?: AbortSignal,
): Promise<FilePeaks> => {
  const hops = hopsOf(range);
  checkRange(hops, media.channels);
  const reader = new PeakReader(await load(), media.pcm.bytesPerFrame);
  const source = await files.open(media.path);
  try {
    const peaks = await reader.read(source, media, hops, createBreath(signal));
    return { ...peaks, sampleRate: media.sampleRate };
  } finally {
    await source.close();
  }
};
