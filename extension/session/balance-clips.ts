import type { ClipAnalysis } from "../../engine/measures.ts";
import type { Clip, Decision, MixDocument, Role, Track } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";
import { meanLevelDb } from "./clip-automation.ts";
import { ambienceUnderSpeechLu, duckMarginLu } from "./document-frame.ts";

/** How far one dialogue clip may be moved against the others, in dB: a whisper stays quieter than a shout. */
export const maxClipLevelDb = 9;
/** Music without speech stands this far under dialogue, in LU. */
export const musicAloneUnderDialogueLu = 4;
/** Effects may rise this far over dialogue, short-term, in LU. */
export const effectsOverDialogueLu = 6;
/** Room kept between an effect's true peak and the programme's limit, in dB: the master limiter shall rest. */
const effectsPeakRoomDb = 2;
/** Nothing is raised further than this, in dB: the noise would come up with it. */
const maxRaiseDb = 24;
/** Less speech than this does not tell a clip's level, in seconds. */
const leastSpeechSeconds = 0.4;

export type ClipBalance = {
  readonly document: MixDocument;
  readonly decisions: readonly Decision[];
};

type Heard = {
  readonly track: Track;
  readonly clip: Clip;
  readonly analysis: ClipAnalysis;
  /** What the editor's gain, volume, keys and fader add, in dB. */
  readonly levelDb: number;
  readonly seconds: number;
};

const roundDb = (db: number) => Math.round(db * 100) / 100;
const signed = (db: number) => `${db >= 0 ? "+" : "-"}${Math.abs(db).toFixed(1)} dB`;
const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));

const editorLevelDb = (track: Track, clip: Clip): number =>
  clip.gainDb + (clip.automation.length > 0 ? meanLevelDb(clip.automation) : clip.volumeDb) + track.volumeDb;

const heardClips = (document: MixDocument, analyses: ReadonlyMap<string, ClipAnalysis>): Heard[] =>
  document.tracks
    .filter(({ muted }) => !muted)
    .flatMap((track) =>
      track.clips.flatMap((clip) => {
        const analysis = clip.enabled ? analyses.get(clip.id) : undefined;
        if (!analysis) return [];
        const seconds = Number(BigInt(clip.durationTicks)) / Number(TICKS_PER_SECOND);
        return [{ track, clip, analysis, levelDb: editorLevelDb(track, clip), seconds }];
      }),
    );

type Finding = Pick<Decision, "measured" | "threshold" | "unit" | "change">;

const decision = (rule: string, subject: string, { measured, threshold, unit, change }: Finding): Decision => {
  return { id: stableId("dec", rule, subject), rule, subject, measured, threshold, unit, change };
};

/** Speech loudness of a dialogue clip as the editor left it, in LUFS; null when it has too little speech to tell. */
const speechLevel = ({ analysis, levelDb, seconds }: Heard): number | null => {
  const { speechLufs, speechRatio } = analysis;
  return speechLufs === null || speechRatio * seconds < leastSpeechSeconds ? null : speechLufs + levelDb;
};

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

type Change = { readonly changeDb: number; readonly decision: Decision };

/** All dialogue on one speech loudness: the common step first, then each clip by at most 9 dB more. */
const levelDialogue = (clips: readonly Heard[], anchorLufs: number, commonDb: number): Map<string, Change> => {
  const changes = new Map<string, Change>();
  for (const heard of clips) {
    const level = speechLevel(heard);
    const wanted = level === null ? 0 : anchorLufs - commonDb - level;
    const own = clamp(wanted, maxClipLevelDb);
    const changeDb = roundDb(Math.min(commonDb + own, maxRaiseDb));
    const bound = Math.abs(wanted) > maxClipLevelDb ? ` (held at ${maxClipLevelDb} dB from the others)` : "";
    const why =
      level === null ? "too little speech to measure: it follows the other dialogue" : "one speech loudness for all";
    const note = { measured: level === null ? null : roundDb(level), threshold: anchorLufs, unit: "LUFS" };
    const change = `clip gain ${signed(changeDb)}${bound}: ${why}`;
    changes.set(heard.clip.id, { changeDb, decision: decision("dialogue-level", heard.clip.id, { ...note, change }) });
  }
  return changes;
};

/** Pieces of one medium on one track belong together (a cue cut in two): they move as one. */
const groupByMedium = (clips: readonly Heard[]): Heard[][] => {
  const groups = new Map<string, Heard[]>();
  for (const heard of clips) {
    const key = `${heard.track.id} ${heard.clip.media ?? heard.clip.id}`;
    groups.set(key, [...(groups.get(key) ?? []), heard]);
  }
  return [...groups.values()];
};

