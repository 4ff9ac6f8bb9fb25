import type { ClipAnalysis } from "../../engine/measures.ts";
import type { Decision, MixDocument, Role } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { ambienceUnderSpeechLu, duckMarginLu } from "./document-frame.ts";
import {
  groupBy,
  groupLevel,
  type Heard,
  heardClips,
  middleSpeechLevel,
  shortTermMaximum,
  speechLevel,
} from "./heard-clips.ts";

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
export type ClipBalance = {
  readonly document: MixDocument;
  readonly decisions: readonly Decision[];
};

const roundDb = (db: number) => Math.round(db * 100) / 100;
const signed = (db: number) => `${db >= 0 ? "+" : "-"}${Math.abs(db).toFixed(1)} dB`;

type Finding = Pick<Decision, "measured" | "threshold" | "unit" | "change">;

const decision = (rule: string, subject: string, { measured, threshold, unit, change }: Finding): Decision => {
  return { id: stableId("dec", rule, subject), rule, subject, measured, threshold, unit, change };
};

type Change = { readonly changeDb: number; readonly decision: Decision };

const levelClip = (heard: Heard, anchorLufs: number, sourceDb: number): Change => {
  const level = speechLevel(heard);
  const wanted = level === null ? 0 : anchorLufs - sourceDb - level;
  const own = Math.min(maxClipLevelDb, Math.max(-maxClipLevelDb, wanted));
  const changeDb = roundDb(Math.min(sourceDb + own, maxRaiseDb));
  const bound =
    Math.abs(wanted) > maxClipLevelDb ? ` (held at ${maxClipLevelDb} dB from the rest of its recording)` : "";
  const why =
    level === null
      ? "too little speech to measure: it follows the rest of its recording"
      : "one speech loudness for all";
  const change = `clip gain ${signed(changeDb)}${bound}: ${why}`;
  const measured = level === null ? null : roundDb(level);
  const finding = { measured, threshold: anchorLufs, unit: "LUFS", change };
  return { changeDb, decision: decision("dialogue-level", heard.clip.id, finding) };
};

/** All dialogue on one speech loudness: each recording by its middle, then each of its clips by at most 9 dB more. */
const levelDialogue = (clips: readonly Heard[], anchorLufs: number, commonDb: number): Map<string, Change> => {
  const changes = new Map<string, Change>();
  for (const recording of groupBy(clips, ({ clip }) => clip.media ?? clip.id)) {
    const middle = middleSpeechLevel(recording);
    const sourceDb = middle === null ? commonDb : anchorLufs - middle;
    for (const heard of recording) changes.set(heard.clip.id, levelClip(heard, anchorLufs, sourceDb));
  }
  return changes;
};

/** Pieces of one medium on one track belong together (a cue cut in two): they move as one. */
const groupByMedium = (clips: readonly Heard[]): Heard[][] =>
  groupBy(clips, ({ track, clip }) => `${track.id} ${clip.media ?? clip.id}`);

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
  const median = middleSpeechLevel(dialogue);
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
