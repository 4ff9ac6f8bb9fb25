import type { Automation, AutomationPoint } from "../../schema/generated/mix-document.ts";

/** A gain in dB at a time in ticks. */
export type GainPoint = { readonly ticks: number; readonly gainDb: number };

/** "Off" for a level. */
const OFF_DB = -120;
const MOST_DB = 96;
const roundDb = (db: number) => Math.round(db * 100) / 100;

const between = (a: GainPoint, b: GainPoint, ticks: number): number =>
  a.gainDb + ((b.gainDb - a.gainDb) * (ticks - a.ticks)) / (b.ticks - a.ticks);

/** How many points do not come after a time. */
const countUntil = (curve: readonly GainPoint[], ticks: number): number => {
  let [low, high] = [0, curve.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[middle]!.ticks <= ticks) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The gain at a time; the first and last hold outside their points. */
export const gainAt = (curve: readonly GainPoint[], ticks: number): number => {
  const count = countUntil(curve, ticks);
  const [before, after] = [curve[count - 1], curve[count]];
  if (!before || !after) return (before ?? after)?.gainDb ?? 0;
  return between(before, after, ticks);
};

/**
 * The fewest points of a curve between which straight lines stay within `toleranceDb` of it, found from the whole to its parts; the
 * ends stay. Ramer, Computer Graphics and Image Processing 1(3), 1972; Douglas and Peucker, Cartographica 10(2), 1973.
 */
export const simplifyCurve = (curve: readonly GainPoint[], toleranceDb: number): GainPoint[] => {
  const kept = new Set([0, curve.length - 1]);
  const open: (readonly [number, number])[] = [[0, curve.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span;
    let [farthest, most] = [first, toleranceDb];
    for (let i = first + 1; i < last; i += 1) {
      const away = Math.abs(curve[i]!.gainDb - between(curve[first]!, curve[last]!, curve[i]!.ticks));
      if (away > most) [farthest, most] = [i, away];
    }
    if (farthest === first) continue;
    kept.add(farthest);
    open.push([first, farthest], [farthest, last]);
  }
  return curve.filter((_, index) => kept.has(index));
};

/** A stretch between two neighbouring points of a lane. */
type Stretch = { readonly from: number; readonly to: number; readonly levelDb: (ticks: number) => number };

const lanePoint = (point: AutomationPoint) => ({ ticks: Number(point[0]), gainDb: point[1], curve: point[2] });

const rampDb = (a: ReturnType<typeof lanePoint>, b: ReturnType<typeof lanePoint>) => (ticks: number) => {
  if (a.curve === "hold") return a.gainDb;
  if (a.curve === "linear") return between(a, b, ticks);
  const linear = (db: number) => (db <= OFF_DB ? 0 : 10 ** (db / 20));
  const way = (ticks - a.ticks) / (b.ticks - a.ticks);
  return Math.max(OFF_DB, 20 * Math.log10(linear(a.gainDb) * (1 - way) + linear(b.gainDb) * way));
};

/** The level of an owner of `lengthTicks` ticks as it stands, stretch by stretch. */
const stretchesOf = (lane: Automation | undefined, volumeDb: number, lengthTicks: number): Stretch[] => {
  const points = (lane?.points ?? []).map(lanePoint);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [{ from: 0, to: lengthTicks, levelDb: () => volumeDb }];
  return [
    { from: 0, to: first.ticks, levelDb: () => first.gainDb },
    ...points.slice(1).map((point, i) => ({
      from: points[i]!.ticks,
      to: point.ticks,
      levelDb: rampDb(points[i]!, point),
    })),
    { from: last.ticks, to: lengthTicks, levelDb: () => last.gainDb },
  ].filter(({ from, to }) => to > from && to > 0 && from < lengthTicks);
};

/** The part of a curve that says something of [from, to), with times that count from `from`. */
export const cutCurve = (curve: readonly GainPoint[], from: number, to: number): GainPoint[] =>
  curve
    .slice(Math.max(0, countUntil(curve, from) - 1), countUntil(curve, to) + 1)
    .map(({ ticks, gainDb }) => ({ ticks: ticks - from, gainDb }));

/** What is off stays off. */
const sumDb = (levelDb: number, gainDb: number): number =>
  levelDb <= OFF_DB ? OFF_DB : Math.min(MOST_DB, Math.max(OFF_DB, levelDb + gainDb));

const sampleStretch = (curve: readonly GainPoint[], { from, to, levelDb }: Stretch): GainPoint[] =>
  [
    { ticks: from, gainDb: gainAt(curve, from) },
    ...curve.slice(countUntil(curve, from), countUntil(curve, to)).filter(({ ticks }) => ticks < to),
    { ticks: to, gainDb: gainAt(curve, to) },
  ].map(({ ticks, gainDb }) => ({ ticks, gainDb: sumDb(levelDb(ticks), gainDb) }));

const same = (a: GainPoint | undefined, b: GainPoint) =>
  a?.ticks === b.ticks && roundDb(a.gainDb) === roundDb(b.gainDb);

/**
 * The volume lane of a clip or track on which a gain is laid: the sum of what was there (keyframes, or else the static volume) and of
 * `curve`, within `toleranceDb` of it. Ticks count from where the lane's do.
 */
export const layGain = (
  curve: readonly GainPoint[],
  automation: readonly Automation[],
  volumeDb: number,
  lengthTicks: number,
  timebase: Automation["timebase"],
  toleranceDb: number,
): Automation => {
  const stretches = stretchesOf(
    automation.find(({ param }) => param === "volumeDb"),
    volumeDb,
    lengthTicks,
  );
  const points = stretches.flatMap((stretch) => simplifyCurve(sampleStretch(curve, stretch), toleranceDb));
  return {
    param: "volumeDb",
    timebase,
    points: points
      .filter((point, index) => !same(points[index - 1], point))
      .map(({ ticks, gainDb }): AutomationPoint => [String(Math.round(ticks)), roundDb(gainDb), "linear"]),
  };
};
