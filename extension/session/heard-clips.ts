import type { ClipAnalysis } from "../../engine/measures.ts";
import type { Clip, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";
import { meanLevelDb } from "./clip-automation.ts";

/** Less speech than this does not tell a clip's level, in seconds. */
const leastSpeechSeconds = 0.4;

/** A clip that sounds, with what analysis heard in it. */
export type Heard = {
  readonly track: Track;
  readonly clip: Clip;
  readonly analysis: ClipAnalysis;
  /** What the editor's gain, volume, keys and fader add on the way into the bus, in dB. */
  readonly levelDb: number;
  readonly seconds: number;
};

/** A mono track stands in both channels of a stereo bus: twice its energy, unless a panner keeps the power. A surround bus has a centre for it. */
const spreadDb = ({ layout, processors, output }: Track, { buses }: MixDocument): number => {
  const isPanned = processors.some(({ type, enabled, law }) => type === "panner" && enabled && law === "sinCos");
  const isDoubled = layout === "mono" && buses.some((bus) => bus.id === output && bus.layout === "stereo");
  return isDoubled && !isPanned ? 10 * Math.log10(2) : 0;
};

const editorLevelDb = (document: MixDocument, track: Track, clip: Clip): number => {
  const volumeDb = clip.automation.length > 0 ? meanLevelDb(clip.automation, clip.durationTicks) : clip.volumeDb;
  return clip.gainDb + volumeDb + track.volumeDb + spreadDb(track, document);
};

/** Every clip that sounds and was analysed, in track order. */
export const heardClips = (document: MixDocument, analyses: ReadonlyMap<string, ClipAnalysis>): Heard[] =>
  document.tracks
    .filter(({ muted }) => !muted)
    .flatMap((track) =>
      track.clips.flatMap((clip) => {
        const analysis = clip.enabled ? analyses.get(clip.id) : undefined;
        if (!analysis) return [];
        const seconds = Number(BigInt(clip.durationTicks)) / Number(TICKS_PER_SECOND);
        return [{ track, clip, analysis, levelDb: editorLevelDb(document, track, clip), seconds }];
      }),
    );

/** Speech loudness of a dialogue clip as the editor left it, in LUFS; null when it has too little speech to tell. */
export const speechLevel = ({ analysis, levelDb, seconds }: Heard): number | null => {
  const { speechLufs, speechRatio } = analysis;
  return speechLufs === null || speechRatio * seconds < leastSpeechSeconds ? null : speechLufs + levelDb;
};

/** The value below and above which half of the weight lies; null without values. */
const weightedMedian = (values: readonly { readonly value: number; readonly weight: number }[]): number | null => {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= half) return value;
  }
  return null;
};

/** Middle speech loudness of some clips by time of speech, in LUFS; null when none has speech to measure. */
export const middleSpeechLevel = (clips: readonly Heard[]): number | null =>
  weightedMedian(
    clips.flatMap((heard) => {
      const value = speechLevel(heard);
      return value === null ? [] : [{ value, weight: heard.analysis.speechRatio * heard.seconds }];
    }),
  );

/** Clips that `keyOf` calls the same, in order of appearance. */
export const groupBy = (clips: readonly Heard[], keyOf: (heard: Heard) => string): Heard[][] => {
  const groups = new Map<string, Heard[]>();
  for (const heard of clips) groups.set(keyOf(heard), [...(groups.get(keyOf(heard)) ?? []), heard]);
  return [...groups.values()];
};

/** Loudness of a group as the editor left it, in LUFS, by power over time; null when it is silent. */
export const groupLevel = (group: readonly Heard[]): number | null => {
  let power = 0;
  let seconds = 0;
  for (const { analysis, levelDb, seconds: length } of group) {
    const { integratedLufs } = analysis.measures;
    if (integratedLufs === null) continue;
    power += 10 ** ((integratedLufs + levelDb) / 10) * length;
    seconds += length;
  }
  return seconds > 0 ? 10 * Math.log10(power / seconds) : null;
};

/** Loudest short-term loudness as the editor left it, in LUFS; of a sound shorter than 3 s, its momentary maximum, spread over the 3 s of the meter. */
export const shortTermMaximum = ({ analysis, levelDb, seconds }: Heard): number | null => {
  const { maxShortTermLufs, maxMomentaryLufs } = analysis.measures;
  if (maxShortTermLufs !== null && seconds >= 3) return maxShortTermLufs + levelDb;
  if (maxMomentaryLufs === null) return null;
  return maxMomentaryLufs + levelDb + 10 * Math.log10(Math.min(Math.max(seconds, 0.4), 3) / 3);
};
