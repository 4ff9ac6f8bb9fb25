import { isSame } from "../../../schema/diff/same.ts";
import type { Automation, AutomationPoint, Clip, Fade, Processor } from "../../../schema/generated/mix-document.ts";
import type { Dropped } from "./conform-report.ts";
import { type CutItem, compare, originOf } from "./cut-item.ts";

/** What a clip of the new cut is made of: clips of the mix in the order of their material, more than one where a cut was taken out. */
export type Parts = readonly [CutItem, ...CutItem[]];

export type CarriedClip = {
  readonly clip: Clip;
  readonly carried: readonly string[];
  readonly dropped: readonly Dropped[];
  readonly overruled: readonly string[];
};

const sameRange = (a: CutItem, b: CutItem): boolean => a.sourceIn === b.sourceIn && a.sourceOut === b.sourceOut;

/** The points of a lane that lie under one part, at the places that they have in the new clip; the outer parts bring what lies beyond. */
const pointsOf = (part: CutItem, now: CutItem, parts: Parts, lane: Automation): AutomationPoint[] => {
  const isFirst = part === parts[0];
  const isLast = part === parts.at(-1);
  const length = part.end - part.start;
  const shift = lane.timebase === "clip" ? part.sourceIn - now.sourceIn : originOf(now) - originOf(part);
  return lane.points
    .filter(([ticks]) => {
      const at = BigInt(ticks);
      return (isFirst || at >= 0n) && (isLast || at < length);
    })
    .map(([ticks, value, curve]): AutomationPoint => [String(BigInt(ticks) + shift), value, curve]);
};

/** The stretch of a lane that a clip needs: what lies in it, and the next point on each side, so that no curve bends. */
const neededOf = (points: readonly AutomationPoint[], from: bigint, to: bigint): readonly AutomationPoint[] => {
  const before = points.filter(([ticks]) => BigInt(ticks) <= from).length;
  const upTo = points.findIndex(([ticks]) => BigInt(ticks) >= to);
  return points.slice(Math.max(0, before - 1), upTo < 0 ? points.length : upTo + 1);
};

const carryLane = (lane: Automation, now: CutItem, parts: Parts): { lane: Automation; cut: AutomationPoint[] } => {
  const points = parts
    .flatMap((part) =>
      part.clip.automation
        .filter(({ param, timebase }) => param === lane.param && timebase === lane.timebase)
        .flatMap((own) => pointsOf(part, now, parts, own)),
    )
    .sort(([a], [b]) => compare(BigInt(a), BigInt(b)));
  if (parts.length === 1 && sameRange(parts[0], now)) return { lane: { ...lane, points }, cut: [] };
  const start = lane.timebase === "clip" ? 0n : now.start;
  const kept = neededOf(points, start, start + now.end - now.start);
  return { lane: { ...lane, points: [...kept] }, cut: points.filter((point) => !kept.includes(point)) };
};

const fits = (fade: Fade | null, now: CutItem): boolean =>
  fade === null || BigInt(fade.durationTicks) <= now.end - now.start;

type Edge = "fadeIn" | "fadeOut";
const edgeWords: Readonly<Record<Edge, string>> = { fadeIn: "fade in", fadeOut: "fade out" };

/** The mix's fade where the edge is the same in the material; else the cut's. */
const carryFade = (edge: Edge, now: CutItem, part: CutItem) => {
  const own = part.clip[edge];
  const isSameEdge = edge === "fadeIn" ? part.sourceIn === now.sourceIn : part.sourceOut === now.sourceOut;
  const isKept = isSameEdge && own !== null && fits(own, now);
  return {
    fade: isKept ? own : now.clip[edge],
    carried: isKept ? [edgeWords[edge]] : [],
    dropped: own !== null && !isKept ? [{ what: edgeWords[edge], value: own }] : [],
    overruled: isKept && !isSame(own, now.clip[edge]) ? [edgeWords[edge]] : [],
  };
};

const count = (many: number, what: string): string[] => (many === 0 ? [] : [`${many} ${what}${many === 1 ? "" : "s"}`]);

const wordsFor = ({ clip, role, track }: CutItem): string[] => [
  "gain and volume",
  ...count(clip.processors.length, "insert"),
  ...count(clip.automation.length, "automation"),
  ...(clip.note === undefined ? [] : ["note"]),
  ...(clip["extensions"] === undefined ? [] : ["extensions"]),
  ...(clip["extras"] === undefined ? [] : ["extras"]),
  ...(role === track.role ? [] : ["role"]),
];

/**
 * A clip of the new cut with the mix's sound: where it lies, its name and its anchor come from the cut; gain, volume, channels, inserts,
 * automation, role, notes and all unknown keys from the mix. Automation moves with the material.
 */
export const carryClip = (
  now: CutItem,
  parts: Parts,
  main: CutItem,
  ids: { readonly clip: string; readonly processors: readonly Processor[] },
): CarriedClip => {
  const [head, tail] = [parts[0], parts.at(-1)!];
  const fadeIn = carryFade("fadeIn", now, head);
  const fadeOut = carryFade("fadeOut", now, tail);
  const lanes = main.clip.automation.map((lane) => carryLane(lane, now, parts));
  const cut = lanes.flatMap((lane) => lane.cut);
  const { name, startTicks, durationTicks, sourceInTicks, speed, reversed } = now.clip;
  const { host: oldHost, ...sound } = main.clip;
  // An anchor belongs to one item of the host: only the clip that goes on being its clip may keep it.
  const host = now.clip.host ?? (ids.clip === main.clip.id ? oldHost : undefined);
  const clip: Clip = {
    ...sound,
    id: ids.clip,
    name,
    enabled: main.clip.enabled && now.clip.enabled,
    startTicks,
    durationTicks,
    sourceInTicks,
    speed,
    reversed,
    fadeIn: fadeIn.fade,
    fadeOut: fadeOut.fade,
    processors: [...ids.processors],
    automation: lanes.map(({ lane }) => lane),
    ...(host === undefined ? {} : { host }),
  };
  const isSilenced = !main.clip.enabled && now.clip.enabled;
  return {
    clip,
    carried: [...wordsFor(main), ...fadeIn.carried, ...fadeOut.carried],
    dropped: [
      ...fadeIn.dropped,
      ...fadeOut.dropped,
      ...(cut.length > 0 ? [{ what: "automation points beyond its edges", value: cut }] : []),
    ],
    overruled: [
      ...fadeIn.overruled,
      ...fadeOut.overruled,
      ...(isSilenced ? ["enabled"] : []),
      ...(isSame(main.clip.channels, now.clip.channels) ? [] : ["channels"]),
    ],
  };
};
