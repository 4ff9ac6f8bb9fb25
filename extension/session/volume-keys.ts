import type { AutomationPoint } from "../../schema/generated/mix-document.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";

/** Level that stands for "off", in dB. */
const OFF_DB = -120;
/** How far straight moves in gain may stray from what the document says. */
const toleranceDb = 0.1;
/** Moves that are shorter are not divided further. */
const shortestTicks = TICKS_PER_SECOND / 100n;

/** A lane of the document at an origin on the sequence. */
export type LevelLane = { readonly origin: bigint; readonly points: readonly AutomationPoint[] };

/** A level at a time of the sequence; hosts move straight in linear gain from one to the next, two at one time are a step. */
export type LevelKey = { readonly ticks: bigint; readonly levelDb: number };

const toGain = (db: number): number => (db <= OFF_DB ? 0 : 10 ** (db / 20));
const toDb = (gain: number): number => (gain <= 1e-6 ? OFF_DB : 20 * Math.log10(gain));
const roundDb = (db: number): number => Math.max(OFF_DB, Math.round(db * 1e4) / 1e4);

/** Number of points that lie before `at` (or at it, where `withEqual`). */
const countBefore = (points: readonly AutomationPoint[], at: bigint, withEqual: boolean): number => {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const ticks = BigInt(points[middle]![0]);
    if (ticks < at || (withEqual && ticks === at)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Level of a lane at a time, coming from before it or going on behind it; the two differ only at a step. */
const levelAt = ({ origin, points }: LevelLane, ticks: bigint, side: "before" | "behind"): number => {
  const at = ticks - origin;
  const next = countBefore(points, at, side === "behind");
  const from = points[next - 1];
  const to = points[next];
  if (from === undefined || to === undefined) return (from ?? to)![1];
  const span = Number(BigInt(to[0]) - BigInt(from[0]));
  const share = Number(at - BigInt(from[0])) / span;
  if (from[2] === "hold") return from[1];
  if (from[2] === "linear") return from[1] + (to[1] - from[1]) * share;
  return share === 0 ? from[1] : share === 1 ? to[1] : toDb(toGain(from[1]) * (1 - share) + toGain(to[1]) * share);
};

const sumAt = (lanes: readonly LevelLane[], ticks: bigint, side: "before" | "behind"): number => {
  const levels = lanes.map((lane) => levelAt(lane, ticks, side));
  return levels.some((db) => db <= OFF_DB) ? OFF_DB : roundDb(levels.reduce((sum, db) => sum + db, 0));
};

/** Times strictly inside a span at which one of the lanes has a point, in order, each once. */
const timesInside = (lanes: readonly LevelLane[], from: bigint, to: bigint): bigint[] => {
  const times = lanes.flatMap(({ origin, points }) =>
    points
      .slice(countBefore(points, from - origin, true), countBefore(points, to - origin, false))
      .map(([ticks]) => origin + BigInt(ticks)),
  );
  return [...new Set(times)].sort((a, b) => (a < b ? -1 : Number(a > b)));
};

/** Divides a move until straight lines in gain follow it. */
const divide = (lanes: readonly LevelLane[], from: LevelKey, to: LevelKey): LevelKey[] => {
  const ticks = (from.ticks + to.ticks) / 2n;
  if (to.ticks - from.ticks < 2n * shortestTicks) return [];
  const levelDb = sumAt(lanes, ticks, "behind");
  const straightDb = toDb((toGain(from.levelDb) + toGain(to.levelDb)) / 2);
  if (Math.abs(levelDb - straightDb) <= toleranceDb) return [];
  const middle = { ticks, levelDb };
  return [...divide(lanes, from, middle), middle, ...divide(lanes, middle, to)];
};

/**
 * The sum of lanes over a span as keys that a host moves through straight in linear gain, within 0.1 dB; the first key stands at
 * the start, the last at the end. Lanes without points are left out; none at all gives no keys.
 */
export const volumeKeys = (given: readonly LevelLane[], from: bigint, to: bigint): LevelKey[] => {
  const lanes = given.filter(({ points }) => points.length > 0);
  if (lanes.length === 0) return [];
  const keys: LevelKey[] = [{ ticks: from, levelDb: sumAt(lanes, from, "behind") }];
  for (const ticks of [...timesInside(lanes, from, to), to]) {
    const arrived = { ticks, levelDb: sumAt(lanes, ticks, "before") };
    keys.push(...divide(lanes, keys.at(-1)!, arrived), arrived);
    const levelDb = ticks === to ? arrived.levelDb : sumAt(lanes, ticks, "behind");
    if (levelDb !== arrived.levelDb) keys.push({ ticks, levelDb });
  }
  return keys;
};
