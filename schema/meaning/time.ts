import type { Clip, Crossfade, Fade, MixDocument, Ticks } from "../generated/mix-document.ts";
import type { Problem } from "../problem.ts";
import { inSeconds, type PlacedOn, type Places, wrong } from "./places.ts";

type PlacedClip = PlacedOn<Clip>;

/** After so many overlaps on one track the rest is not counted: comparing all with all would take for ever. */
const COUNTED_OVERLAPS = 1000;

const compareTicks = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

const endOf = (item: Clip | Crossfade): bigint => BigInt(item.startTicks) + BigInt(item.durationTicks);

/** A time before the start. */
export const negative = (pointer: string, ticks: string): readonly Problem[] =>
  BigInt(ticks) < 0n ? [wrong(pointer, `${pointer} is ${ticks} ticks; it must not be negative.`)] : [];

/** A length of nothing. */
export const empty = (pointer: string, ticks: string): readonly Problem[] =>
  BigInt(ticks) <= 0n ? [wrong(pointer, `${pointer} is ${ticks} ticks; it must be more than 0.`)] : [];

/** A fade that is longer than what it fades, `what` for people. */
export const fadeProblems = (
  pointer: string,
  fade: Fade | null,
  what: string,
  durationTicks: Ticks,
): readonly Problem[] => {
  if (fade === null) return [];
  const length = `${pointer}/durationTicks`;
  const tooLong = BigInt(fade.durationTicks) > BigInt(durationTicks);
  return tooLong
    ? [
        wrong(
          length,
          `The fade of ${what} lasts ${inSeconds(fade.durationTicks)}, longer than the whole (${inSeconds(durationTicks)}).`,
        ),
      ]
    : negative(length, fade.durationTicks);
};

const clipTimes = ({ item, pointer }: PlacedClip): readonly Problem[] => [
  ...negative(`${pointer}/startTicks`, item.startTicks),
  ...empty(`${pointer}/durationTicks`, item.durationTicks),
  ...negative(`${pointer}/sourceInTicks`, item.sourceInTicks),
  ...fadeProblems(`${pointer}/fadeIn`, item.fadeIn, `clip ${item.id}`, item.durationTicks),
  ...fadeProblems(`${pointer}/fadeOut`, item.fadeOut, `clip ${item.id}`, item.durationTicks),
];

const pairKey = (a: string, b: string) => [a, b].sort().join(" ");

/** What both clips play at the same time must lie in a cross-fade of the two. */
const overlap = (first: PlacedClip, second: PlacedClip, fades: ReadonlyMap<string, Crossfade>): Problem | undefined => {
  const start = BigInt(second.item.startTicks);
  const [end] = [endOf(first.item), endOf(second.item)].sort(compareTicks) as [bigint, bigint];
  const fade = fades.get(pairKey(first.item.id, second.item.id));
  if (fade !== undefined && BigInt(fade.startTicks) <= start && endOf(fade) >= end) return undefined;
  const cure = fade === undefined ? "Move one, or add a cross-fade." : `The cross-fade ${fade.id} does not cover that.`;
  return wrong(
    second.pointer,
    `Clips ${first.item.id} and ${second.item.id} on track ${second.node} overlap from ${inSeconds(start)} to ${inSeconds(end)}. ${cure}`,
    { subjects: [first.item.id, second.item.id] },
  );
};

const trackOverlaps = (clips: readonly PlacedClip[], fades: ReadonlyMap<string, Crossfade>): readonly Problem[] => {
  const inOrder = [...clips].sort((a, b) => compareTicks(BigInt(a.item.startTicks), BigInt(b.item.startTicks)));
  const problems: Problem[] = [];
  let sounding: PlacedClip[] = [];
  for (const clip of inOrder) {
    sounding = sounding.filter(({ item }) => endOf(item) > BigInt(clip.item.startTicks));
    for (const other of sounding) {
      const problem = overlap(other, clip, fades);
      if (problem !== undefined) problems.push(problem);
    }
    if (problems.length >= COUNTED_OVERLAPS) break;
    sounding.push(clip);
  }
  return problems;
};

const crossfadeProblems = (
  fade: Crossfade,
  index: number,
  clips: ReadonlyMap<string, PlacedClip>,
): readonly Problem[] => {
  const pointer = `/crossfades/${index}`;
  const from = clips.get(fade.from);
  const to = clips.get(fade.to);
  if (from === undefined || to === undefined) return [];
  if (from === to || from.node !== to.node) {
    return [
      wrong(
        `${pointer}/to`,
        `Cross-fade ${fade.id} joins ${fade.from} and ${fade.to}; it needs two clips of one track.`,
        { subjects: [fade.from, fade.to] },
      ),
    ];
  }
  const start = BigInt(fade.startTicks);
  const outside = [from, to].find(({ item }) => BigInt(item.startTicks) > start || endOf(item) < endOf(fade));
  const length = empty(`${pointer}/durationTicks`, fade.durationTicks);
  if (outside === undefined || length.length > 0) return length;
  return [
    wrong(
      pointer,
      `Cross-fade ${fade.id} lasts from ${inSeconds(start)} to ${inSeconds(endOf(fade))}, but clip ${outside.item.id} sounds from ${inSeconds(outside.item.startTicks)} to ${inSeconds(endOf(outside.item))}: both clips must sound over the whole span.`,
      { subjects: [fade.from, fade.to] },
    ),
  ];
};

const pointOrder = ({ automations }: Places): readonly Problem[] =>
  automations.flatMap(({ item, pointer }) =>
    item.flatMap(({ points, param }, index) => {
      const place = `${pointer}/${index}`;
      if (item.findIndex((other) => other.param === param) !== index) {
        return [wrong(place, `${place} is a second automation of ${param}; there is at most one.`)];
      }
      const at = points.findIndex(([ticks], point) => point > 0 && BigInt(ticks) < BigInt(points[point - 1]![0]));
      return at < 0
        ? []
        : [
            wrong(
              `${place}/points/${at}`,
              `${place}/points/${at} comes before the point in front of it; points stand in time order.`,
            ),
          ];
    }),
  );

/** Lengths that cannot be, clips that overlap without a cross-fade, cross-fades without their clips, points out of order. */
export const checkTime = (document: MixDocument, places: Places): readonly Problem[] => {
  const { clips } = places;
  const byId = new Map(clips.map((clip) => [clip.item.id, clip]));
  const fades = new Map(document.crossfades.map((fade) => [pairKey(fade.from, fade.to), fade]));
  const byTrack = new Map<string, PlacedClip[]>();
  for (const clip of clips) {
    const own = byTrack.get(clip.node);
    if (own === undefined) byTrack.set(clip.node, [clip]);
    else own.push(clip);
  }
  return [
    ...negative("/sequence/durationTicks", document.sequence.durationTicks),
    ...clips.flatMap(clipTimes),
    ...document.crossfades.flatMap((fade, index) => crossfadeProblems(fade, index, byId)),
    ...[...byTrack.values()].flatMap((own) => trackOverlaps(own, fades)),
    ...pointOrder(places),
  ];
};