/** Loudness of a group as the editor left it, in LUFS, by power over time; null when it is silent. */
const groupLevel = (group: readonly Heard[]): number | null => {
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

const placeUnder = (
  clips: readonly Heard[],
  rule: string,
  thresholdLufs: number,
  why: string,
  commonDb: number,
): Map<string, Change> => {
  const changes = new Map<string, Change>();
  for (const group of groupByMedium(clips)) {
    const level = groupLevel(group);
    const changeDb = roundDb(level === null ? commonDb : Math.min(thresholdLufs - level, maxRaiseDb));
    for (const { clip } of group) {
      const note = {
        measured: level === null ? null : roundDb(level),
        threshold: roundDb(thresholdLufs),
        unit: "LUFS",
      };
      const change = level === null ? "silent: left as it is" : `clip gain ${signed(changeDb)}: ${why}`;
      changes.set(clip.id, { changeDb, decision: decision(rule, clip.id, { ...note, change }) });
    }
  }
  return changes;
};

/** Short-term loudness of a short sound: its momentary maximum, spread over the 3 s of the meter. */
const shortTermMaximum = ({ analysis, levelDb, seconds }: Heard): number | null => {
  const { maxShortTermLufs, maxMomentaryLufs } = analysis.measures;
  if (maxShortTermLufs !== null && seconds >= 3) return maxShortTermLufs + levelDb;
  if (maxMomentaryLufs === null) return null;
  return maxMomentaryLufs + levelDb + 10 * Math.log10(Math.min(Math.max(seconds, 0.4), 3) / 3);
};

/** Effects keep the editor's balance against dialogue, but neither drown it nor drive the master limiter. */
const holdEffects = (
  clips: readonly Heard[],
  anchorLufs: number,
  truePeakDbtp: number,
  commonDb: number,
): Map<string, Change> => {
  const changes = new Map<string, Change>();
  for (const heard of clips) {
    const loudest = shortTermMaximum(heard);
    const peak = heard.analysis.measures.truePeakDbtp;
    const byLoudness = loudest === null ? Number.POSITIVE_INFINITY : anchorLufs + effectsOverDialogueLu - loudest;
    const byPeak = peak === null ? Number.POSITIVE_INFINITY : truePeakDbtp - effectsPeakRoomDb - (peak + heard.levelDb);
    const changeDb = roundDb(Math.min(commonDb, byLoudness, byPeak, maxRaiseDb));
    const held = changeDb < roundDb(commonDb);
    const byPeakFirst = held && byPeak < byLoudness;
    const note = byPeakFirst
      ? { measured: roundDb(peak! + heard.levelDb), threshold: truePeakDbtp - effectsPeakRoomDb, unit: "dBTP" }
      : {
          measured: loudest === null ? null : roundDb(loudest),
          threshold: anchorLufs + effectsOverDialogueLu,
          unit: "LUFS",
        };
    const why = held
      ? `held, because it would be ${byPeakFirst ? "too near the true-peak limit" : `more than ${effectsOverDialogueLu} LU over dialogue`}`
      : "moves with the dialogue, so the editor's balance stays";
    const change = `clip gain ${signed(changeDb)}: ${why}`;
    changes.set(heard.clip.id, { changeDb, decision: decision("effects-level", heard.clip.id, { ...note, change }) });
  }
  return changes;
};

const applyChanges = (document: MixDocument, changes: ReadonlyMap<string, Change>): MixDocument => ({
  ...document,
  tracks: document.tracks.map((track) => ({
    ...track,
    clips: track.clips.map((clip) => {
      const change = changes.get(clip.id);
      return change ? { ...clip, gainDb: roundDb(clip.gainDb + change.changeDb) } : clip;
    }),
  })),
});

/**
 * Sets the static gain of every clip so that dialogue stands at `anchorLufs`, music and ambience under it and effects not far over
 * it; the editor's own volume and keyframes stay, relative. dsp facts 5.2 and 7.4 (Torcoli et al., JAES 67(12), 2019).
 */
export const balanceClips = (
  document: MixDocument,
  analyses: ReadonlyMap<string, ClipAnalysis>,
  anchorLufs: number,
  truePeakDbtp: number,
): ClipBalance => {
  const heard = heardClips(document, analyses);
  const of = (role: Role) => heard.filter(({ track, clip }) => (clip.role ?? track.role) === role);
  const dialogue = of("dialogue");
  const levels = dialogue.flatMap((clip) => {
    const value = speechLevel(clip);
    return value === null ? [] : [{ value, weight: clip.analysis.speechRatio * clip.seconds }];
  });
  const median = weightedMedian(levels);
  const commonDb = median === null ? 0 : anchorLufs - median;
  const musicLufs = anchorLufs - musicAloneUnderDialogueLu;
  const ambienceLufs = anchorLufs - ambienceUnderSpeechLu - duckMarginLu;
  const changes = new Map([
    ...levelDialogue(dialogue, anchorLufs, commonDb),
    ...placeUnder(
      of("music"),
      "music-level",
      musicLufs,
      `music alone ${musicAloneUnderDialogueLu} LU under dialogue`,
      commonDb,
    ),
    ...placeUnder(
      of("ambience"),
      "ambience-level",
      ambienceLufs,
      `ambience ${ambienceUnderSpeechLu} LU and more under speech`,
      commonDb,
    ),
    ...holdEffects(of("effects"), anchorLufs, truePeakDbtp, commonDb),
  ]);
  const decisions = heard.flatMap(({ clip }) => changes.get(clip.id)?.decision ?? []);
  return { document: applyChanges(document, changes), decisions };
};
