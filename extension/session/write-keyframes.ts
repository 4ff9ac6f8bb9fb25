import type { GainSample } from "../../engine/engine.ts";
import { documentHash } from "../../schema/canonical.ts";
import type { Automation, Decision, MixDocument } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { decide } from "./decide.ts";
import { documentMedia } from "./document-media.ts";
import { cutCurve, type GainPoint, gainAt, layGain } from "./gain-lane.ts";
import { type KeyframeTarget, keyframeTargets } from "./keyframe-targets.ts";
import { openLayered } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import {
  changeInsert,
  findInsert,
  type InsertPlace,
  type InsertRequest,
  insertAt,
  probeInsert,
} from "./probe-insert.ts";
import { settle, take } from "./settle.ts";
import { writeChanged } from "./write-document.ts";

export type KeyframesReport = {
  readonly ok: true;
  readonly exitCode: 0;
  readonly file: string;
  readonly hash: string;
  readonly insert: string;
  /** Clips and tracks that got keyframes, with how many. */
  readonly written: readonly { readonly id: string; readonly points: number }[];
  /** Deepest and highest gain of the insert, and how far the keyframes are from it at most, in dB. */
  readonly leastDb: number;
  readonly mostDb: number;
  readonly errorDb: number;
  readonly warnings: readonly string[];
};

type Ports = Pick<SessionPorts, "host" | "files" | "engine" | "onProgress" | "signal">;

/** Keyframes stay within 0.25 dB of the gain: what is left goes to their rounding and to what lies between two samples. */
const toleranceDb = 0.2;
const roundDb = (db: number) => Math.round(db * 100) / 100;
/** What is nothing but one gain at a time. */
const ridden: readonly string[] = ["leveler", "ducker"];

const requireRider = (place: InsertPlace): void => {
  const { id, enabled } = insertAt(place);
  const type = place.on === "ducker" ? "ducker" : String(insertAt(place)["type"]);
  if (!ridden.includes(type)) {
    const message = `Insert ${id} is of the type ${type}, whose work keyframes of the volume cannot do; ${ridden.join(" and ")} can be written.`;
    throw new ProblemError({ code: "usage", message, allowed: ridden });
  }
  if (enabled) return;
  const message = `${id} is off and has nothing to write; switch it on first.`;
  throw new ProblemError({ code: "usage", message });
};

/** One place's work: the gain it was heard to make, and who takes it over. */
type Ride = { readonly curve: readonly GainPoint[]; readonly targets: readonly KeyframeTarget[] };

const toPoints = (samples: readonly GainSample[], sampleRate: number): GainPoint[] =>
  samples.map(({ frame, gainDb }) => ({ ticks: Number(framesToTicks(frame, sampleRate)), gainDb }));

const laneOf = (document: MixDocument, curve: readonly GainPoint[], target: KeyframeTarget): Automation => {
  if (target.on === "track") {
    const { automation, volumeDb } = target.track;
    const length = Number(document.sequence.durationTicks);
    return layGain(curve, automation, volumeDb, length, "sequence", toleranceDb);
  }
  const { automation, volumeDb, startTicks, durationTicks } = target.clip;
  const [start, length] = [Number(startTicks), Number(durationTicks)];
  const own = cutCurve(curve, start, start + length);
  return layGain(own, automation, volumeDb, length, "clip", toleranceDb);
};

type Lanes = ReadonlyMap<string, Automation>;

const withLane = <T extends { readonly id: string; readonly automation: Automation[] }>(owner: T, lanes: Lanes): T => {
  const lane = lanes.get(owner.id);
  return lane ? { ...owner, automation: [lane] } : owner;
};

const withLanes = (document: MixDocument, lanes: Lanes): MixDocument => ({
  ...document,
  tracks: document.tracks.map((track) => ({
    ...withLane(track, lanes),
    clips: track.clips.map((clip) => withLane(clip, lanes)),
  })),
});

/** Largest distance of a simplified curve from its samples. */
const errorOf = ({ curve }: Ride): number => {
  const lane = layGain(curve, [], 0, curve.at(-1)!.ticks, "sequence", toleranceDb);
  const drawn = lane.points.map(([ticks, gainDb]) => ({ ticks: Number(ticks), gainDb }));
  return curve.reduce((most, { ticks, gainDb }) => Math.max(most, Math.abs(gainAt(drawn, ticks) - gainDb)), 0);
};

const explain = (id: string, subject: string, points: number, leastDb: number): Decision => ({
  id: stableId("dec", "ride-as-keyframes", id, subject),
  rule: "ride-as-keyframes",
  subject,
  measured: leastDb,
  threshold: null,
  unit: "dB",
  change: `${points} volume keyframes do what ${id} did, which is off now; its deepest gain was ${leastDb} dB`,
});

const rideOf = async (
  ports: Ports,
  document: MixDocument,
  place: InsertPlace,
  { documentFile, mediaFolders }: InsertRequest,
  warnings: Problem[],
): Promise<Ride> => {
  const { engine, onProgress, signal } = ports;
  const targets = keyframeTargets(document, place);
  const probe = probeInsert(document, place);
  const media = take(await documentMedia(ports, probe, documentFile, mediaFolders), warnings);
  const options = { ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) };
  const samples = take(await engine.gainCurve(probe, media, options), warnings);
  return { targets, curve: toPoints(samples, document.sequence.sampleRate) };
};

const requireSound = (rides: readonly Ride[], id: string): readonly Ride[] => {
  const heard = rides.filter(({ curve }) => curve.length > 0);
  if (heard.length > 0) return heard;
  const message = `Nothing sounds at ${id}, so there is no gain to write.`;
  throw new ProblemError({ code: "meaning", message });
};

/**
 * Writes what a leveler or a ducking rule does as keyframes of the clips' or tracks' volume, on top of what stands there, and switches
 * it off: the document sounds as before within 0.25 dB.
 */
export const writeKeyframes = (ports: Ports, request: InsertRequest): Promise<Result<KeyframesReport>> =>
  settle(async () => {
    const { documentFile, insertId } = request;
    const warnings: Problem[] = [];
    const opened = take(await openLayered(ports.files, documentFile), warnings);
    const { document } = opened;
    const places = findInsert(document, insertId);
    places.forEach(requireRider);
    const found: Ride[] = [];
    for (const place of places) found.push(await rideOf(ports, document, place, request, warnings));
    const rides = requireSound(found, insertId);
    const lanes = new Map<string, Automation>();
    for (const { curve, targets } of rides)
      for (const target of targets)
        lanes.set(target.on === "clip" ? target.clip.id : target.track.id, laneOf(document, curve, target));
    const gains = rides.flatMap(({ curve }) => curve.map(({ gainDb }) => gainDb));
    const leastDb = roundDb(gains.reduce((least, gainDb) => Math.min(least, gainDb), Number.POSITIVE_INFINITY));
    const mostDb = roundDb(gains.reduce((most, gainDb) => Math.max(most, gainDb), Number.NEGATIVE_INFINITY));
    const written = [...lanes].map(([id, { points }]) => ({ id, points: points.length }));
    const changed = written.reduce(
      (one, { id, points }) => decide(one, explain(insertId, id, points, leastDb)),
      changeInsert(withLanes(document, lanes), insertId, { enabled: false }),
    );
    await writeChanged(ports.files, opened, changed);
    return ok({
      ok: true,
      exitCode: 0,
      file: documentFile,
      hash: documentHash(changed),
      insert: insertId,
      written,
      leastDb,
      mostDb,
      errorDb: roundDb(Math.max(...rides.map(errorOf))),
      warnings: [...new Set(warnings.map(({ message }) => message))],
    });
  });
